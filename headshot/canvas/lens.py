"""Move the camera on own pixels: nearer or farther, lower or higher, by the parallax of the face's depth.

What is nearer to the camera grows faster when it comes closer, and shifts farther when it rises: the nose against
the ears. Both are re-projections of the photo's own pixels by the face mesh's depth. The head's outline, shoulders
and backdrop stay where they are, and nothing that was hidden is invented; that is why both have narrow bounds:

- `Crop.lens` ±1: the nose grows or shrinks by `MOST_SCALE` against the ears, what lies between by less.
- `Crop.camera_height` ±1: the camera rises or sinks by `MOST_DEGREES`, turning about the depth of the ears.
- Together they share a third bound: the face's parts move against each other by `MOST_SHAPE` of the eye distance
  (root mean square over the mesh, whole-face motion taken out); beyond it both are drawn back alike. On 21 photos the
  report's own measure of shape then stayed amber, never red (docs/log.md, "The camera on own pixels").
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import cv2
import numpy as np

from headshot.imaging.landmarks import MESH, NOSE_BRIDGE, NOSE_TIP, TEMPLES, eye_distance
from headshot.imaging.masks import hull_mask
from headshot.imaging.mesh_values import between_points
from headshot.types import F32, U8, Crop

MOST_SCALE = 0.035
MOST_DEGREES = 1.5
MOST_SHAPE = 0.005
NOTE = "The camera was moved on your own pixels: parts of the face shift a little, and the report measures by how much."
_GRID = 256  # px: the longer side on which the depth is worked out; it is smooth


@dataclass(frozen=True, eq=False)
class CameraMove:
    """Where each pixel of the moved picture comes from: (h, w) float32 px each. `shift`: how far, px."""

    x: F32
    y: F32

    @property
    def shift(self) -> F32:
        rows, columns = (np.arange(n, dtype=np.float32) for n in self.x.shape)
        return np.hypot(self.x - columns, self.y - rows[:, None])


def camera_move(landmarks: F32, shape: tuple[int, ...], crop: Crop) -> CameraMove | None:
    """Work out the camera's move for a frame of `shape` (height, width); None where the crop asks for none.

    `landmarks` (478, 3) in frame pixels. The optical axis goes through the bridge of the nose, so the eyes keep
    their height.
    """
    if crop.lens == 0 and crop.camera_height == 0:
        return None
    height, width = shape[:2]
    near = _nearness(landmarks, height, width)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    forward = _displacement(landmarks, near, x, y, _bounded(landmarks, near, crop))
    # Backward map by fixed point: the field is smooth and far from folding, so three rounds reach a hundredth px.
    dx, dy = forward
    for _ in range(3):
        dx, dy = (cv2.remap(f, x - dx, y - dy, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) for f in forward)
    return CameraMove(x - dx, y - dy)


def moved_landmarks(landmarks: F32, shape: tuple[int, ...], crop: Crop) -> F32:
    """Move the landmarks (478, 3) px as `camera_move` moves the pixels; depth stays."""
    if crop.lens == 0 and crop.camera_height == 0:
        return landmarks
    near = _nearness(landmarks, *shape[:2])
    dx, dy = _at(landmarks, near, _bounded(landmarks, near, crop))
    x, y = landmarks[:, 0], landmarks[:, 1]
    return np.column_stack([x + dx, y + dy, landmarks[:, 2]]).astype(np.float32)


Pixels = TypeVar("Pixels", F32, U8)


def moved_picture(picture: Pixels, move: CameraMove) -> Pixels:
    """Move a picture or a matte, in its own type; a matte may overshoot 0..1 by a little."""
    return cv2.remap(picture, move.x, move.y, cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REPLICATE)


def unmoved_share(landmarks: F32, move: CameraMove) -> float:
    """Measure the share 0..1 of the face that the move leaves within a quarter of a pixel; `landmarks` before it."""
    face = hull_mask(landmarks[:MESH, :2], move.x.shape) > 0
    return float((move.shift[face] < 0.25).mean()) if face.any() else 0.0


def _at(landmarks: F32, near: F32, crop: Crop) -> tuple[F32, F32]:
    """The displacement of each landmark, px each way."""
    x, y = landmarks[None, :, 0].copy(), landmarks[None, :, 1].copy()
    there = cv2.remap(near, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    dx, dy = _displacement(landmarks, there, x, y, crop)
    return dx[0], dy[0]


def _bounded(landmarks: F32, near: F32, crop: Crop) -> Crop:
    """Reduce the crop's lens and camera height by one factor, so that they keep `MOST_SHAPE`."""
    points = landmarks[:MESH, :2].astype(np.float64)
    dx, dy = (d[:MESH].astype(np.float64) for d in _at(landmarks, near, crop))
    x, y = (points - points.mean(0)).T
    one, none = np.ones_like(x), np.zeros_like(x)
    # Turn, scale and shift of the whole face, by least squares.
    whole = np.concatenate([np.stack([x, -y, one, none], 1), np.stack([y, x, none, one], 1)])
    motion = np.concatenate([dx, dy])
    left = motion - whole @ np.linalg.lstsq(whole, motion, rcond=None)[0]
    moved_by = float(np.sqrt(2 * np.mean(left**2))) / eye_distance(landmarks)
    share = min(1.0, MOST_SHAPE / max(moved_by, 1e-9))
    return replace(crop, lens=share * crop.lens, camera_height=share * crop.camera_height)


def _displacement(landmarks: F32, near: F32, x: F32, y: F32, crop: Crop) -> tuple[F32, F32]:
    """How far a pixel at (x, y) of nearness `near` moves, px each way."""
    centre = landmarks[NOSE_BRIDGE, :2]
    scale = np.float32(-MOST_SCALE * crop.lens) * near
    # The mesh's depth between ears and nose, in the picture's px, turns about the ears' depth.
    depth = float(landmarks[list(TEMPLES), 2].mean() - landmarks[NOSE_TIP, 2])
    drop = np.float32(depth * np.sin(np.deg2rad(MOST_DEGREES * crop.camera_height))) * near
    return scale * (x - centre[0]), scale * (y - centre[1]) + drop


def _nearness(landmarks: F32, height: int, width: int) -> F32:
    """Map how near each pixel is to the camera: 0 at the ears' depth and beside the face, 1 at the tip of the nose.

    Smooth, (height, width) float32.
    """
    scale = min(1.0, _GRID / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    points = landmarks[:MESH].astype(np.float64) * scale
    eye_px = eye_distance(landmarks) * scale
    far, tip = float(points[list(TEMPLES), 2].mean()), float(points[NOSE_TIP, 2])
    near = np.clip((far - points[:, 2]) / max(far - tip, 0.3 * eye_px), 0, 1)
    x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    places = np.column_stack([x.ravel(), y.ravel()]).astype(np.float64)
    inside = between_points(points[:, :2], near, places).reshape(x.shape)
    known = np.isfinite(inside)
    # Beside the face the nearness of the nearest edge runs out over half an eye distance, as the skull does.
    beside = (~known).astype(np.uint8)
    away, labels = cv2.distanceTransformWithLabels(beside, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    at_edge = np.zeros(labels.max() + 1)
    at_edge[labels[known]] = inside[known]
    outside = at_edge[labels] * np.exp(-((away / (0.45 * eye_px)) ** 2))
    field = cv2.GaussianBlur(np.where(known, inside, outside).astype(np.float32), (0, 0), max(0.8, 0.16 * eye_px))
    return cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 1)
