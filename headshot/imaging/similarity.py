"""Similarities: a turn, one scale and a shift, without a mirror."""

from __future__ import annotations

import numpy as np

from headshot.types import F64


def fit_similarity(points: F64, target: F64) -> F64:
    """Fit the (2, 3) similarity that brings `points` (n, 2) nearest to `target` (n, 2): least squares (Umeyama 1991).

    The points must not all be at one place.
    """
    a, b = points - points.mean(axis=0), target - target.mean(axis=0)
    spread = float((a * a).sum())
    cos, sin = float((a * b).sum()) / spread, float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()) / spread
    turn = np.array([[cos, -sin], [sin, cos]])
    return np.column_stack([turn, target.mean(axis=0) - turn @ points.mean(axis=0)])
