"""Corners of the mouth, up or down."""

from __future__ import annotations

import numpy as np

from headshot.canvas.reshape.face_axes import FaceAxes
from headshot.canvas.reshape.falloff import between, falloff
from headshot.direction.feature_table import FEATURE_BOUNDS
from headshot.imaging.landmarks import MID_LIPS, MOUTH
from headshot.types import F64

MOST = FEATURE_BOUNDS["smile"].most / 100  # eye distances
_OUTWARD = 0.2  # of the way up: a smile widens the mouth too
_UPPER, _LOWER = 0, 17  # the lips' outer edge, mid-mouth


def smile(face: FaceAxes, at: F64) -> F64:
    """Move the corners up by `MOST`, the middle of the lips not at all: (..., 2) for (..., 2) (u, v).

    Upper and lower lip move together at every width of the mouth, so what is closed stays closed. It ends .85 of the
    mouth's half width beyond its corners, and .35 eye distances above and below the lips.
    """
    middle = face.points[list(MID_LIPS)].mean(axis=0)
    right, left = (face.points[corner] - middle for corner in MOUTH)
    u = at[..., 0] - middle[0]
    share = np.where(u < 0, u / right[0], u / left[0])
    rise = np.sin(np.pi / 2 * np.clip(share, 0, 1)) ** 2 * falloff(share, 1.1, 1.85)
    rise = rise * between(at[..., 1], face.points[_UPPER, 1] - 0.04, face.points[_LOWER, 1] + 0.04, 0.35, 0.35)
    return np.stack([_OUTWARD * MOST * np.sign(u) * rise, -MOST * rise], axis=-1)
