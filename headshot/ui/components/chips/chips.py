"""Lines of words with a button each: what of a text was understood, and what can be done with it in one click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import gradio as gr

from headshot.ui.components.component import component


def row(
    said: str,
    text: str = "",
    *,
    why: str = "",
    state: Literal["on", "plain", "told", "off"] = "plain",
    action: str = "",
    name: str = "",
    done: str = "",
) -> dict[str, str]:
    """A line: the user's words, what they mean, `why` below them. `action`: the words of its button ("✕" drops the
    line), `name`: the same for a screen reader; `done` stands in the button's place. `state` "on" has something to do,
    "told" only goes to a generator, "off" cannot be done.
    """
    return {"said": said, "text": text, "why": why, "state": state, "action": action, "name": name, "done": done}


def chips_value(
    rows: Sequence[dict[str, str]],
    *,
    every: str = "",
    ready: Sequence[str] = (),
    meter: tuple[str, float] | None = None,
    note: str = "",
) -> dict[str, Any]:
    """The value of `chips`. `every`: the words of a button for all lines; `ready`: things to add with one click;
    `meter`: (text, share 0..1 of the bar); `note`: a quiet line below.
    """
    bar = None if meter is None else {"text": meter[0], "share": meter[1]}
    return {"rows": list(rows), "all": every, "ready": list(ready), "meter": bar, "note": note}


def chips(value: dict[str, Any] | None = None, **settings: Any) -> gr.HTML:
    """A gr.HTML that shows a `chips_value`. `press` fires with {said, action}, action "use", "drop", "add" or "all";
    `settled` a moment after the last change of the value. `settings` go to gr.HTML.
    """
    return component(__file__, value, **settings)
