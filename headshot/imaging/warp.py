"""Moving pixels by a similarity: one place for pixel centres, anti-aliasing and borders."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.types import F32, F64


def similarity(scale: float, degrees: float, centre: tuple[float, float], target: tuple[float, float]) -> F64:
    """(2, 3) matrix that turns by `degrees` (counter-clockwise as seen), scales, and moves `centre` onto `target`."""
    angle = np.deg2rad(degrees)
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    linear = np.array([[cos, sin], [-sin, cos]])
    return np.column_stack([linear, np.array(target) - linear @ np.array(centre)])


def move(points: F32, matrix: F64) -> F32:
    """Points (n, 2) or (n, 3) through a similarity; z is scaled alike."""
    xy = points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    if points.shape[1] == 2:
        return xy.astype(np.float32)
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    return np.column_stack([xy, points[:, 2] * scale]).astype(np.float32)


def warp(
    picture: NDArray[np.generic],
    matrix: F64,
    size: tuple[int, int],
    *,
    origin: tuple[int, int] = (0, 0),
    border: int = cv2.BORDER_REPLICATE,
) -> NDArray[np.generic]:
    """`picture` through `matrix` (photo px → target px) into `size` (width, height).

    `origin`: where the picture's first pixel lies in the photo. Reduced by area averaging first where it gets
    smaller, so that hair and cloth do not alias; enlarged by cubic interpolation.
    """
    matrix = matrix.copy()
    matrix[:, 2] += matrix[:, :2] @ np.array(origin, np.float64)
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    interpolation = cv2.INTER_CUBIC
    if scale < 0.9:
        height, width = picture.shape[:2]
        small = (max(1, round(width * scale)), max(1, round(height * scale)))
        picture = cv2.resize(picture, small, interpolation=cv2.INTER_AREA)
        # resize maps pixel centres: x' = (x + .5)·s − .5
        s = np.array([small[0] / width, small[1] / height])
        matrix[:, 2] += matrix[:, :2] @ (0.5 / s - 0.5)
        matrix[:, :2] = matrix[:, :2] / s
        interpolation = cv2.INTER_LINEAR
    return cv2.warpAffine(picture, matrix, size, flags=interpolation, borderMode=border)
