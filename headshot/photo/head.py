"""Locate the head: crown, chin and sides, from the face mesh.

The mesh ends at the hairline, so the crown is estimated: in the mesh's upright frame it lies above the
forehead point by a share of the face's height (hair and skull). The matte corrects it where there is one.
"""

from __future__ import annotations

import numpy as np

from headshot.imaging.landmarks import CHIN, HAIRLINE, MESH
from headshot.types import F32

_CROWN = 0.27  # of the distance from hairline to chin: how far above the hairline the crown lies
_SIDE = 0.12  # of the mesh's width: how far hair and ears reach beyond it


def head_box(landmarks: F32) -> tuple[float, float, float, float]:
    """Estimate the box of the head with ordinary hair: (left, top, right, bottom) in the landmarks' px."""
    points = landmarks[:MESH, :2]
    up = points[HAIRLINE] - points[CHIN]
    crown = points[HAIRLINE] + _CROWN * up
    left, right = points[:, 0].min(), points[:, 0].max()
    side = _SIDE * (right - left)
    top = min(float(crown[1]), float(points[:, 1].min()))
    return float(left - side), top, float(right + side), float(points[:, 1].max())


def crown(landmarks: F32, matte: F32 | None = None) -> float:
    """Estimate the y of the head's top, px. With a `matte` (h, w) in the landmarks' frame: the highest row of the head.

    Hair may stand above the estimate or lie below it; only a column over the face counts, so a raised arm or a
    hat's feather does not. Bounded to a sane range round the estimate.
    """
    _, top, _, bottom = head_box(landmarks)
    if matte is None:
        return top
    tall = bottom - top
    x = landmarks[:MESH, 0]
    x0, x1 = np.percentile(x, (20, 80)).astype(int)
    column = matte[:, max(0, x0) : max(1, x1)]
    if column.size == 0:
        return top
    rows = np.nonzero((column > 0.5).mean(axis=1) > 0.15)[0]
    if rows.size == 0:
        return top
    return float(np.clip(rows[0], top - 0.35 * tall, top + 0.18 * tall))
