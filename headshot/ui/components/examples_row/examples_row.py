"""The example photos as buttons: one click begins with one of them."""

from __future__ import annotations

import io
from typing import Any

import gradio as gr
import numpy as np
from PIL import Image

from headshot.files.data_url import data_url
from headshot.studio.examples import Example, examples
from headshot.ui.components.component import component

_SIDE = 144  # px of a tile's picture, twice as it is shown


def examples_value() -> list[dict[str, str]]:
    """The value of `examples_row`: the examples that are installed here."""
    return [
        {"name": e.name, "title": e.title, "credit": f"{e.credit}, {e.licence}", "image": _tile(e)} for e in examples()
    ]


def examples_row(**settings: Any) -> gr.HTML:
    """A gr.HTML that shows an `examples_value`; `pick` fires with {name} of the one clicked."""
    return component(__file__, examples_value(), **settings)


def _tile(example: Example) -> str:
    """The head, small, as a data URL."""
    with Image.open(io.BytesIO(example.read())) as image:
        x, y, wide = (share * image.width for share in example.head)
        small = image.convert("RGB").resize(
            (_SIDE, _SIDE), box=(x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2)
        )
    return data_url(np.asarray(small), 80)
