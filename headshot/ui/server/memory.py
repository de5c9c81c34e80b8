"""The process's memory: what it holds, and its return to the system once a visitor has left or rests."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
from collections.abc import Callable
from pathlib import Path

from headshot.environment import give_back_freed_memory

_PR_SET_THP_DISABLE = 41  # of linux/prctl.h
MUCH = 1200 * 2**20  # bytes of its own above which the process asks its visitors' sessions for some


def held() -> int:
    """Bytes that the process has of its own, libraries' files left out; 0 where the system does not say."""
    try:
        resident, shared = map(int, Path("/proc/self/statm").read_text().split()[1:3])
    except (OSError, ValueError):
        return 0
    return (resident - shared) * os.sysconf("SC_PAGE_SIZE")


def keep_small_pages() -> None:
    """Have Linux leave this process's pages small; call it before memory is taken. Elsewhere nothing is done.

    The kernel would fill what was given back in the middle of a pool again, 2 MB at a time, while nobody is here.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).prctl(_PR_SET_THP_DISABLE, 1, 0, 0, 0)


def leave_out_libraries() -> None:
    """Leave what there is now out of the collections until one that nobody is here to wait for."""
    gc.freeze()


def give_back(somebody_is_here: Callable[[], bool]) -> None:
    """Collect what is no longer used, and let its pages go back to the system.

    Nothing else of Python runs during a collection, the page's answers neither; through all libraries one takes .2 s
    of CPU. So what is alive while nobody is here is left out of the next ones, until nobody is here again.
    """
    alone = not somebody_is_here()
    if alone:
        gc.unfreeze()
    gc.collect()
    if alone:
        gc.freeze()
        if somebody_is_here():  # came meanwhile: what is theirs must be found again
            gc.unfreeze()
    give_back_freed_memory()
