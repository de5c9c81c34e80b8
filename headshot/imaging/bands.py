"""A picture in parts, so that what is worked out pixel by pixel stays in the processor's cache, on two cores."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from headshot.types import F32

_ROWS = 64  # of 640 px in colour and float32: 500 kB
_Part = TypeVar("_Part")


def bands(height: int, rows: int = _ROWS) -> Iterator[slice]:
    """Slices of at most `rows` that cover `height` rows once."""
    for start in range(0, height, rows):
        yield slice(start, min(start + rows, height))


def tiled(tile: F32, rows: slice, width: int) -> F32:
    """Lay a square tile over a picture `width` px wide, of which `rows` are wanted: (rows, width)."""
    side = len(tile)
    part = tile[np.arange(rows.start, rows.stop) % side]
    return np.tile(part, -(-width // side))[:, :width]


def two_at_a_time(work: Callable[[_Part], None], parts: Iterable[_Part]) -> None:
    """Do `work` on each part, two at a time: NumPy and OpenCV let other threads run meanwhile.

    A part's fault is raised once the others are done.
    """
    waiting = deque(parts)

    def take() -> None:
        while True:
            try:
                part = waiting.popleft()
            except IndexError:
                return
            work(part)

    if len(waiting) < 2 or (os.cpu_count() or 1) < 2:
        return take()
    with ThreadPoolExecutor(1) as pool:  # beside this thread, since to start one costs a millisecond
        beside = pool.submit(take)
        take()
        beside.result()
