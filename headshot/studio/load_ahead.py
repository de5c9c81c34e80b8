"""Load what a first picture and its report will need, beside the work that does not wait for it."""

from __future__ import annotations

import threading
from contextlib import suppress
from importlib import import_module

from headshot.authenticity.recognition import dlib_judge
from headshot.authenticity.recognition.judges import on_this_machine
from headshot.errors import UserError
from headshot.photo.networks.ahead import open_networks

_LIBRARIES = ("numpy.ma", "scipy.sparse.linalg", "scipy.spatial")  # half a second; medians and the cut-out ask for them


def load_networks(stop: threading.Event | None = None) -> None:
    """Open the networks and libraries of a picture and the judges of its report, those that are here, until `stop`.

    One that is missing says so where it is needed. Fetches nothing.
    """
    ended = stop or threading.Event()
    open_networks(ended)
    for name in _LIBRARIES:
        if not ended.is_set():
            import_module(name)
    with suppress(UserError):
        for load in (dlib_judge.load, *(judge.recogniser.load for judge in on_this_machine().judges)):
            if not ended.is_set():
                load()
