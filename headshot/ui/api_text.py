"""How a program's request becomes bytes and an answer text, and what it is told where something does not fit."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import gradio as gr

from headshot.errors import UserError
from headshot.photo import MAX_BYTES


class told:
    """Turns what the caller can mend into Gradio's own error, which reaches the client as one sentence."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, fault: BaseException | None, trace: Any) -> None:
        if isinstance(fault, UserError):
            raise gr.Error(str(fault), print_exception=False) from None


def photo_bytes(photo: str, agreed: bool) -> bytes:
    """The file that came as base64. Raises UserError where it did not, or where its use was not `agreed` to."""
    if not agreed:
        raise UserError("The photo's use was not agreed to.", "Send consent=True if it is you, or you may use it.")
    if len(photo) > MAX_BYTES * 4 // 3 + 1024:
        raise UserError("The photo is too large.", f"It may have {MAX_BYTES // 2**20} MB.")
    try:
        return base64.b64decode(photo.partition(",")[2] if photo.startswith("data:") else photo, validate=True)
    except (binascii.Error, ValueError):
        raise UserError("The photo is not base64.", "Send base64.b64encode(file.read()).decode().") from None


def text(data: bytes) -> str:
    """Bytes as base64."""
    return base64.b64encode(data).decode()
