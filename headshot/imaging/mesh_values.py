"""Values at the points of a face mesh, spread over the pixels between them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.types import F64

_NONE = -1
_BEYOND = -0.05  # share of a corner: a pixel of an edge may lie just beyond it, and far beyond a thin triangle
_SIDE = 1024  # px: the longer side of the drawing in which triangles are found


def between_points(points: F64, values: F64, places: F64) -> F64:
    """Interpolate `values` (n,) at `points` (n, 2) linearly in the triangles between them: (m,), NaN outside of all.

    `places` (m, 2). As SciPy's LinearNDInterpolator, whose import takes .4 s of the processor.
    """
    corners = _triangles(points)
    start, size = points.min(axis=0), np.ptp(points, axis=0)
    scale = _SIDE / size.max()
    width, height = np.ceil(size * scale).astype(int) + 1
    drawn = np.full((height, width), _NONE, np.int32)
    for number, corner in enumerate(np.round((points[corners] - start) * scale).astype(np.int32)):
        cv2.fillConvexPoly(drawn, corner, number)
    x, y = np.round((places - start) * scale).astype(int).T
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    triangle = np.where(inside, drawn[y.clip(0, height - 1), x.clip(0, width - 1)], _NONE)
    first, second, third = points[corners[triangle]].transpose(1, 0, 2)
    across, along, to = second - first, third - first, places - first
    area = _cross(across, along)
    shares = np.column_stack([_cross(to, along), _cross(across, to)]) / area[:, None]
    shares = np.column_stack([1 - shares.sum(1), shares]).clip(_BEYOND)
    found = (values[corners[triangle]] * shares).sum(1) / shares.sum(1)
    return np.where(triangle == _NONE, np.nan, found)


def _triangles(points: F64) -> NDArray[np.intp]:
    """List the corners of Delaunay's triangles between `points` (n, 2), (t, 3): their places in it."""
    single = points.astype(np.float32)
    left, top = np.floor(single.min(axis=0)).astype(int) - 1
    right, bottom = np.ceil(single.max(axis=0)).astype(int) + 1
    mesh = cv2.Subdiv2D((int(left), int(top), int(right - left), int(bottom - top)))
    mesh.insert([(float(x), float(y)) for x, y in single])
    number = {(float(x), float(y)): at for at, (x, y) in enumerate(single)}
    listed = np.asarray(mesh.getTriangleList()).reshape(-1, 3, 2).tolist()
    found = [[number.get((x, y), _NONE) for x, y in triangle] for triangle in listed]
    corners = np.array([triangle for triangle in found if _NONE not in triangle], np.intp).reshape(-1, 3)
    first, second, third = points[corners].transpose(1, 0, 2)
    return corners[_cross(second - first, third - first) != 0]


def _cross(a: F64, b: F64) -> F64:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
