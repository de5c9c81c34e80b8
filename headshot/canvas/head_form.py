"""Model the form of the head: a surface normal for each pixel, from the face mesh's depth.

Over the face the mesh's depth, smoothed by .10 of the eye distance (unblurred facets would show); an ellipsoid
for hair and ears; a vertical cylinder below the chin. Measured in docs/log.md, "Light".
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from headshot.imaging.landmarks import CHIN, MESH, TEMPLES, eye_distance
from headshot.imaging.masks import hull_mask
from headshot.imaging.mesh_values import between_points
from headshot.types import F32, F64, U8

_GRID = 256  # px: the longer side on which the form is worked out; it is smooth


@dataclass(frozen=True, eq=False)
class HeadForm:
    """`normals`: (h, w, 3) float32 unit vectors, x right, y down, z to the camera; `face`: soft map of the face."""

    normals: F32
    face: F32

    def few(self) -> tuple[HeadForm, int]:
        """Leave the middle pixel of each square of n × n alone, n odd: about `_GRID` are enough. Gives n too."""
        step = 2 * (max(self.face.shape) // (2 * _GRID)) + 1
        return HeadForm(*(field[step // 2 :: step, step // 2 :: step] for field in (self.normals, self.face))), step


def head_form(landmarks: F32, shape: tuple[int, ...]) -> HeadForm:
    """Model the head for a frame of `shape` (height, width). `landmarks` (478, 3) in frame px."""
    height, width = shape[:2]
    scale = min(1.0, _GRID / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    points = landmarks[:MESH].astype(np.float64) * scale
    eye_px = eye_distance(landmarks) * scale
    y, x = np.mgrid[: size[1], : size[0]].astype(np.float64)

    mask = hull_mask(points[:, :2].astype(np.float32), x.shape)
    face = _face_normals(points, mask, eye_px)

    middle, half = _middle(points)
    head = _ellipsoid(x, y, (middle[0], middle[1] - 0.25 * eye_px), 1.22 * half, 1.95 * eye_px)
    across = np.clip((x - middle[0]) / (3.2 * eye_px), -0.95, 0.95)
    body = np.stack([across, np.full_like(x, -0.15), np.sqrt(1 - across**2)], -1)

    chin = points[CHIN, 1]
    below = _smooth((y - (chin - 0.2 * eye_px)) / (0.7 * eye_px))[..., None]
    rest = (1 - below) * head + below * body
    inner = cv2.erode(mask, np.ones((3, 3), np.uint8), iterations=max(1, round(0.08 * eye_px)))
    share = cv2.GaussianBlur(inner.astype(np.float32), (0, 0), max(0.6, 0.12 * eye_px)).astype(np.float64)[..., None]
    normals = share * face + (1 - share) * rest
    normals = cv2.GaussianBlur(normals, (0, 0), max(0.6, 0.08 * eye_px))
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    wide = (width, height)
    return HeadForm(
        cv2.resize(normals.astype(np.float32), wide, interpolation=cv2.INTER_LINEAR),
        cv2.resize(share[..., 0].astype(np.float32), wide, interpolation=cv2.INTER_LINEAR),
    )


def _face_normals(points: F64, mask: U8, eye_px: float) -> F64:
    """Normals from depth: n ∝ (∂z/∂x, ∂z/∂y, 1) with z growing away from the camera."""
    ys, xs = np.nonzero(cv2.dilate(mask, np.ones((3, 3), np.uint8)))
    depth = np.zeros(mask.shape)
    known = np.zeros(mask.shape)
    values = between_points(points[:, :2], points[:, 2], np.column_stack([xs, ys]).astype(np.float64))
    good = np.isfinite(values)
    depth[ys[good], xs[good]] = values[good]
    known[ys[good], xs[good]] = 1.0
    sigma = max(0.6, 0.10 * eye_px)
    weight = cv2.GaussianBlur(known, (0, 0), sigma)
    depth = cv2.GaussianBlur(depth, (0, 0), sigma) / np.maximum(weight, 1e-3)
    gy, gx = np.gradient(depth)
    normals = np.stack([gx, gy, np.ones_like(gx)], -1)
    return np.asarray(normals / np.linalg.norm(normals, axis=-1, keepdims=True))


def _middle(points: F64) -> tuple[F64, float]:
    """The head's middle at eye height, px, and half the distance between the temples, px."""
    left, right = points[list(TEMPLES), :2]
    eyes = (points[33, :2] + points[263, :2]) / 2
    return np.array([(left[0] + right[0]) / 2, eyes[1]]), float(np.hypot(*(right - left))) / 2


def _ellipsoid(x: F64, y: F64, centre: tuple[float, float], a: float, b: float) -> F64:
    nx, ny = (x - centre[0]) / a, (y - centre[1]) / b
    radius = np.hypot(nx, ny)
    shrink = np.minimum(1.0, 0.97 / np.maximum(radius, 1e-6))
    nx, ny = nx * shrink, ny * shrink
    nz = np.sqrt(np.maximum(1 - nx**2 - ny**2, 0.02))
    normals = np.stack([nx / a, ny / b, nz / min(a, b)], -1)
    return np.asarray(normals / np.linalg.norm(normals, axis=-1, keepdims=True))


def _smooth(t: F64) -> F64:
    t = np.clip(t, 0, 1)
    return np.asarray(t * t * (3 - 2 * t))
