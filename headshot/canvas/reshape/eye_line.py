"""Eyes of different height brought to one."""

from __future__ import annotations

import numpy as np

from headshot.canvas.reshape.face_axes import FaceAxes
from headshot.canvas.reshape.falloff import falloff
from headshot.imaging.landmarks import EYE_CORNERS
from headshot.types import F64

EVEN = 0.002  # eye distances: eyes that differ by less lie at one height
MOST = 0.03  # eye distances: of the difference no more is taken


def eye_line(face: FaceAxes, at: F64) -> F64:
    """Move the higher eye and its brow down, the other up, by half of what they differ: (..., 2) for (..., 2) (u, v).

    It ends .7 eye distances from an eye.
    """
    taken = np.clip(face.unlevel, -MOST, MOST)
    moved = np.zeros(at.shape)
    for corners, side in zip(EYE_CORNERS, (-1, 1), strict=True):
        away = at - (face.points[list(corners)].mean(axis=0) - np.array([0, 0.1]))
        moved[..., 1] -= side * taken / 2 * falloff(np.hypot(away[..., 0], away[..., 1]), 0.34, 0.7)
    return moved
