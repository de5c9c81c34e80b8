"""The look gallery: one thumbnail for each preset, one of them chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import gradio as gr

from headshot.types import Direction
from headshot.ui.assets import asset, template


def gallery_looks(
    presets: Iterable[Direction], thumbnails: Mapping[str, str] | None = None
) -> list[dict[str, str]]:
    """The looks for `gallery`, or for `gr.update(looks=…)` as thumbnails become ready.

    `presets`: directions with their `preset` name, `title` and `summary`. `thumbnails`: data URLs by preset
    name; a look without one shows a placeholder. Send all that exist each time: of two updates in one frame
    the browser keeps the last.
    """
    thumbnails = thumbnails or {}
    return [
        {"name": p.preset, "title": p.title, "summary": p.summary, "image": thumbnails.get(p.preset, "")}
        for p in presets
    ]


def gallery(value: str | None = None, looks: list[dict[str, str]] | None = None, **settings: Any) -> gr.HTML:
    """A gr.HTML whose value is the chosen preset's name.

    The user's choice fires `input` (data: value, title); `change` also follows values set by Python.
    `settings` go to gr.HTML. Thumbnails are shown 4:5, cropped to fill.
    """
    return gr.HTML(
        value,
        html_template=template("gallery.html"),
        css_template=template("gallery.css"),
        js_on_load=asset("gallery.js"),
        apply_default_css=False,
        looks=looks or [],
        **{"elem_classes": ["hs-bare"], **settings},
    )
