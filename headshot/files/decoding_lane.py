"""The lane of files that take long: one is decoded at a time, each visitor has one in it, and who left has none."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from headshot.errors import PhotoError
from headshot.files.asker import Asker

LOOK = 0.1  # s between looks whether who waits is still here
PAUSE = 10.0  # s after a refusal in which nothing more of the same visitor is begun
_MOST_KNOWN = 1000  # refusals that are remembered


class DecodingLane:
    """At most `most` files in it, with those that wait."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._in_it: list[Asker] = []  # the first one's file is being decoded
        self._refused: dict[str, float] = {}  # s of the monotonic clock, by name
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, one: Asker) -> Iterator[None]:
        """Wait for a turn and have it. Raises PhotoError where there is no room, UserError once `one` has left."""
        with self._changed:
            self.check(one)
            self._in_it = [*self._in_it[:1], *(other for other in self._in_it[1:] if other.here)]
            if len(self._in_it) >= self._most:
                self._note(one)
                raise _too_many()
            self._in_it.append(one)
        try:
            with self._changed:
                while self._in_it[:1] != [one]:
                    self._changed.wait(LOOK)
                    one.go_on(None)
            yield
        finally:
            with self._changed:
                self._in_it = [other for other in self._in_it if other is not one]
                self._changed.notify_all()

    def check(self, one: Asker) -> None:
        """Raise PhotoError, at no cost, where nothing of this visitor is begun now."""
        if not one.name:
            return
        with self._changed:
            if any(other.name == one.name and other.here for other in self._in_it):
                raise PhotoError("Your very large picture is still being read.", "Wait for it.")
        if self.pauses(one.name):
            raise _too_many()

    def pauses(self, name: str) -> bool:
        """Whether a visitor was refused a moment ago."""
        return monotonic() - self._refused.get(name, float("-inf")) < PAUSE

    def _note(self, one: Asker) -> None:
        if one.name:
            self._refused[one.name] = monotonic()
            while len(self._refused) > _MOST_KNOWN:
                del self._refused[next(iter(self._refused))]


def _too_many() -> PhotoError:
    return PhotoError(
        "Too many very large pictures are being read here just now.", "Try again in a minute, or export yours smaller."
    )
