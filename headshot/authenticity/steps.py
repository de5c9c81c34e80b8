"""The steps of a judgement: which one is under way, so that it can be told, and the work be stopped before the next."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Step:
    """A step that begins: its number, its words in English, the share (0..1) of all the time that lies before it."""

    number: int
    words: str
    share: float


# Shares of the time that six pairs of photos took, in the mean (docs/log.md).
FINDING = Step(1, "Finding you in both", 0.0)
COMPARING = Step(2, "Comparing the two faces", 0.37)
MEASURING = Step(3, "Measuring shape and skin", 0.76)
LOOKING = Step(4, "Looking at features and colours", 0.88)
STEPS = 4


def to_the_end(steps: Callable[_Given, Generator[Step, None, _Made]]) -> Callable[_Given, _Made]:
    """The same work in one go, for who tells nobody of its steps."""

    @wraps(steps)
    def whole(*given: _Given.args, **named: _Given.kwargs) -> _Made:
        work = steps(*given, **named)
        while True:
            try:
                next(work)
            except StopIteration as over:
                return over.value

    return whole
