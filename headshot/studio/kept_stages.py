"""The stages that are kept: the last few of each sitting, and of all sittings in this process so many bytes.

With the one that was used last what was made of it step by step is kept, so that a slider costs only what it changes,
and what a report worked out of the head in it, so that the next one need not.

A stage is most of what a visitor holds, and is made again in tenths of a second.
"""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakSet

from headshot.authenticity.measures.head_view import HeadView
from headshot.canvas.stage import Stage
from headshot.types import F32, MOST_PIXELS, U8, LastSteps

FEW = 3  # of one sitting
MANY = 16  # of one sitting while a contact sheet is made
TOGETHER = 320 * 2**20  # bytes of all sittings' stages; the last one used stays, whatever it weighs
_BYTES_OF_PIXEL = 54  # with the maps that a stage works out as they are asked for
_BYTES_OF_STEPS = 120  # of a pixel of the canvas and of what moved, on top
_BYTES_OF_HEAD = 11 * 2**20  # in the report's own size, whatever the frame's
_Key = tuple[object, ...]


class KeptStages:
    """The stages of one sitting by their crop and size, the last used ones."""

    def __init__(self) -> None:
        self._stages: OrderedDict[_Key, tuple[int, Stage]] = OrderedDict()  # each with the number of its last use
        self._most = FEW
        self._steps: tuple[Stage, LastSteps] | None = None
        self._head: HeadView | None = None
        with _lock:
            _all.add(self)

    def __len__(self) -> int:
        return len(self._stages)

    def get(self, key: _Key) -> Stage | None:
        """The stage under that key, which counts as used now; None where it is gone."""
        with _lock:
            if key not in self._stages:
                return None
            _, stage = self._stages.pop(key)
            self._stages[key] = (next(_uses), stage)
            return stage

    def put(self, key: _Key, stage: Stage) -> None:
        """Keep a stage; those that were not used for the longest go, others' too."""
        with _lock:
            self._stages[key] = (next(_uses), stage)
            self._leave(self._most)
            _leave_together(TOGETHER)

    def steps(self, stage: Stage) -> LastSteps:
        """What was made of `stage` last; nothing yet where another one came between, or it is larger than a preview."""
        with _lock:
            if self._steps is not None and self._steps[0] is stage:
                return self._steps[1]
            steps = LastSteps(stage.matte.size <= MOST_PIXELS)
            if steps.keep and any(stage is kept for _, kept in self._stages.values()):
                self._steps = stage, steps
                _leave_together(TOGETHER)
            return steps

    def head_of(self, picture: U8, landmarks: F32) -> HeadView:
        """The head in the framed photo of a stage: kept for the next report as long as the stage is."""
        with _lock:
            head = self._head
            if head is None or head.picture is not picture or head.landmarks is not landmarks:
                head = HeadView(picture, landmarks)
                self._head = head if any(_is_of(head, stage) for _, stage in self._stages.values()) else None
            return head

    def leave(self, most: int) -> None:
        """Let go of all but the last `most` stages."""
        with _lock:
            self._leave(most)

    @contextmanager
    def room_for(self, stages: int) -> Iterator[None]:
        """While it is open, so many stages (FEW to MANY) are kept: for a sheet of many crops."""
        before, self._most = self._most, max(FEW, min(stages, MANY))
        try:
            yield
        finally:
            self._most = before
            self.leave(before)

    def _leave(self, most: int) -> None:
        while len(self._stages) > most:
            self._forget_oldest()

    def _forget_oldest(self) -> int:
        """Let go of the stage that was not used for the longest, and of what was made of it; its bytes."""
        _, stage = self._stages.popitem(last=False)[1]
        weight = self._weight(stage)
        if self._steps is not None and self._steps[0] is stage:
            self._forget_steps()
        if self._head is not None and _is_of(self._head, stage):
            self._head = None
        return weight

    def _forget_steps(self) -> int:
        """Let go of what was made of the stage used last; its bytes."""
        if self._steps is None:
            return 0
        pixels, self._steps = self._steps[0].matte.size, None
        return pixels * _BYTES_OF_STEPS

    def _weight(self, stage: Stage) -> int:
        """Bytes of a stage, of what was made of it and of the head in it."""
        steps = self._steps is not None and self._steps[0] is stage
        head = _BYTES_OF_HEAD if self._head is not None and _is_of(self._head, stage) else 0
        return stage.matte.size * (_BYTES_OF_PIXEL + (_BYTES_OF_STEPS if steps else 0)) + head


_lock = threading.Lock()
_all: WeakSet[KeptStages] = WeakSet()
_uses = itertools.count()


def _is_of(head: HeadView, stage: Stage) -> bool:
    return head.picture is stage.unmoved[0]


def _leave_together(most: int) -> None:
    """Let go of those not used for the longest, whosever they are, until the others weigh at most `most` bytes.

    What was made of a stage goes before any stage does: it is made again within one move.
    """
    by_use = sorted((use, kept._weight(stage), kept) for kept in _all for use, stage in kept._stages.values())
    held = sum(weight for _, weight, _ in by_use)
    last = by_use[-1][2] if by_use else None
    for kept in dict.fromkeys(kept for _, _, kept in by_use if kept is not last):
        if held <= most:
            return
        held -= kept._forget_steps()
    for _, _, kept in by_use[:-1]:
        if held <= most:
            return
        held -= kept._forget_oldest()  # of one sitting, too, the first is the oldest
