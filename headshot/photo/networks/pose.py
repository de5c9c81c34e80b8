"""BlazePose: one person's 33 points, and which pixels are theirs.

Reference: Bazarevsky et al., BlazePose (2020). As MediaPipe's Pose with model_complexity 1 on single pictures.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np

from headshot.photo.networks.activation import sigmoid
from headshot.photo.networks.boxes import Detector, Find
from headshot.photo.networks.region import Region, wrapped
from headshot.photo.networks.session import run
from headshot.types import F32, F64, U8

DETECTOR = Detector("pose_detector", 224, ((8, 2), (16, 2), (32, 6)), 0.5)
SIDE = 256
_LEAST = 0.5  # probability that there is a person in the region
_POINTS = 33
_REFINED, _BELIEVED = 7, 0.5  # cells of the heatmap round a point, and the peak from which it is heeded


class Pose(NamedTuple):
    """`points` (33, 3) px, `visibility` (33,) 0..1, `person` (h, w) float32 0..1."""

    points: F64
    visibility: F32
    person: F32


def find_pose(pixels: U8) -> Pose | None:
    """The most certain person of a picture (h, w, 3) uint8 RGB, or None."""
    found = DETECTOR.find(pixels)
    return pose_in(pixels, pose_region(found[0])) if found else None


def pose_region(person: Find) -> Region:
    """Where the landmarks' network looks: round the hips, reaching 1.25 times to the detector's size point."""
    (x, y), (far_x, far_y) = person.points[:2]
    side = 2.5 * math.hypot(far_x - x, far_y - y)
    return Region(x, y, side, side, wrapped(math.pi / 2 - math.atan2(y - far_y, far_x - x)))


def pose_in(pixels: U8, region: Region) -> Pose | None:
    """The person in a square region, or None where the network sees none."""
    raw, certainty, mask, heat, _ = run("pose_landmarks", region.sample(pixels, SIDE))
    if float(certainty.ravel()[0]) < _LEAST:
        return None
    rows = raw.reshape(-1, 5)[:_POINTS].astype(np.float64)
    points = rows[:, :3] / SIDE
    points[:, :2] = _refined(points[:, :2], heat[0])
    visibility = sigmoid(raw.reshape(-1, 5)[:_POINTS, 3])
    person = sigmoid(mask[0, :, :, 0])
    return Pose(region.to_picture(points), visibility, _placed(person, region, pixels.shape))


def _refined(points: F64, heat: F32) -> F64:
    """Each point (n, 2) 0..1 moved to the centre of its own heatmap (rows, columns, ≥ n) near it."""
    rows, columns = heat.shape[:2]
    reach, moved = _REFINED // 2, points.copy()
    for i, (x, y) in enumerate(points):
        column, row = int(x * columns), int(y * rows)
        if not (0 <= column < columns and 0 <= row < rows + reach):  # MediaPipe looks for points below the picture too
            continue
        top, left = max(0, row - reach), max(0, column - reach)
        near = sigmoid(heat[top : row + reach + 1, left : column + reach + 1, i])
        if near.max() >= _BELIEVED:
            y_at, x_at = np.mgrid[top : top + near.shape[0], left : left + near.shape[1]]
            moved[i] = (near * x_at).sum() / near.sum() / columns, (near * y_at).sum() / near.sum() / rows
    return moved


def _placed(mask: F32, region: Region, shape: tuple[int, ...]) -> F32:
    """A region's mask (256, 256) on the whole picture, 0 outside the region."""
    # The way back from the picture's px to the mask's, as MediaPipe's WarpAffineCalculator goes it.
    cos, sin = math.cos(region.turn) * SIDE / region.width, math.sin(region.turn) * SIDE / region.width
    linear = np.array([[cos, sin], [-sin, cos]])
    shift = SIDE / 2 - linear @ [region.x, region.y]
    matrix = np.column_stack([linear, shift]).astype(np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(mask, matrix, (shape[1], shape[0]), flags=flags), np.float32)
