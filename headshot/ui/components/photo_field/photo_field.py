"""The photo field: upload, webcam, clipboard. It hands over the upload's bytes: photo.decode alone decodes them."""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.data_classes import ImageData

from headshot.files.data_url import data_url
from headshot.text import asset
from headshot.types import U8
from headshot.ui.components.upload_field import upload_field

_SHOWN = 900  # px: longer side of a photo that the field shows
# For `clear`, which also fires before a picture that is dropped on a filled field arrives: whether that is why. The
# answer goes to the handler's first input. The page must `watch_drops`.
DROPPED = "(_, ...rest) => [performance.now() - (window.headshotDropped ?? -Infinity) < 1000, ...rest]"


class _DataUrl:
    """A picture goes to the browser as a data URL: gr.Image itself would write it to a file."""

    def postprocess(self, value: U8 | None) -> ImageData | None:
        return None if value is None else ImageData(url=data_url(value, 88, _SHOWN))


_Image: Any = upload_field(gr.Image, _DataUrl)


def photo_input(**settings: Any) -> gr.Image:
    """A gr.Image whose handlers get an Upload, or None; `settings` go to gr.Image. It shows a picture (h, w, 3) uint8.

    gr.Image itself would decode the file first and answer a broken or hostile one with a traceback.
    """
    return _Image(**settings)


def small_photo_input(label: str, words: str, elem_id: str) -> gr.Image:
    """A `photo_input` of 180 px without the webcam; `words` stand in it while it is empty."""
    return photo_input(
        sources=["upload", "clipboard"],
        show_label=False,
        label=label,
        elem_id=elem_id,
        height=180,
        buttons=[],
        elem_classes=["hs-drop"],
        placeholder=f"{words}\n- or -\nClick to choose one",
    )


def watch_drops(page: gr.Blocks) -> None:
    """Let the page give files for photo fields their type, refuse others in words, and note drops for `DROPPED`."""
    page.load(None, None, None, js=asset(__file__, "photo_field.js"), show_progress="hidden", api_visibility="private")
