"""The canonical crop: a face with its eyes level and a fixed distance apart, on which every measure works.

Two faces in canonical crops have the same scale and tilt, so a figure in crop px is a figure in IED (160 px
to an IED by default). The crop never invents detail silently: `Aligned.scale` says how much the picture was
enlarged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.authenticity.measures.unmeasurable import WHOLE, Unmeasurable
from headshot.imaging.landmarks import (
    FACE_OVAL,
    INNER_LIPS,
    LEFT_BROW,
    LEFT_CHEEK,
    LEFT_EYE,
    LIPS,
    NOSE,
    NOSTRILS,
    RIGHT_BROW,
    RIGHT_CHEEK,
    RIGHT_EYE,
    eye_centre_distance,
)
from headshot.imaging.masks import grown, shrunk
from headshot.imaging.warp import level_eyes, transform_points, warp_low_passed
from headshot.language import tr
from headshot.types import F32, F64, U8

EYE_PX = 160
# The crop in units of the eye distance: 3.2 wide, 4 high, the eyes' midpoint 1.6 from the left and 1.55
# from the top. It holds the face from the hairline to below the chin, with a rim of background beside the
# jaw.
WIDTH, HEIGHT, ABOVE = 3.2, 4.0, 1.55
LEAST_INSIDE = 0.9  # of a region, in both pictures: less of it is not what the report calls it

_NOSE_BASE = 2  # of the mesh

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Aligned:
    """A face in the canonical crop.

    `pixels` (h, w, 3) uint8 RGB; `landmarks` (478, 3) float32 crop px; `matrix` (2, 3) float64, picture px
    → crop px; `scale` crop px for one picture px (above 1: enlarged); `eye_px` the eye distance in the
    crop, px; `source_eye_px` the same in the picture; `inside` (h, w) bool, where the picture has pixels at
    all.
    """

    pixels: U8
    landmarks: F32
    matrix: F64
    scale: float
    eye_px: float
    source_eye_px: float
    inside: Mask

    @cached_property
    def whole(self) -> Aligned:
        """The same face as if the picture had pixels everywhere: its masks are not cut off at the picture's edge."""
        return replace(self, inside=np.ones_like(self.inside))

    def within(self, inside: Mask) -> Aligned:
        """Give the same face, with pixels only where `inside` (h, w) bool has them too."""
        return replace(self, inside=self.inside & inside)

    @cached_property
    def lab(self) -> F32:
        """CIE Lab of the pixels, (h, w, 3) float32."""
        return np.asarray(cv2.cvtColor(self.pixels.astype(np.float32) / 255.0, cv2.COLOR_RGB2LAB), np.float32)

    @cached_property
    def lightness(self) -> F32:
        """CIE L* (0..100) of the pixels, (h, w) float32."""
        return np.ascontiguousarray(self.lab[..., 0])

    @cached_property
    def face(self) -> Mask:
        """Inside the mesh's oval, (h, w) bool."""
        return self.region(FACE_OVAL)

    @cached_property
    def eyes(self) -> Mask:
        return self.region(RIGHT_EYE) | self.region(LEFT_EYE)

    @cached_property
    def brows(self) -> Mask:
        return self.region(RIGHT_BROW) | self.region(LEFT_BROW)

    @cached_property
    def lips(self) -> Mask:
        """The red of the lips, without the open mouth."""
        return self.region(LIPS) & ~self.region(INNER_LIPS)

    @cached_property
    def nose(self) -> Mask:
        return self.region(NOSE)

    @cached_property
    def cheeks(self) -> Mask:
        return self.region(RIGHT_CHEEK) | self.region(LEFT_CHEEK)

    @cached_property
    def skin(self) -> Mask:
        """The face without eyes, brows, lips and nostrils, each with a margin, and without the oval's rim."""
        features = self.eyes | self.brows | self.region(LIPS) | self.region(NOSTRILS)
        skin: Mask = shrunk(self.face, 0.08 * self.eye_px) & ~grown(features, 0.06 * self.eye_px) & self.inside
        return skin

    @cached_property
    def below_nose(self) -> Mask:
        """The face from the nose's base down, (h, w) bool: where a beard grows, with the lips."""
        rows = np.arange(self.pixels.shape[0])[:, None]
        return self.face & (rows > self.landmarks[_NOSE_BASE, 1])

    def around(self, outline: Sequence[int]) -> Mask:
        """Fill the polygon through the landmarks `outline` with a rim of .06 eye distances, (h, w) bool."""
        return grown(self.region(outline), 0.06 * self.eye_px)

    def region(self, outline: Sequence[int]) -> Mask:
        """Fill the polygon through the landmarks `outline`, (h, w) bool, where the picture has pixels."""
        mask = np.zeros(self.pixels.shape[:2], np.uint8)
        points = np.round(self.landmarks[list(outline), :2] * 16).astype(np.int32)
        cv2.fillPoly(mask, [points], 1, shift=4)
        filled: Mask = (mask > 0) & self.inside
        return filled


def needs_inside(where: Mask, inside: Mask, what: str, least: float = LEAST_INSIDE) -> None:
    """Raise Unmeasurable unless `inside` holds `least` of `where`, (h, w) bool each; `what` names it to people."""
    if np.count_nonzero(where & inside) < least * max(1, int(np.count_nonzero(where))):
        raise Unmeasurable(tr("one of the pictures cuts off part of {what}.", what=tr(what)), WHOLE)


def canonical(picture: U8, landmarks: F32, eye_px: int = EYE_PX, detail: float | None = None) -> Aligned:
    """Warp `picture` so that its eye-corner midpoints are level and `eye_px` px apart.

    `landmarks`: (478, 3) px. `detail` limits the fineness to what that many px between the eyes can hold,
    so that a sharp picture can be compared with one that never had the pixels. Reduction is low-pass
    filtered (no aliasing); enlargement is cubic and shows in `scale`. Pixels from outside the picture
    repeat its edge and are false in `inside`. Raises ValueError when the two eyes coincide.
    """
    height, width = picture.shape[:2]
    size = (round(WIDTH * eye_px), round(HEIGHT * eye_px))
    distance = eye_centre_distance(landmarks)
    matrix, scale = level_eyes(landmarks, eye_px, (size[0] / 2.0, ABOVE * eye_px))
    fine = min(scale, 1.0 if detail is None else detail / distance)
    return Aligned(
        pixels=warp_low_passed(picture, matrix, size, fine, margin=4),
        landmarks=transform_points(landmarks.astype(np.float64), matrix),
        matrix=matrix,
        scale=scale,
        eye_px=float(eye_px),
        source_eye_px=distance,
        inside=_inside(matrix, size, width, height),
    )


def _inside(matrix: F64, size: tuple[int, int], width: int, height: int) -> Mask:
    """Where a crop of `size` shows pixels of a picture width × height, (h, w) bool."""
    back = np.linalg.inv(np.vstack([matrix, [0, 0, 1]]))

    def shown(x: F64, y: F64) -> Mask:
        sx, sy = back[0, 0] * x + back[0, 1] * y + back[0, 2], back[1, 0] * x + back[1, 1] * y + back[1, 2]
        within: Mask = (sx > -0.5) & (sx < width - 0.5) & (sy > -0.5) & (sy < height - 0.5)
        return within

    right, low = size[0] - 1.0, size[1] - 1.0
    if shown(np.array([0.0, right, 0.0, right]), np.array([0.0, 0.0, low, low])).all():  # then all between are
        return np.ones((size[1], size[0]), bool)
    return shown(np.arange(size[0], dtype=np.float64)[None, :], np.arange(size[1], dtype=np.float64)[:, None])
