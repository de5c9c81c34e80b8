"""The session's history: undo, redo, and going on from a picture with only what changed.

Holds what it is given, in memory, for one visitor. Nothing that was made goes: undo moves a pointer. Above MEMORY the
oldest pictures of own pixels are kept small, with the direction that makes them again, equal to the byte.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from headshot.direction.applicability import why_ignored
from headshot.direction.diff import as_settings, with_changes
from headshot.direction.engine_table import is_own
from headshot.direction.labels import name_of, typeset, value_of
from headshot.direction.prompt import prompt
from headshot.direction.settings import MAX_SEED, SETTINGS
from headshot.studio.light_result import bytes_of, light, small
from headshot.types import Direction, Headshot

MEMORY = 96 * 2**20  # bytes of pictures at full preview size, about 30 of them; the others are kept SMALL
MOST = 400  # pictures kept, small ones too (70 kB each); above it the oldest without a star goes
ONE_DRAG = 4.0  # s: renders of one slider that follow each other more quickly are one step
_DRAGGED = frozenset({"number", "integer", "colour", "text"})  # kinds of settings that pass through values on their way


@dataclass(frozen=True, eq=False)
class Step:
    """One picture of the session. `number` counts from 1 and is never used again; `what`: what changed, in words.

    `base`: the direction and the engine before it, None at first; `at`: time.monotonic() of its last render, s;
    `parent`: the number of the step that it was made from; `starred` by the visitor; `small`: only a small picture is
    kept, see `History.renew`.
    """

    number: int
    result: Headshot
    engine: str
    what: str
    base: tuple[Direction, str] | None = None
    at: float = 0.0
    parent: int | None = None
    starred: bool = False
    small: bool = False


class History:
    """A visitor's pictures in the order in which they were made, and the place among them."""

    def __init__(self, most: int = MOST, memory: int = MEMORY) -> None:
        self._steps: dict[int, Step] = {}
        self._now: int | None = None
        self._onward: dict[int, int] = {}  # by step: where `redo` leads
        self._most, self._memory = max(2, most), memory
        self._count = 0
        self.full = False  # whether pictures without a star had to go
        self._open = False  # whether the current step is the one added last: only that one is dragged on

    @property
    def now(self) -> Step | None:
        """The current picture; None before the first."""
        return self._steps.get(self._now) if self._now is not None else None

    @property
    def strip(self) -> tuple[Step, ...]:
        """All pictures, the oldest first."""
        return tuple(self._steps.values())

    @property
    def can_undo(self) -> bool:
        now = self.now
        return now is not None and now.parent in self._steps

    @property
    def can_redo(self) -> bool:
        return self._now is not None and self._onward.get(self._now) in self._steps

    def add(self, result: Headshot, engine: str, *, drag: bool = False, at: float | None = None) -> Step:
        """A new picture, made from the current one; the others stay. What makes the same picture again replaces the
        step.

        `drag`: it comes from a control that moves. Then renders that change one and the same slider, colour or words
        within ONE_DRAG s of each other replace the step too, and a slider that is back where it stood leaves none.
        `at`: time.monotonic(), now by default. Kept without the canvas's maps, which no later use of it needs.
        """
        result, at = light(result), time.monotonic() if at is None else at
        before = self.now
        if before is not None and before.engine == engine and _alike(before.result, result, engine):
            return self._put(replace(before, result=result, at=at, small=False))
        if drag and self._open and before is not None and before.base is not None and at - before.at <= ONE_DRAG:
            old, painter = before.base
            moved = _changed(old, before.result.direction) | _changed(old, result.direction)
            if len(moved) == 1 and SETTINGS[min(moved)].kind in _DRAGGED and painter == before.engine == engine:
                parent = self._steps.get(before.parent) if before.parent is not None else None
                if not _changed(old, result.direction) and parent is not None:
                    del self._steps[before.number]
                    self._now = parent.number
                    return self._put(replace(parent, result=result, at=at, small=False))
                what = difference(old, result.direction, painter, engine)
                return self._put(replace(before, result=result, what=what, at=at))
        self._count += 1
        base = (before.result.direction, before.engine) if before else None
        what = difference(base[0] if base else None, result.direction, base[1] if base else "", engine)
        what = what or f"{name_of('seed')}: {_own_seed(result)}"  # another candidate of one request
        step = Step(self._count, result, engine, what, base, at, None if before is None else before.number)
        if before is not None:
            self._onward[before.number] = step.number
        self._now, self._open = step.number, True
        return self._put(step)

    def undo(self) -> Step | None:
        """To the picture that the current one was made from; stays at the first. None when there is nothing at all."""
        now, self._open = self.now, False
        if now is not None and now.parent in self._steps:
            self._onward[now.parent] = now.number
            self._now = now.parent
        return self.now

    def redo(self) -> Step | None:
        """Forward again; stays at the last."""
        self._open = False
        if self._now is not None and (onward := self._onward.get(self._now)) in self._steps:
            self._now = onward
        return self.now

    def go(self, number: int) -> Step:
        """To the picture of that number. Raises KeyError."""
        step = self._steps[number]
        self._now, self._open = number, False
        return step

    def star(self, number: int) -> Step:
        """Give a picture a star, or take it back. Raises KeyError."""
        step = self._steps[number]
        return self._put(replace(step, starred=not step.starred))

    def renew(self, number: int, result: Headshot) -> Step:
        """Put a picture that was kept small back at its full size. Raises KeyError."""
        return self._put(replace(self._steps[number], result=light(result), small=False))

    def step_of(self, result: Headshot) -> Step | None:
        """The step of that very picture, None where it is not, or no longer, here."""
        return next((s for s in self._steps.values() if s.result.picture is result.picture), None)

    def clear(self) -> None:
        """Forget everything."""
        self._steps.clear()
        self._now = None

    def _put(self, step: Step) -> Step:
        self._steps[step.number] = step
        while len(self._steps) > self._most:
            self.full = True
            del self._steps[
                next((s.number for s in self.strip if not s.starred and s.number != self._now), step.number)
            ]
        self._fit(self._memory, step.number)
        return self._steps.get(step.number, step)

    def shrink(self) -> None:
        """Keep all but the current picture small, where it can be made again: others need the memory."""
        self._fit(0)

    def _fit(self, memory: int, new: int | None = None) -> None:
        large = [s for s in self.strip if not s.small]
        held = sum(bytes_of(s.result) for s in large)
        for old in large:
            if held <= memory:
                break
            if is_own(old.engine) and old.number not in (self._now, new):  # a painted one cannot be made again
                held -= bytes_of(old.result)
                self._steps[old.number] = replace(old, result=small(old.result), small=True)


