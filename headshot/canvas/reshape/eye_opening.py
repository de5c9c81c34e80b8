"""Eyes more open, or narrower."""

from __future__ import annotations

import numpy as np

from headshot.canvas.reshape.face_axes import FaceAxes
from headshot.canvas.reshape.falloff import falloff
from headshot.direction.feature_table import FEATURE_BOUNDS
from headshot.imaging.landmarks import EYE_CORNERS
from headshot.types import F64

MOST = FEATURE_BOUNDS["eyes"].most / 100  # of an eye's height


def eye_opening(face: FaceAxes, at: F64) -> F64:
    """Stretch each eye's height by `MOST`: (..., 2) for (..., 2) (u, v). It ends .5 eye distances from an eye."""
    moved = np.zeros(at.shape)
    for corners in EYE_CORNERS:
        away = at - face.points[list(corners)].mean(axis=0)
        moved[..., 1] += MOST * away[..., 1] * falloff(np.hypot(away[..., 0], away[..., 1]), 0.25, 0.5)
    return moved
