"""The head tilted to a side, on its neck."""

from __future__ import annotations

import numpy as np

from headshot.canvas.reshape.face_axes import FaceAxes
from headshot.canvas.reshape.falloff import falloff
from headshot.direction.feature_table import FEATURE_BOUNDS
from headshot.imaging.landmarks import CHIN
from headshot.types import F64

MOST = FEATURE_BOUNDS["tilt"].most  # degrees
_PIVOT = 0.5  # eye distances below the chin


def head_tilt(face: FaceAxes, at: F64) -> F64:
    """Turn the head by `MOST`, the crown to the viewer's right: (..., 2) for (..., 2) (u, v).

    Head and hair turn whole; it ends .9 eye distances below the chin, and 4 from the middle of the head.
    """
    chin = face.points[CHIN]
    from_pivot = at - (chin + np.array([0, _PIVOT]))
    angle = np.deg2rad(MOST)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    head = at - (chin + np.array([0.0, -1.3]))
    whole = falloff(at[..., 1] - chin[1], -0.1, 0.9) * falloff(np.hypot(head[..., 0], head[..., 1]), 2.8, 4.0)
    return np.asarray((from_pivot @ turn.T - from_pivot) * whole[..., None], np.float64)
