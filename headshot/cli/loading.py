"""Load a command's networks in a thread, beside its imports and whatever does not wait for them."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

_begun: list[tuple[threading.Event, threading.Thread]] = []  # one at most: what ends it, and the thread


@contextmanager
def loading() -> Iterator[None]:
    """Load the networks in a thread beside what is done within it, and end that thread with it."""
    begin()
    try:
        yield
    finally:
        _end()


def begin() -> None:
    """Start that thread, where it does not run yet; back once the libraries that it needs are imported.

    Two imports at once take as long as one after the other; a network is opened beside the next ones.
    """
    if _begun:
        return
    imported, ended = threading.Event(), threading.Event()
    thread = threading.Thread(target=_load, args=(imported, ended), name="networks", daemon=True)
    _begun.append((ended, thread))
    thread.start()
    imported.wait()


@atexit.register
def _end() -> None:
    """End the thread: a process that ends while a network is being opened in it is aborted."""
    while _begun:
        ended, thread = _begun.pop()
        ended.set()
        thread.join()


def _load(imported: threading.Event, ended: threading.Event) -> None:
    try:
        import_module("onnxruntime")  # what opening the first one asks for
        from headshot.photo.networks.ahead import open_networks
    finally:
        imported.set()
    open_networks(ended)
    from headshot.studio.load_ahead import load_networks

    load_networks(ended)
