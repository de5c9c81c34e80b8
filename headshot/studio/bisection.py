"""As far as you stay you: the strongest change on the ladder whose verdict is still good enough.

Bisection over a grid of places on the ladder, with the last renders kept for checks below and above what was found.
Where likeness falls as the change grows, the answer is the last good place; where it does not, the answer is still a
place that was rendered and was good, and the search says that the pictures did not change evenly.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass

from headshot.direction.ladder import RUNGS
from headshot.language import tr
from headshot.types import State

MOST_RENDERS = 6
CHECKS = 2  # of these: looks beside the bisection, which alone would never notice an engine that is not even
STEPS = 13  # a grid of 1/12, on which the rungs lie too; four renders find a place among 13


@dataclass(frozen=True)
class Seen:
    """One render of the search: where on the ladder (0..1), the verdict, the likeness (a distance, or None)."""

    at: float
    state: State
    likeness: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Search:
    """`best`: the strongest good render, or None; `seen`: all renders in their order; `monotonic`: whether what was
    seen gets worse with the change, as bisection assumes.
    """

    best: Seen | None
    seen: tuple[Seen, ...]
    floor: State
    monotonic: bool

    @property
    def stopped_by(self) -> Seen | None:
        """The weakest render beyond `best` that was not good: what ended the search. None where nothing did."""
        start = -1.0 if self.best is None else self.best.at
        beyond = [s for s in self.seen if s.at > start and not good(s.state, self.floor)]
        return min(beyond, key=lambda s: s.at, default=None)

    def sentence(self, name: Callable[[float], str] | None = None) -> str:
        """What was found and what stopped it, for people. `name` of a place, where it is not the ladder's `rung`."""
        name = name or rung
        if not self.seen:
            return tr("Nothing was tried.")
        if self.best is None:
            first = min(self.seen, key=lambda s: s.at)
            message = tr("Even “{name}” does not stay within what was asked.", name=name(first.at))
            return f"{message} {first.reason}".strip()
        best = self.best.at
        text = tr("You stay you up to “{name}” ({share:.0f}% of the way).", name=name(best), share=100 * best)
        if (end := self.stopped_by) is None:
            text += " " + tr("Nothing on the ladder went too far.")
        else:
            why = end.reason or tr(end.state)
            text += " " + tr("At {share:.0f}% it is no longer so: {why}", share=100 * end.at, why=why)
        if not self.monotonic:
            text += " " + tr(
                "The pictures did not change evenly, so between the places that were tried there may be better or "
                "worse ones: look at the strip."
            )
        return text


def good(state: State, floor: State = State.GREEN) -> bool:
    """Whether a verdict is at least `floor`. Grey is never good: what was not measured is not vouched for."""
    return state != State.GREY and state <= floor


def rung(at: float) -> str:
    """The name of the nearest rung."""
    return tr(min(RUNGS, key=lambda r: abs(r[0] - at))[1])


def walk(
    floor: State = State.GREEN, *, low: float = 0.0, high: float = 1.0, steps: int = STEPS, renders: int = MOST_RENDERS
) -> Generator[float, Seen | None, Search]:
    """Find the strongest of `steps` evenly spaced changes in `low`..`high` whose verdict is at least `floor`.

    A coroutine, so that it can be shown as it goes: yields the place to render next and is sent what was seen there,
    or None to end it with what there is. At most `renders` places, each once; the one in the answer was rendered and
    was good. With a verdict that only gets worse it is the last good one of the grid, provided
    2^(renders − CHECKS) > steps. Raises ValueError for a floor of grey or bounds that are not in order.
    """
    if floor == State.GREY or not 0 <= low < high <= 1 or steps < 2 or renders < 2:
        raise ValueError("floor must be a colour, 0 <= low < high <= 1, at least two steps and two renders")
    seen: dict[int, Seen] = {}

    # The end of the ladder is not tried first: it is the dearest render and the least likely to be good. `left` is the
    # last place known to be good (−1: none yet), `right` the first known or supposed not to be.
    left, right = -1, steps
    while right - left > 1 and len(seen) < renders:
        middle = (left + right) // 2
        found = yield low + (high - low) * middle / (steps - 1)
        if found is None:
            return _result(seen, floor)
        seen[middle] = found
        if good(found.state, floor):
            left = middle
        else:
            right = middle
    for place in _beside(seen, left, right, steps):
        if len(seen) < renders and place not in seen:
            found = yield low + (high - low) * place / (steps - 1)
            if found is None:
                break
            seen[place] = found
    return _result(seen, floor)


def _result(seen: Mapping[int, Seen], floor: State) -> Search:
    found = [s for s in seen.values() if good(s.state, floor)]
    best = max(found, key=lambda s: s.at, default=None)
    return Search(best, tuple(seen.values()), floor, _falls(list(seen.values()), floor))


def _beside(seen: Mapping[int, Seen], left: int, right: int, steps: int) -> list[int]:
    """Places to check after the bisection: the middle of the widest gap beyond what was found, and of that below it."""
    places = []
    for start, end in ((right, steps), (-1, left)):
        known = sorted({start, end, *(i for i in seen if start <= i <= end)})
        gaps = [(b - a, (a + b) // 2) for a, b in itertools.pairwise(known) if b - a > 1]
        if gaps:
            places.append(max(gaps)[1])
    return places


def _falls(seen: Sequence[Seen], floor: State) -> bool:
    """Whether the renders, by their place, get no better again: across the floor, and in likeness beyond noise."""
    ordered = sorted(seen, key=lambda s: s.at)
    verdicts = [good(s.state, floor) for s in ordered]
    likeness = [s.likeness for s in ordered if s.likeness is not None]
    evenly = all(b >= a - 0.03 for a, b in itertools.pairwise(likeness))
    return verdicts == sorted(verdicts, reverse=True) and evenly
