"""The nose, narrower or wider."""

from __future__ import annotations

import numpy as np

from headshot.canvas.reshape.face_axes import FaceAxes
from headshot.canvas.reshape.falloff import between, falloff
from headshot.direction.feature_table import FEATURE_BOUNDS
from headshot.imaging.landmarks import NOSE_BASE
from headshot.types import F64

MOST = FEATURE_BOUNDS["nose"].most / 100  # of its width
_WINGS = (129, 358)
_BRIDGE = 0.2  # eye distances below the eyes, from where it widens whole


def nose_width(face: FaceAxes, at: F64) -> F64:
    """Widen the nose below its bridge by `MOST`: (..., 2) for (..., 2) (u, v).

    It ends between the eyes, .2 eye distances below the nose and .3 beside its wings.
    """
    wings, base = face.points[list(_WINGS)], face.points[NOSE_BASE, 1]
    u = at[..., 0] - wings[:, 0].mean()
    half = float(np.abs(np.diff(wings[:, 0]))[0]) / 2 + 0.04
    whole = falloff(np.abs(u), half, half + 0.3) * between(at[..., 1], _BRIDGE, base + 0.03, _BRIDGE, 0.2)
    return np.stack([MOST * u * whole, np.zeros_like(u)], axis=-1)
