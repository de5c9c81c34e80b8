"""The row under the picture: one-click adjustments ("same, but warmer"), undo and redo."""

from __future__ import annotations

from typing import Any

import gradio as gr

from headshot.studio.adjustments import ADJUSTMENTS, why_not
from headshot.studio.history import History
from headshot.ui.components.component import component


def adjust_bar_value(history: History) -> dict[str, Any] | None:
    """The value of `adjust_bar` for the current picture; None before the first."""
    step = history.now
    if step is None:
        return None
    reasons = {name: why_not(name, step) for name in ADJUSTMENTS}
    together: dict[str, list[str]] = {}
    for name, reason in reasons.items():
        if reason:
            together.setdefault(reason, []).append(ADJUSTMENTS[name].label)
    return {
        "adjustments": [{"name": n, "label": a.label, "reason": reasons[n]} for n, a in ADJUSTMENTS.items()],
        "why": "\n".join(f"{', '.join(labels)}: {reason}" for reason, labels in together.items()),
        "undo": history.can_undo,
        "redo": history.can_redo,
    }


def adjust_bar(**settings: Any) -> gr.HTML:
    """A gr.HTML that shows a `adjust_bar_value`; fires `adjust` with {name}, `undo` and `redo`.

    Keys, when no text field has the focus: Ctrl+Z and Ctrl+Shift+Z.
    """
    return component(__file__, **settings)
