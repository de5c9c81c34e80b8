"""The tray: every picture of the session in a row, with stars, undo and redo; two to four of them are compared."""

from __future__ import annotations

from typing import Any

import gradio as gr

from headshot.studio.history import History
from headshot.ui.components.component import component
from headshot.ui.components.film_strip.film_strip import thumbnail


def tray_value(history: History) -> dict[str, Any] | None:
    """The value of `tray`; None before the first picture."""
    now = history.now
    if now is None:
        return None
    return {
        "items": [
            {"id": str(s.number), "title": s.what, "image": thumbnail(s.result), "starred": s.starred}
            for s in history.strip
        ],
        "now": str(now.number),
        "undo": history.can_undo,
        "redo": history.can_redo,
        "full": history.full,
    }


def tray(**settings: Any) -> gr.HTML:
    """A gr.HTML that shows a `tray_value` or None. Fires `pick` and `star` with {id}, `together` with {ids} of two to
    four (none: the comparison is over), `undo`, `redo` and `pack` (a ZIP of the starred is wanted).

    Keys, when no text field has the focus: Ctrl+Z, Ctrl+Shift+Z, ↑ and ↓ walk, S stars.
    """
    return component(__file__, **settings)
