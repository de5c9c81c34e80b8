"""The sheet of keys behind "?", the language, and what the page looks after: how long a photo is kept, pasted ones."""

from __future__ import annotations

from typing import Any

import gradio as gr

from headshot.language import catalogue, languages
from headshot.ui.components.component import component

WARNED = 120  # s before the photo is forgotten


def keys(keep_seconds: int, **settings: Any) -> gr.HTML:
    """A gr.HTML with the "?" of the header. `keep_seconds`: how long a photo is kept without use.

    Fires `keep` where the visitor wants it kept, and `forgotten` once the time is over. Each request of the page to the
    server counts as use, as it does there.
    """
    names = [[code, catalogue(code).name] for code in languages()]
    return component(__file__, keep=keep_seconds, warned=WARNED, languages=names, **settings)
