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
    imported, ended = threading.Event(), threading.Event()
    thread = threading.Thread(target=_load, args=(imported, ended), name="networks", daemon=True)
    thread.start()
    imported.wait()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _load(imported: threading.Event, ended: threading.Event) -> None:
    try:
        import onnxruntime  # noqa: F401 - what opening the first one asks for

        from headshot.photo.networks.ahead import open_networks
    finally:
        # Two imports at once take as long as one after the other; a network is opened beside the next ones.
        imported.set()
    open_networks(ended)
    from headshot.studio.load_ahead import load_networks

    load_networks(ended)
