"""How far further photos of a person show what an expression moves: corners of the mouth, lids, brows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from headshot.canvas.reshape.face_axes import FaceAxes
from headshot.direction.feature_table import FEATURE_BOUNDS
from headshot.imaging.landmarks import EYE_CORNERS, MID_LIDS, MOUTH
from headshot.types import F32

LEAST_PHOTOS = 2
_UPPER, _LOWER = 0, 17  # the lips' outer edge, mid-mouth
_BROWS = (105, 334)


def expression_ranges(landmarks: F32, further: Sequence[F32]) -> dict[str, tuple[float, float]]:
    """Measure from where to where `further` (478, 3) px show each feature against `landmarks`, as its setting has it.

    By the mesh, which follows less than is there; 0 is always within. Empty for fewer than two further photos.
    """
    if len(further) < LEAST_PHOTOS:
        return {}
    ranges = {}
    for name, read in _READ.items():
        here = read(FaceAxes(landmarks))
        apart = [(read(FaceAxes(marks)) - here) / (FEATURE_BOUNDS[name].most / 100) for marks in further]
        ranges[name] = (float(np.clip(min(0.0, *apart), -1, 0)), float(np.clip(max(0.0, *apart), 0, 1)))
    return ranges


def _corners(face: FaceAxes) -> float:
    """How far the corners of the mouth lie above its middle, eye distances."""
    return float(face.points[[_UPPER, _LOWER], 1].mean() - face.points[list(MOUTH), 1].mean())


def _opening(face: FaceAxes) -> float:
    """The logarithm of the eyes' height over their width."""
    heights = [np.hypot(*(face.points[a] - face.points[b])) for a, b in MID_LIDS]
    widths = [np.hypot(*(face.points[a] - face.points[b])) for a, b in EYE_CORNERS]
    return float(np.log(max(float(np.mean(heights)), 1e-3) / float(np.mean(widths))))


def _brows(face: FaceAxes) -> float:
    """How far the brows lie above the eyes, eye distances."""
    return float(-face.points[list(_BROWS), 1].mean())


_READ: Mapping[str, Callable[[FaceAxes], float]] = MappingProxyType(
    {"smile": _corners, "eyes": _opening, "brows": _brows}
)
