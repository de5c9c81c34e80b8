"""Where a visitor's photos and pictures are: in the memory of their own session, and how long."""

from __future__ import annotations

import gradio as gr

KEEP_SECONDS = 600  # a photo without use is forgotten after this


def session_state() -> gr.State:
    """A state of one visitor, empty at first, whose value has a `close` that forgets all that it holds.

    It is called after KEEP_SECONDS without use, or when the page is left: see `server.visitors`.
    """
    return gr.State(None)
