"""The verdict on the picture in one line, glued to the stage; a click opens the whole table."""

from __future__ import annotations

from typing import Any

import gradio as gr

from headshot.authenticity.labels import STATES
from headshot.authenticity.report import next_step, summary
from headshot.language import tr
from headshot.types import AuthenticityReport, State
from headshot.ui.components.component import component


def verdict_value(report: AuthenticityReport, *, own: bool = False) -> dict[str, Any]:
    """The value of `verdict`: the state, its word, the first sentence of the summary with what helps where it is grey
    (`brief`: that alone, which the bar shows; the table has the reason), how many of the questions had an answer.

    `own`: the picture is made of the photo's own pixels.
    """
    state = report.verdict
    asked = report.deciding_findings
    answered = sum(f.state != State.GREY for f in asked)
    found = report.get("kept_pixels")
    every = own and found is not None and found.value is not None and found.value >= 0.9999  # a healed spot is none
    message = (
        tr("Every pixel of your face is from your photo.")
        if every and state == State.GREEN
        else " ".join(filter(None, [_first(summary(report)), next_step(report)]))
    )
    if moved := report.get("moved"):
        message = f"{moved.sentence} {message}"
    return {
        "state": state,
        "sign": STATES[state].symbol,
        "title": STATES[state].verdict,
        "sentence": message,
        "brief": next_step(report),
        "count": tr("{answered} of {count} checked", answered=answered, count=len(asked)) if asked else "",
    }


def verdict_busy(seconds: float | None = None) -> dict[str, Any]:
    """The value while a picture is being measured, which takes about so many seconds; None: not known yet."""
    return {"busy": True, "seconds": seconds}


def verdict(**settings: Any) -> gr.HTML:
    """A gr.HTML that shows a `verdict_value`, a `verdict_busy` or None. It is read out when it changes."""
    return component(__file__, **settings)


def _first(text: str) -> str:
    head, dot, _ = text.partition(". ")
    return head + "." if dot else text
