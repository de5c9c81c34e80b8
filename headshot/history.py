"""The session's history: undo, redo, and going on from a picture with only what changed.

Holds what it is given, in memory, for one visitor. A branch that was undone goes when something new is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headshot.changes import flat, with_changes
from headshot.plain import name_of, value_of
from headshot.types import Direction, Headshot

MOST = 24  # pictures kept: at preview size about 3 MB each


@dataclass(frozen=True, eq=False)
class Step:
    """One picture of the session. `number` counts from 1 and is never used again; `what`: what changed, in words."""

    number: int
    result: Headshot
    engine: str
    what: str


class History:
    """A visitor's pictures in order, and the place among them."""

    def __init__(self, most: int = MOST) -> None:
        self._steps: list[Step] = []
        self._at = -1
        self._most = max(2, most)
        self._count = 0

    @property
    def now(self) -> Step | None:
        """The current picture; None before the first."""
        return self._steps[self._at] if self._at >= 0 else None

    @property
    def strip(self) -> tuple[Step, ...]:
        """All pictures, the oldest first; those after `now` can be had again by `redo`."""
        return tuple(self._steps)

    @property
    def can_undo(self) -> bool:
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        return self._at + 1 < len(self._steps)

    def add(self, result: Headshot, engine: str) -> Step:
        """A new picture after the current one; what had been undone goes. The same settings again replace the step."""
        before = self.now
        del self._steps[self._at + 1 :]
        same = before is not None and before.engine == engine and before.result.direction == result.direction
        if same and before is not None:
            step = Step(before.number, result, engine, before.what)
            self._steps[self._at] = step
            return step
        self._count += 1
        old, painter = (before.result.direction, before.engine) if before else (None, "")
        step = Step(self._count, result, engine, difference(old, result.direction, painter, engine))
        self._steps.append(step)
        del self._steps[: max(0, len(self._steps) - self._most)]
        self._at = len(self._steps) - 1
        return step

    def undo(self) -> Step | None:
        """One step back; stays at the first. None when there is nothing at all."""
        self._at = max(self._at - 1, 0) if self._steps else -1
        return self.now

    def redo(self) -> Step | None:
        """One step forward; stays at the last."""
        self._at = min(self._at + 1, len(self._steps) - 1)
        return self.now

    def go(self, number: int) -> Step:
        """To the picture of that number; the others stay. Raises KeyError."""
        self._at = self._place(number)
        return self._steps[self._at]

    def pair(self, first: int, second: int) -> tuple[Step, Step]:
        """Two pictures to compare. Raises KeyError."""
        return self._steps[self._place(first)], self._steps[self._place(second)]

    def clear(self) -> None:
        """Forget everything."""
        self._steps.clear()
        self._at = -1

    def _place(self, number: int) -> int:
        for place, step in enumerate(self._steps):
            if step.number == number:
                return place
        raise KeyError(number)


def go_on(step: Step, settings: Mapping[str, Any]) -> tuple[Direction, str]:
    """"The same, but …": the step's direction with `settings` laid over it and its own seed held, and the engine.

    `settings`: keys of BOUNDS, "preset" or "engine". Raises DirectionError.
    """
    base = step.result.direction
    own = step.result.recipe.get("seed")  # a candidate's own seed is not the request's
    seeded = {"seed": own} if isinstance(own, int) and "seed" not in settings else {}
    engine = str(settings.get("engine", step.engine))
    return with_changes(base, {**seeded, **settings}, step.engine), engine


def difference(before: Direction | None, after: Direction, engine: str = "", new_engine: str = "") -> str:
    """What changed from one direction to the next, in plain words; "" for no change, the look's title at first."""
    if before is None:
        return after.title
    parts = []
    if before.preset != after.preset:
        parts.append(after.title)  # the look brings its own settings: they need not be told one by one
    else:
        old, new = flat(before), flat(after)
        moved = [k for k in new if new[k] != old[k]]
        told = [k for k in moved if not k.startswith("look.")] or moved
        parts += [f"{name_of(k)}: {value_of(k, new[k])}" for k in told]
    if engine and engine != new_engine:
        parts.append(value_of("engine", new_engine))
    return ", ".join(parts)
