"""How long another one waits for the page while visitors are at work, timed by a process of its own.

The process that plays the visitors is busy with their answers and with what it reads of the app: a page that is timed
there waits for that as well.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

import httpx

EVERY = 0.5  # s between two
LIMIT = 600.0  # s that one may take


@contextmanager
def page_waits(url: str) -> Iterator[list[float]]:
    """Ask for the page every half second while it is open; the list holds the seconds of each once it is closed."""
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    asking = spawning.Process(target=_ask, args=(url, theirs), daemon=True)
    waits: list[float] = []
    asking.start()
    theirs.close()  # so that an end of that process is an end here
    try:
        ours.recv()  # it has begun
        yield waits
        ours.send(None)
        waits += ours.recv()
    finally:
        ours.close()
        asking.join(LIMIT)


def _ask(url: str, line: Connection) -> None:
    waits: list[float] = []
    with httpx.Client(base_url=url, trust_env=False, timeout=LIMIT) as client:
        client.get("/").raise_for_status()
        line.send(None)
        while not line.poll(EVERY):
            began = time.monotonic()
            client.get("/").raise_for_status()
            waits.append(time.monotonic() - began)
    line.send(waits)
