"""Where the head is: crown, chin and sides, from the face mesh.

The mesh ends at the hairline, so the crown is estimated: in the mesh's upright frame it lies above the
forehead point by a share of the face's height (hair and skull). The matte corrects it where there is one.
"""

from __future__ import annotations

import numpy as np

from headshot.types import F32

# Forehead point (10) to chin (152) is about 1.0; crown lies about .27 of that above the forehead point.
_CROWN = 0.27
_SIDE = 0.12


def head_box(landmarks: F32) -> tuple[float, float, float, float]:
    """(left, top, right, bottom) of the head with ordinary hair, in the landmarks' pixels."""
    points = landmarks[:468, :2]
    up = points[10] - points[152]
    crown = points[10] + _CROWN * up
    left, right = points[:, 0].min(), points[:, 0].max()
    side = _SIDE * (right - left)
    top = min(float(crown[1]), float(points[:, 1].min()))
    return float(left - side), top, float(right + side), float(points[:, 1].max())


def crown(landmarks: F32, matte: F32 | None = None) -> float:
    """The y of the head's top. `matte` in the landmarks' frame: the highest row that is clearly head.

    Hair may stand above the estimate or lie below it; only a column over the face counts, so a raised arm or a
    hat's feather does not. Bounded to a sane range round the estimate.
    """
    _, top, _, bottom = head_box(landmarks)
    if matte is None:
        return top
    tall = bottom - top
    x = landmarks[:468, 0]
    x0, x1 = np.percentile(x, (20, 80)).astype(int)
    column = matte[:, max(0, x0) : max(1, x1)]
    if column.size == 0:
        return top
    rows = np.nonzero((column > 0.5).mean(axis=1) > 0.15)[0]
    if rows.size == 0:
        return top
    return float(np.clip(rows[0], top - 0.35 * tall, top + 0.18 * tall))
