"""Load a command's networks in a thread, beside its imports and whatever does not wait for them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Load the networks in a thread beside what is done within it, and end that thread with it.

    A process that ends while a network is being opened in it is aborted.
    """
    ended = threading.Event()
    thread = threading.Thread(target=_load, args=(ended,), name="networks", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _load(ended: threading.Event) -> None:
    # The studio takes half a second of imports, which the main thread does meanwhile.
    from headshot.photo.networks.ahead import open_networks

    open_networks(ended)
    from headshot.studio.load_ahead import load_networks

    load_networks(ended)
