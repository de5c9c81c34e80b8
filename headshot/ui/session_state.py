"""Where a visitor's photos and pictures are: in the memory of their own session, and how long."""

from __future__ import annotations

from typing import Protocol

import gradio as gr

KEEP_SECONDS = 600  # a photo without use is forgotten after this


class Closable(Protocol):
    """What can forget all that it holds."""

    def close(self) -> None: ...


def session_state() -> gr.State:
    """A state of one visitor, empty at first: closed after KEEP_SECONDS without use, or when the page is left."""
    return gr.State(None, time_to_live=KEEP_SECONDS, delete_callback=_close)


def _close(session: Closable | None) -> None:
    if session is not None:
        session.close()
