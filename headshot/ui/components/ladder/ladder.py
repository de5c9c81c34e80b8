"""The control "How much may we change you?": five rungs, from own pixels to fully generated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from headshot.direction.ladder import RUNGS
from headshot.language import tr
from headshot.ui.components.component import component

DETAILS: Mapping[str, str] = {
    "own pixels": "Framing, light and finishing only. Every pixel comes from your photo.",
    "new backdrop": "A new background behind you. You stay as you were photographed.",
    "clothes": "An AI may repaint your clothes. Face and hair stay your own pixels.",
    "light face edit": "An AI may change your face a little. Look at the report before you use it.",
    "fully generated": "An AI paints everything, your face too. It can look like you and still not be you.",
}


def ladder_rungs(reasons: Mapping[str, str] | None = None, action: str = "") -> list[dict[str, Any]]:
    """The rungs for `ladder`, or for `gr.update(rungs=…)` when what this machine can do has changed.

    `reasons`: for each rung (its name in direction.ladder.RUNGS) that cannot be done here, what it needs. `action`:
    the words of a button beside the reasons, such as "Set up"; it fires the ladder's `setup` event.
    Raises KeyError for a rung that does not exist.
    """
    reasons = reasons or {}
    unknown = set(reasons) - {name for _, name in RUNGS}
    if unknown:
        raise KeyError(f"No such rung: {', '.join(sorted(unknown))}.")
    return [
        {
            "at": at,
            "title": tr(name),
            "detail": tr(DETAILS[name]),
            "reason": reasons.get(name, ""),
            "action": action if name in reasons else "",
        }
        for at, name in RUNGS
    ]


def ladder(value: float = 0.25, rungs: list[dict[str, Any]] | None = None, **settings: Any) -> gr.HTML:
    """A gr.HTML whose value is the chosen rung's place, 0..1 (float). Between rungs the nearest is shown.

    The user's choice fires `input` (data: value, title); `change` also follows values set by Python.
    `settings` go to gr.HTML.
    """
    return component(__file__, value, rungs=ladder_rungs() if rungs is None else rungs, **settings)
