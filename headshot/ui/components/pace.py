"""How long the rest of some work takes, judged by what its done part took."""

from __future__ import annotations

import time

from headshot.language import tr


class Pace:
    """The pace of work that begins now and is done in parts of about the same size."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def left(self, done: float, all: float) -> float | None:
        """Estimate the seconds until `all` parts are done, where `done` are; None before the first one."""
        return (time.monotonic() - self._begun) / done * (all - done) if done else None

    def words(self, done: int, all: int) -> str:
        """Say how many are done, and after the first one how many seconds are left."""
        left = self.left(done, all)
        if left is None or left < 1:
            return tr("{done} of {all}.", done=done, all=all)
        return tr("{done} of {all}, about {left:.0f} s left.", done=done, all=all, left=left)
