"""Move pictures and points by similarities: one place for pixel centres, anti-aliasing and borders."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.imaging.landmarks import eye_centre_distance, eye_centres
from headshot.types import F32, F64, U8


def similarity(scale: float, degrees: float, centre: tuple[float, float], target: tuple[float, float]) -> F64:
    """(2, 3) matrix that turns by `degrees` (counter-clockwise as seen), scales, and moves `centre` onto `target`."""
    angle = np.deg2rad(degrees)
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    linear = np.array([[cos, sin], [-sin, cos]])
    return np.column_stack([linear, np.array(target) - linear @ np.array(centre)])


def level_eyes(landmarks: F32, eye_px: float, target: tuple[float, float]) -> tuple[F64, float]:
    """The similarity that levels the eyes, `eye_px` apart, with their middle at `target`: (2, 3) matrix and scale.

    By the midpoints of the eyes' corners. Raises ValueError where the two eyes coincide.
    """
    eyes, distance = eye_centres(landmarks), eye_centre_distance(landmarks)
    scale = eye_px / distance
    cos, sin = (eyes[1] - eyes[0]) / distance * scale
    turn = np.array([[cos, sin], [-sin, cos]])
    return np.column_stack([turn, np.array(target) - turn @ eyes.mean(axis=0)]), scale


def transform_points(points: F32 | F64, matrix: F64) -> F32:
    """Move points (n, 2) or (n, 3) by a similarity; z is scaled alike."""
    xy = points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    if points.shape[1] == 2:
        return xy.astype(np.float32)
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    return np.column_stack([xy, points[:, 2] * scale]).astype(np.float32)


def warp_low_passed(
    picture: U8,
    matrix: F64,
    size: tuple[int, int],
    scale: float,
    *,
    margin: int | None = None,
    interpolation: int = cv2.INTER_CUBIC,
    border: int = cv2.BORDER_REPLICATE,
    colour: tuple[int, int, int] = (0, 0, 0),
) -> U8:
    """Warp a picture (h, w, 3) by `matrix` into `size` (width, height), with no more detail than `scale` of its pixels.

    By a Gaussian below a scale of 1, not an area average: its effect is continuous in `scale`, so that two nearly equal
    sizes are treated nearly alike. Only the part that is shown is filtered, and `margin` px round it, so that a 40
    megapixel photo costs no more than its face; None: as many as the result depends on. `colour` beyond the picture,
    with cv2.BORDER_CONSTANT.
    """
    sigma = 0.5 * math.sqrt(1.0 / scale**2 - 1.0) + 1e-3 if scale < 1 else 0.0
    if margin is None:
        margin = math.ceil(3 * sigma) + 4  # what the blur reaches, and the interpolation
    corners = np.array([[0, 0], [size[0], 0], [0, size[1]], list(size)], np.float64)
    seen = (corners - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
    width, height = picture.shape[1], picture.shape[0]
    x0, y0 = np.clip(np.floor(seen.min(axis=0)).astype(int) - margin, 0, (width - 1, height - 1))
    x1, y1 = np.clip(np.ceil(seen.max(axis=0)).astype(int) + margin + 1, (x0 + 1, y0 + 1), (width, height))
    picture = picture[y0:y1, x0:x1]
    matrix = np.column_stack([matrix[:, :2], matrix[:, 2] + matrix[:, :2] @ np.array([x0, y0], np.float64)])
    if sigma:
        picture = cv2.GaussianBlur(picture, (0, 0), sigma)
    picture = np.ascontiguousarray(picture)
    out = cv2.warpAffine(picture, matrix, size, flags=interpolation, borderMode=border, borderValue=colour)
    return np.ascontiguousarray(out, np.uint8)


def warp(
    picture: NDArray[np.generic],
    matrix: F64,
    size: tuple[int, int],
    *,
    origin: tuple[int, int] = (0, 0),
    border: int = cv2.BORDER_REPLICATE,
) -> NDArray[np.generic]:
    """Warp a picture by `matrix` (photo px → target px) into `size` (width, height).

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
