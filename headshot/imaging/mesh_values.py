"""Values at the points of a face mesh, spread over the pixels between them."""

from __future__ import annotations

import numpy as np

from headshot.types import F64


def between_points(points: F64, values: F64, places: F64) -> F64:
    """Interpolate `values` (n,) at `points` (n, 2) linearly in the triangles between them: (m,), NaN outside of all.

    `places` (m, 2). As scipy.interpolate.LinearNDInterpolator, whose import takes a tenth of a second of the processor.
    """
    from scipy.spatial import Delaunay

    mesh = Delaunay(points)
    triangle = mesh.find_simplex(places)
    to_corners = mesh.transform[triangle]  # (m, 3, 2): an inverse matrix, and the corner that it starts from
    two = np.einsum("mij,mj->mi", to_corners[:, :2], places - to_corners[:, 2])
    shares = np.column_stack([two, 1 - two.sum(1)])
    return np.where(triangle >= 0, (values[mesh.simplices[triangle]] * shares).sum(1), np.nan)
