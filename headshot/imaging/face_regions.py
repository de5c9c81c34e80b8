"""Where the regions of a face lie in a picture, as boxes to look at closely."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from headshot.imaging.landmarks import (
    CHIN,
    FACE_OVAL,
    LEFT_BROW,
    LEFT_CHEEK,
    LEFT_EYE,
    LIPS,
    MESH,
    NOSE,
    RIGHT_BROW,
    RIGHT_CHEEK,
    RIGHT_EYE,
    TEMPLES,
    eye_centre_distance,
)
from headshot.types import F32

Box = tuple[float, float, float, float]  # x0, y0, x1, y1 px

_EYES = (*RIGHT_EYE, *LEFT_EYE)
# The points of each region, and the room round them in eye distances: left and right, above, below.
_REGIONS: Mapping[str, tuple[tuple[int, ...], tuple[float, float, float]]] = {
    "eyes": (_EYES, (0.2, 0.25, 0.2)),
    "brows": ((*RIGHT_BROW, *LEFT_BROW), (0.15, 0.25, 0.2)),
    "glasses": (_EYES, (0.5, 0.45, 0.45)),
    "nose": (NOSE, (0.25, 0.1, 0.2)),
    "mouth": (LIPS, (0.3, 0.25, 0.25)),
    "lower face": ((*LIPS, CHIN, 172, 397), (0.15, 0.3, 0.25)),
    "jaw": ((CHIN, 172, 397, *TEMPLES), (0.2, 0.0, 0.3)),
    "skin": ((*RIGHT_CHEEK, *LEFT_CHEEK), (0.1, 0.2, 0.1)),
    "face": (FACE_OVAL, (0.15, 0.15, 0.15)),
    "hair": (FACE_OVAL, (0.6, 1.1, -0.6)),
    "head": (FACE_OVAL, (0.7, 1.0, 0.7)),
}
REGIONS = tuple(_REGIONS)


def face_regions(landmarks: F32) -> dict[str, Box]:
    """Give the box of each of REGIONS in the landmarks' px, (478, 3); it may reach beyond the picture's edge."""
    unit = eye_centre_distance(landmarks)
    points = landmarks[:MESH, :2]
    found = {}
    for name, (indices, (aside, above, below)) in _REGIONS.items():
        (x0, y0), (x1, y1) = points[list(indices)].min(axis=0), points[list(indices)].max(axis=0)
        room = np.array([-aside, -above, aside, below]) * unit
        box = np.array([x0, y0, x1, y1]) + room
        found[name] = (float(box[0]), float(box[1]), float(box[2]), float(box[3]))
    return found
