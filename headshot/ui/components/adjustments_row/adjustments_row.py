"""One-click adjustments ("same, but with softer light") of what no slider beside them does."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import gradio as gr

from headshot.language import tr
from headshot.studio.adjustments import ADJUSTMENTS, KEYS, why_not
from headshot.studio.history import History
from headshot.ui.components.component import component


def adjustments_value(history: History, sliders: Container[str] = ()) -> dict[str, Any] | None:
    """The value of `adjustments_row` for the current picture; None before the first. `sliders`: settings that have a
    slider of their own, whose adjustments are left out, as is what the picture's engine does not hear.
    """
    step = history.now
    if step is None:
        return None
    names = [n for n in ADJUSTMENTS if KEYS[n] not in sliders]
    reasons = {name: why_not(name, step) for name in names}
    rows = [{"name": n, "label": tr(ADJUSTMENTS[n].label), "reason": tr(reasons[n])} for n in names]
    return {"adjustments": [row for row in rows if "generator" not in row["reason"] and row["reason"] != _smile(row)]}


def _smile(row: dict[str, str]) -> str:
    return ADJUSTMENTS[row["name"]].own_pixels or "-"


def adjustments_row(**settings: Any) -> gr.HTML:
    """A gr.HTML that shows an `adjustments_value`; fires `adjust` with {name}."""
    return component(__file__, **settings)
