"""Trust on first use: the hashes of downloaded files that have none in the table of weights, in `pins.json`."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from headshot.errors import UserError
from headshot.weights.registry import Weight


def applied(entry: Weight, folder: Path) -> Weight:
    """`entry` with the hashes that are pinned in `folder` in place of unknown ones. Raises UserError."""
    pins = _read(folder).get(entry.role, {})
    return replace(
        entry,
        files=tuple(
            replace(f, sha256=pins[f.path], pinned=True) if not f.sha256 and f.path in pins else f for f in entry.files
        ),
    )


def remember(role: str, hashes: Mapping[str, str], folder: Path) -> None:
    """Pin file → sha256 of `role` from now on."""
    from filelock import FileLock

    if not hashes:
        return
    with FileLock(folder / ".pins.lock"):
        pins = _read(folder)
        pins[role] = {**pins.get(role, {}), **hashes}
        fresh = folder / ".pins.json"
        fresh.write_text(json.dumps(pins, indent=1), encoding="utf-8")
        os.replace(fresh, folder / "pins.json")


def _read(folder: Path) -> dict[str, dict[str, str]]:
    place = folder / "pins.json"
    try:
        data = json.loads(place.read_text(encoding="utf-8"))
        return {str(role): {str(k): str(v) for k, v in files.items()} for role, files in data.items()}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, AttributeError) as error:  # not taken for "nothing is pinned"
        raise UserError(f"{place} cannot be read: {error}.", "Mend or delete it.") from None
