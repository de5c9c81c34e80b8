"""One-click adjustments ("same, but with softer light") of what no slider beside them does."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import gradio as gr

from headshot.direction.engine_table import is_own
from headshot.direction.setting import HeededBy
from headshot.direction.settings import SETTINGS
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
    own = is_own(step.engine)
    unheard = {n for n, key in KEYS.items() if own and SETTINGS[key].heeded_by is HeededBy.GENERATOR}
    names = [n for n in ADJUSTMENTS if KEYS[n] not in sliders and n not in unheard]
    return {
        "adjustments": [{"name": n, "label": tr(ADJUSTMENTS[n].label), "reason": tr(why_not(n, step))} for n in names]
    }


def adjustments_row(**settings: Any) -> gr.HTML:
    """A gr.HTML that shows an `adjustments_value`; fires `adjust` with {name}."""
    return component(__file__, **settings)