def _alike(before: Headshot, after: Headshot, engine: str) -> bool:
    """Whether both are the same picture: equal settings, or different in what the engine does not hear. Candidates of
    one request share its settings and have seeds of their own.
    """
    old, new = before.direction, after.direction
    if not why_ignored("seed", engine, new.change) and _own_seed(before) != _own_seed(after):
        return False
    if not is_own(engine) and prompt(old) != prompt(new):
        return False  # other words make another picture, if not the one that was wanted
    moved = _changed(old, new) - {"seed", "generate.candidates"}
    return all(k in SETTINGS and k != "change" and why_ignored(k, engine, new.change, new.keep) for k in moved)


def _own_seed(result: Headshot) -> int:
    seed = result.recipe.get("seed")
    return seed if isinstance(seed, int) else result.direction.seed


def _changed(before: Direction, after: Direction) -> frozenset[str]:
    """The settings that were moved; words that follow from another setting do not count."""
    if before.preset != after.preset:
        return frozenset(("preset", *SETTINGS))
    old, new = as_settings(before), as_settings(after)
    moved = frozenset(k for k in new if new[k] != old[k])
    return frozenset(k for k in moved if not k.startswith("look.")) or moved


def go_on(step: Step, settings: Mapping[str, Any]) -> tuple[Direction, str]:
    """ "The same, but …": the step's direction with `settings` laid over it and its own seed held, and the engine.

    `settings`: keys of SETTINGS, "preset" or "engine". Raises DirectionError.
    """
    base = step.result.direction
    own = _own_seed(step.result)  # a candidate's own seed is not the request's
    seeded = {"seed": own} if own <= MAX_SEED and "seed" not in settings else {}
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
        new, moved = as_settings(after), _changed(before, after)
        parts += [typeset(f"{name_of(k)}: {value_of(k, new[k])}") for k in new if k in moved]
    if engine and engine != new_engine:
        parts.append(value_of("engine", new_engine))
    return ", ".join(parts)
