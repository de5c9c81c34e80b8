"""The photo field: upload, webcam, clipboard. It hands over the file's path unread, so that our own door opens it."""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.data_classes import ImageData

from headshot.ui.data_url import data_url

_SHOWN = 900  # px: longer side of a photo that the field shows


def photo_input(**settings: Any) -> gr.Image:
    """A gr.Image whose handlers get the path of the upload in the temp folder, or None; `settings` go to gr.Image.

    gr.Image itself would decode the file first and answer a broken or hostile one with a traceback. It shows a
    picture (h, w, 3) uint8 as a data URL: gr.Image itself would write it to a file.
    """
    field = gr.Image(**settings)
    field.preprocess = lambda payload: payload.path if payload is not None else None
    field.postprocess = lambda picture: None if picture is None else ImageData(url=data_url(picture, 88, _SHOWN))
    return field
