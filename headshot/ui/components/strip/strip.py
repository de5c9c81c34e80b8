"""The photo as a small picture in the header, with what its check says in a few words; a click opens it."""

from __future__ import annotations

from typing import Any

import gradio as gr

from headshot.authenticity.aligned_pair import portrait
from headshot.authenticity.labels import STATES, note_state
from headshot.errors import UserError
from headshot.files.data_url import data_url
from headshot.language import tr
from headshot.types import Photo, State, Subject
from headshot.ui.components.component import component


def strip_value(photo: Photo, subject: Subject) -> dict[str, Any]:
    """The value of `strip`: the head of the photo's person, and what strikes most."""
    worst = max((c for c in subject.checks if c.state != State.GREY), key=lambda c: c.state, default=None)
    shown = State.GREEN if worst is None else note_state(worst)
    message = tr("A good photo") if worst is None or shown == State.GREEN else worst.sentence
    return {
        "image": data_url(portrait(photo.pixels, subject.landmarks, 120), 82),
        "state": shown,
        "sign": STATES[shown].symbol,
        "words": message.partition(". ")[0].partition(": ")[0].rstrip("."),
    }


def strip_fault(fault: UserError) -> dict[str, Any]:
    """The value that says why another photo was not taken; the picture that is there stays."""
    return {"state": State.RED, "sign": STATES[State.RED].symbol, "words": fault.message}


def strip(**settings: Any) -> gr.HTML:
    """A gr.HTML that shows a `strip_value` or None (nothing); a click opens the photo (`data-photo` of #studio)."""
    return component(__file__, **settings)
