"""Events of the page: `QUIET`, how they are wired, and `streaming`, for a handler that answers more than once.

When such a handler is over, Gradio 6 sends its last answer a second time, whole (`Blocks.handle_streaming_diffs`).
So one that was overtaken must not end on its "busy", which would come to stand over the newer picture: it ends with
`gr.skip()`. But no answer may be followed at once by one that leaves a component out: the browser applies the
difference to the object of the answer before, in place (`apply_diff` of @gradio/client), also where that was not shown
yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import gradio as gr

# Of an event of the page itself: nothing spins over its outputs, and it is no endpoint.
Answer = dict[gr.Component, Any]  # what a handler returns: a new value or update for each component that changes
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# Of an event that may come again while its handler runs: the last one counts.
NEWEST: dict[str, Any] = {"trigger_mode": "always_last", **QUIET}
# Of clicks each of which is answered: what Gradio keeps back as "the last one" comes with the data of an earlier click.
EVERY: dict[str, Any] = {"trigger_mode": "multiple", "concurrency_limit": 4, **QUIET}
# Of a photo that is read: one visitor's must not wait for another's. At most half of them take long (MOST_LONG).
UPLOADED: dict[str, Any] = {"concurrency_limit": 16, "concurrency_id": "uploads", **QUIET}


def streaming(handler: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    """The handler's answers; one that changes nothing where it has none, for which Gradio would empty all outputs."""

    @wraps(handler)
    def answers(*given: Any) -> Iterator[Any]:
        answered = False
        for answer in handler(*given):
            answered = True
            yield answer
        if not answered:
            yield gr.skip()

    return answers
