"""The photo field: upload, webcam, clipboard. It hands over the file's path unread, so that our own door opens it."""

from __future__ import annotations

from typing import Any

import gradio as gr


def photo_input(**settings: Any) -> gr.Image:
    """A gr.Image whose handlers get the path of the upload in the temp folder, or None; `settings` go to gr.Image.

    gr.Image itself would decode the file first and answer a broken or hostile one with a traceback.
    """
    field = gr.Image(**settings)
    field.preprocess = lambda payload: payload.path if payload is not None else None
    return field
