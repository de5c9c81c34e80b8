"""Load what a first picture and its report will need, beside the work that does not wait for it."""

from __future__ import annotations

import threading
from contextlib import suppress
from importlib import import_module

from headshot.authenticity.recognition import dlib_judge
from headshot.authenticity.recognition.judges import on_this_machine
from headshot.errors import UserError
from headshot.photo.networks.ahead import open_networks

_LIBRARIES = ("numpy.ma", "numpy.random")  # medians and the cut-out ask for them
_LATER = ("scipy.sparse.linalg",)  # .3 s; a healed spot asks for it


def load_networks(stop: threading.Event | None = None, *, all_tools: bool = False) -> None:
    """Open the networks and libraries of a picture and the judges of its report, those that are here, until `stop`.

    `all_tools`: the libraries of the sliders too. One that is missing says so where it is needed. Fetches nothing.
    """
    ended = stop or threading.Event()
    open_networks(ended)
    _import(_LIBRARIES, ended)
    with suppress(UserError):
        for load in (dlib_judge.load, *(judge.recogniser.load for judge in on_this_machine().judges)):
            if not ended.is_set():
                load()
    if all_tools:
        _import(_LATER, ended)


def _import(names: tuple[str, ...], ended: threading.Event) -> None:
    for name in names:
        if not ended.is_set():
            import_module(name)
