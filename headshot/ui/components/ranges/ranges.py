"""Sliders with two ends each, for what is known as a range: gr.HTML with native sliders inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from headshot.language import tr
from headshot.studio.worth import Assumption, Range
from headshot.ui.components.component import component


def ranges(assumptions: Sequence[Assumption], value: Mapping[str, Range], **settings: Any) -> gr.HTML:
    """A gr.HTML whose value is {key: [low, high]} for each assumption; `input` fires when a thumb is let go.

    `settings` go to gr.HTML.
    """
    rows = [
        {
            "key": a.key,
            "title": tr(a.title),
            "unit": tr(a.unit),
            "low": a.low,
            "high": a.high,
            "step": a.step,
            "source": tr(a.source),
        }
        for a in assumptions
    ]
    return component(__file__, {key: list(pair) for key, pair in value.items()}, rows=rows, **settings)
