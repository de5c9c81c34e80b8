"""The photo field: upload, webcam, clipboard. It hands over the file's path unread, so that our own door opens it."""

from __future__ import annotations

from typing import Any

import gradio as gr


class PhotoInput(gr.Image):
    """A gr.Image that does not decode: gr.Image would answer a broken or hostile file with a traceback."""

    is_template = True  # it is the image component in the browser

    def preprocess(self, payload: Any) -> str | None:
        """The path of the upload in the temp folder, or None."""
        return payload.path if payload is not None else None
