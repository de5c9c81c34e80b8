"""The last result of each step on a picture's way, so that a slider that moves costs no step before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np

T = TypeVar("T")

MOST_PIXELS = 1_000_000  # of a picture whose steps are kept: a preview's; the final is made once


class LastSteps:
    """What each step made last, by its name, and of what. One that does not `keep` makes all anew each time."""

    def __init__(self, keep: bool = True) -> None:
        self.keep = keep
        self._made: dict[str, tuple[tuple[object, ...], object]] = {}

    def get(self, step: str, of: tuple[object, ...], make: Callable[[], T]) -> T:
        """Return what `step` made `of` the same last time, else what `make` gives.

        Arrays and what holds them are the same where they are one object, so nobody may write into what is kept here.
        """
        known = self._made.get(step)
        if known is not None and len(known[0]) == len(of) and all(map(_same, known[0], of)):
            return cast(T, known[1])
        made = make()
        if self.keep:
            self._made[step] = (of, made)
        return made


def _same(one: object, other: object) -> bool:
    return one is other or (not isinstance(one, np.ndarray) and not isinstance(other, np.ndarray) and one == other)
