"""How many files and connections this process may have open."""

from __future__ import annotations

import contextlib

MOST = 65_536  # a table that grows further with hostile connections costs more than it serves


def allow_many() -> int:
    """Raise the soft limit of descriptors to the hard one, at most to MOST; never lower it.

    Returns the limit from now on, 0 where the system has none: shells and containers often set 1,024, and a page that
    is open holds two connections.
    """
    try:
        import resource  # not on Windows
    except ImportError:
        return 0
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):  # a kernel that allows fewer
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
