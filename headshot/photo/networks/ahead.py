"""Open the networks that a first picture asks for before it asks."""

from __future__ import annotations

import threading
from contextlib import suppress

import cv2
import numpy as np

from headshot.errors import UserError
from headshot.photo.networks.session import open_ahead

_FACES = (("mediapipe", "face_detector_full_range"), ("mediapipe", "face_mesh"))
_PERSON = (
    ("u2netp", "u2netp"),
    ("mediapipe", "selfie_segmentation"),
    ("mediapipe", "pose_detector"),
    ("mediapipe", "pose_landmarks"),
)


def open_networks(stop: threading.Event) -> None:
    """Open the networks that are on this machine, in the order in which a picture asks for them, until `stop`.

    One that is missing says so where it is needed. Fetches nothing.
    """
    _open(_FACES, stop)
    # OpenCV makes its tables of Lab at the first call, in a tenth of a second.
    cv2.cvtColor(np.zeros((1, 1, 3), np.float32), cv2.COLOR_RGB2LAB)
    _open(_PERSON, stop)


def _open(networks: tuple[tuple[str, str], ...], stop: threading.Event) -> None:
    with suppress(UserError):
        for role, name in networks:
            if not stop.is_set():
                open_ahead(role, name)
