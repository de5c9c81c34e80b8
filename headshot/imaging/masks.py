"""Draw masks from points: filled polygons, convex hulls, and the disc that grows or shrinks them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.types import F32, F64, U8


def polygon_mask(points: F32 | F64 | NDArray[np.int32], shape: tuple[int, ...]) -> U8:
    """Fill the polygon through `points` (n, 2) px, rounded to whole px: (h, w) uint8, 1 inside."""
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(points).astype(np.int32)], 1)
    return mask


def hull_mask(points: F32, shape: tuple[int, ...]) -> U8:
    """Fill the convex hull of `points` (n, 2) px, rounded to whole px: (h, w) uint8, 1 inside."""
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.round(cv2.convexHull(np.ascontiguousarray(points))).astype(np.int32), 1)
    return mask


def disc(radius: float) -> U8:
    """Make a disc of `radius` px, at least 1, as the kernel of a dilation or an erosion."""
    size = 2 * max(1, round(radius)) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)
