"""What the commands share: settings from words, the folder for results, writing into it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from headshot.errors import UserError


def overrides(pairs: Sequence[str]) -> dict[str, Any]:
    """KEY=VALUE words as a dict; the last of one key wins. Raises UserError."""
    settings: dict[str, Any] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key.strip():
            raise UserError(f"“{pair[:60]}” is not KEY=VALUE.", "Write it like --set light.strength=0.5")
        settings[key.strip()] = value.strip()
    return settings


def folder(path: Path) -> Path:
    """The folder for results, made if need be. Raises UserError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise UserError(f"The folder {path} cannot be made: {fault.strerror}.", "Choose another with --out.") from None
    return path


def write(path: Path, data: bytes) -> None:
    """Write a result. Raises UserError."""
    try:
        path.write_bytes(data)
    except OSError as fault:
        raise UserError(f"{path} cannot be written: {fault.strerror}.", "Choose another folder with --out.") from None
