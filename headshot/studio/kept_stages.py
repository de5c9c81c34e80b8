"""The stages that are kept: the last few of each sitting, and of all sittings in this process so many bytes.

A stage is most of what a visitor holds, and is made again in tenths of a second.
"""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakSet

from headshot.canvas.stage import Stage

FEW = 3  # of one sitting
MANY = 16  # of one sitting while a contact sheet is made
TOGETHER = 320 * 2**20  # bytes of all sittings' stages; the last one used stays, whatever it weighs
_BYTES_OF_PIXEL = 40  # with the maps that a stage works out as they are asked for
_Key = tuple[object, ...]


class KeptStages:
    """The stages of one sitting by their crop and size, the last used ones."""

    def __init__(self) -> None:
        self._stages: OrderedDict[_Key, tuple[int, Stage]] = OrderedDict()  # each with the number of its last use
        self._most = FEW
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
            self._stages.popitem(last=False)


_lock = threading.Lock()
_all: WeakSet[KeptStages] = WeakSet()
_uses = itertools.count()


def _leave_together(most: int) -> None:
    """Let go of those not used for the longest, whosever they are, until the others weigh at most `most` bytes."""
    by_use = sorted((use, stage.matte.size, kept) for kept in _all for use, stage in kept._stages.values())
    held = sum(pixels for _, pixels, _ in by_use) * _BYTES_OF_PIXEL
    for _, pixels, kept in by_use[:-1]:
        if held <= most:
            return
        kept._stages.popitem(last=False)  # of one sitting, too, the first is the oldest
        held -= pixels * _BYTES_OF_PIXEL
