"""The sentences to paste beside a picture, one a place, with a button that copies the one in sight."""

from __future__ import annotations

from typing import Any

import gradio as gr

from headshot.files import source_type
from headshot.files.disclosure import sentences
from headshot.files.retouched_words import retouched_in
from headshot.language import tr
from headshot.types import Headshot
from headshot.ui.components.component import component


def disclosure_value(result: Headshot) -> dict[str, Any]:
    """The value of `disclosure`: what was really done, worded by the mark that its file carries."""
    texts = sentences(source_type(result), retouched_in(result))
    places = {"profile": tr("Profile"), "application": tr("Application"), "law firm": tr("Law firm")}
    rows = [{"place": places[place], "text": text} for place, text in texts.items()]
    return {"sentences": rows}


def disclosure(**settings: Any) -> gr.HTML:
    """A gr.HTML that shows a `disclosure_value` or None (nothing). The chosen place stays with the next picture."""
    return component(__file__, **settings)
