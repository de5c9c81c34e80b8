"""For whom a file is read: a visitor or a program, who may leave before it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from headshot.errors import UserError


def _stays(_: object) -> None:
    pass


@dataclass(frozen=True, eq=False)
class Asker:
    """`name`: by which the same one is known again, "" for none; `go_on`: raises UserError once they have left."""

    name: str = ""
    go_on: Callable[[object], None] = _stays

    @property
    def here(self) -> bool:
        """Whether they still wait for the answer."""
        try:
            self.go_on(None)
        except UserError:
            return False
        return True


_nobody = Asker()
_now: ContextVar[Asker] = ContextVar("asker", default=_nobody)


def asker() -> Asker:
    """Who asks, in this thread or task."""
    return _now.get()


@contextmanager
def asked_by(one: Asker) -> Iterator[None]:
    """Have `asker` name this one meanwhile, also in threads that are given this context."""
    before = _now.set(one)
    try:
        yield
    finally:
        _now.reset(before)
