"""Heavy work on photos, a few pieces at a time: each one holds hundreds of MB, and more than the cores end no sooner.

The pieces are short (a face search, a picture of own pixels, a report), so that nobody waits for a whole request of
another one. Very large photos take turns among themselves, so that an ordinary one never waits for several of them.
Waiting for a GPU or for the network is none of it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator
from contextlib import nullcontext
from functools import wraps
from typing import ParamSpec, TypeVar

from headshot.types import Photo

PLACES = max(2, os.cpu_count() or 1)
LARGE = 24_000_000  # pixels of a photo above which one is worked on at a time
_places = threading.BoundedSemaphore(PLACES)
_large = threading.Lock()
_mine = threading.local()
_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")
_Step = TypeVar("_Step")


def bounded(work: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """Have a function wait until one of the PLACES is free; one that is called by another shares its place.

    One that is given a photo of more than LARGE pixels waits for its turn among those first.
    """

    @wraps(work)
    def placed(*given: _Given.args, **named: _Given.kwargs) -> _Made:
        if getattr(_mine, "placed", False):
            return work(*given, **named)
        with _large if any(map(_is_large, (*given, *named.values()))) else nullcontext(), _places:
            _mine.placed = True
            try:
                return work(*given, **named)
            finally:
                _mine.placed = False

    return placed


def bounded_steps(work: Generator[_Step, None, _Made]) -> Generator[_Step, None, _Made]:
    """The steps of some work, each of which waits for a place of its own: between them others have their turn."""
    step = bounded(lambda: next(work))
    while True:
        try:
            begun = step()
        except StopIteration as over:
            return over.value
        yield begun


def _is_large(value: object) -> bool:
    return isinstance(value, Photo) and value.width * value.height > LARGE
