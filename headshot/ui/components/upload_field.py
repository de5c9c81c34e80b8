"""Gradio's fields for files, handing over an `Upload` (or a list of them, or None) in place of a path."""

from __future__ import annotations

from abc import ABCMeta
from pathlib import Path
from typing import Any

import gradio as gr

from headshot.ui.components.uploads import Upload, claim_all


class UploadField:
    """What is ours in such a field. In a class: Gradio builds the component again when an answer leaves it out."""

    file_count = "single"

    def preprocess(self, payload: Any) -> Upload | list[Upload] | None:
        """Claim what came: a FileData, a list of them, an ImageData, each as the client sent it."""
        if payload is None:
            return None
        files = list(getattr(payload, "root", None) or [payload])
        claimed = claim_all([getattr(file, "path", None) for file in files])
        return claimed if self.file_count != "single" else claimed[0]

    async def async_move_resource_to_block_cache(self, place: str | Path | None) -> str | None:
        """Leave the file where it is: gr.Component would copy a path into the cache, and fetch an address."""
        return None if place is None else str(place)


def upload_field(kind: type[gr.Component], *ours: type) -> Any:
    """A class like `kind` that claims its files. `ours`: more classes that go before it.

    By ABCMeta itself: Gradio's metaclass would write a .pyi file beside this module. The name is the browser's part's.
    """
    return ABCMeta.__new__(type(kind), kind.__name__, (*ours, UploadField, kind), {})


File: Any = upload_field(gr.File)
UploadButton: Any = upload_field(gr.UploadButton)
