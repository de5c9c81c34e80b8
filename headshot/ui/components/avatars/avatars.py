"""Original and headshot as profile circles at 56, 100 and 400 px, on light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr
import numpy as np

from headshot.files.data_url import data_url
from headshot.types import U8
from headshot.ui.components.component import component

# Where the eyes stand in a square profile picture, from its top: the middle of the usual 38–45%.
EYE_LINE = 0.42


def profile_square(picture: U8, eyes: Sequence[float] | None = None) -> U8:
    """The largest square of a picture (h, w, 3) uint8, as a profile page would take it; a view, not a copy.

    With `eyes` (x0, y0, x1, y1 in px) the square is moved, inside the picture, so that they stand in its
    middle at EYE_LINE; without, it is the upper middle.
    """
    height, width = picture.shape[:2]
    side = min(height, width)
    x, y = (width - side) / 2, 0.0
    if eyes is not None:
        x = (eyes[0] + eyes[2]) / 2 - side / 2
        y = (eyes[1] + eyes[3]) / 2 - EYE_LINE * side
    left = int(np.clip(round(x), 0, width - side))
    top = int(np.clip(round(y), 0, height - side))
    return picture[top : top + side, left : left + side]


def avatars_value(original: U8, result: U8, eyes: Sequence[float] | None = None) -> dict[str, Any]:
    """The value of `avatars` for two pictures framed alike; `eyes` as in `compare_value`."""
    return {
        name: data_url(profile_square(picture, eyes), quality=88, longest=800)
        for name, picture in (("original", original), ("result", result))
    }


def avatars(value: dict[str, Any] | None = None, **settings: Any) -> gr.HTML:
    """A gr.HTML that shows an `avatars_value`, or None (silhouettes). `settings` go to gr.HTML."""
    return component(__file__, value, **settings)
