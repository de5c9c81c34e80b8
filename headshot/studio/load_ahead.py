"""Load what a first picture and its report will need, beside the work that does not wait for it."""

from __future__ import annotations

import threading
from contextlib import suppress

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


def load_networks() -> None:
    """Open the networks that are on this machine; one that is missing says so where it is needed. Fetches nothing."""
    with suppress(UserError):
        for role, name in _NETWORKS:
            open_ahead(role, name)
    with suppress(UserError):
        dlib_judge.load()
        for judge in on_this_machine().judges:
            judge.recogniser.load()


def loading() -> threading.Thread:
    """Begin `load_networks` in a thread that does not keep the process alive."""
    thread = threading.Thread(target=load_networks, name="networks", daemon=True)
    thread.start()
    return thread
