"""Which engines hold models in memory, so that one can make room for another."""

from __future__ import annotations

import threading
import weakref
from typing import Protocol

from headshot.engines.diffusion.device import free_memory


class Unloads(Protocol):
    """An engine that can forget its models; they are freed when the last request that paints with them has ended."""

    def unload(self) -> None:
        """Forget them; the next request loads them again."""
        ...


LOADING = threading.Lock()  # one after the other: the next plans with the memory that the one before leaves
_engines: weakref.WeakSet[Unloads] = weakref.WeakSet()


def register(engine: Unloads) -> None:
    """Take an engine in, when it is made."""
    _engines.add(engine)


def unload_others(engine: Unloads) -> None:
    """Unload all engines but this one."""
    for other in tuple(_engines):
        if other is not engine:
            other.unload()
    free_memory()
