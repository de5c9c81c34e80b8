"""Load what a first picture and its report will need, beside the work that does not wait for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module

import cv2
import numpy as np

from headshot.authenticity.recognition import dlib_judge
from headshot.authenticity.recognition.judges import on_this_machine
from headshot.errors import UserError
from headshot.photo.networks.session import open_ahead

_NETWORKS = (  # in the order in which a picture asks for them
    ("mediapipe", "face_mesh"),
    ("u2netp", "u2netp"),
    ("mediapipe", "selfie_segmentation"),
    ("mediapipe", "pose_detector"),
    ("mediapipe", "pose_landmarks"),
)
_LIBRARIES = ("numpy.ma", "scipy.sparse.linalg", "scipy.spatial")  # half a second; medians and the cut-out ask for them


def load_networks(stop: threading.Event | None = None) -> None:
    """Open the networks that are on this machine, until `stop`; one that is missing says so where it is needed.

    Fetches nothing.
    """
    ended = stop or threading.Event()
    # OpenCV makes its tables of Lab at the first call, in a tenth of a second.
    cv2.cvtColor(np.zeros((1, 1, 3), np.float32), cv2.COLOR_RGB2LAB)
    with suppress(UserError):
        for role, name in _NETWORKS:
            if not ended.is_set():
                open_ahead(role, name)
    for name in _LIBRARIES:
        if not ended.is_set():
            import_module(name)
    with suppress(UserError):
        for load in (dlib_judge.load, *(judge.recogniser.load for judge in on_this_machine().judges)):
            if not ended.is_set():
                load()


@contextmanager
def loading() -> Iterator[None]:
    """Load the networks in a thread beside what is done within it, and end that thread with it.

    A process that ends while a network is being opened in it is aborted.
    """
    ended = threading.Event()
    thread = threading.Thread(target=load_networks, args=(ended,), name="networks", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
