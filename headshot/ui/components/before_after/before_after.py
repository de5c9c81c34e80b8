"""An example photo and its headshot on one another, uncovered by one sweep."""

from __future__ import annotations

from typing import Any

import gradio as gr

from headshot.files.data_url import data_url
from headshot.types import Headshot
from headshot.ui.components.component import component


def before_after_value(result: Headshot, credit: str) -> dict[str, str]:
    """The value of `before_after` for a made picture; `credit` stands below it."""
    return {"before": data_url(result.canvas.original, 85), "after": data_url(result.picture, 85), "credit": credit}


def before_after(**settings: Any) -> gr.HTML:
    """A gr.HTML that shows a `before_after_value` or None (a drawing). Fires `wanted` where somebody has looked at the
    page for a moment without giving a photo. It sweeps once; with reduced motion it stands.
    """
    return component(__file__, **settings)
