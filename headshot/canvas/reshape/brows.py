"""Brows, lower or higher."""

from __future__ import annotations

import numpy as np

from headshot.canvas.reshape.face_axes import FaceAxes
from headshot.canvas.reshape.falloff import falloff
from headshot.direction.feature_table import FEATURE_BOUNDS
from headshot.imaging.landmarks import LEFT_BROW, RIGHT_BROW
from headshot.types import F64

MOST = FEATURE_BOUNDS["brows"].most / 100  # eye distances


def brows(face: FaceAxes, at: F64) -> F64:
    """Move the brows up by `MOST`: (..., 2) for (..., 2) (u, v).

    It ends .22 eye distances below a brow, before the eye, .3 beside and .6 above it.
    """
    still = np.ones(at.shape[:-1])
    for outline in (RIGHT_BROW, LEFT_BROW):
        brow = face.points[list(outline)]
        low, high = brow[:, 0].min(), brow[:, 0].max()
        # Upper and lower edge as parabolas of u.
        upper, lower = np.polyfit(brow[:5, 0], brow[:5, 1], 2), np.polyfit(brow[5:, 0], brow[5:, 1], 2)
        u = np.clip(at[..., 0], low, high)
        above = falloff(np.polyval(upper, u) - at[..., 1], 0.05, 0.6)
        below = falloff(at[..., 1] - np.polyval(lower, u), 0.03, 0.22)
        still *= 1 - above * below * falloff(np.abs(at[..., 0] - u), 0.02, 0.3)
    return np.stack([np.zeros_like(still), -MOST * (1 - still)], axis=-1)
