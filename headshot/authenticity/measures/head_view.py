"""A picture with its face, ready for the measures that need no registration: the canonical crop and a head window."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np

from headshot.authenticity.measures.aligned_face import ABOVE, WIDTH, Aligned, Mask, canonical
from headshot.imaging.colour import linear_to_srgb, luminance, srgb_to_linear, to_linear
from headshot.imaging.landmarks import FOREHEAD
from headshot.imaging.masks import pixels_in, shrunk
from headshot.imaging.median import median, medians
from headshot.imaging.warp import level_eyes, warp_low_passed
from headshot.photo.networks import u2netp
from headshot.photo.segmentation import person_probability
from headshot.types import F32, F64, U8

SIDE, EYE_PX, EYES_AT = 256, 42, 120  # px: the window that the segmentation sees, and the eyes' line in it
BLACK = 0.004  # linear light added before a ratio, so that the noise of black is none
# MediaPipe's mesh: the convex hulls of these points are the upper cheeks, where no beard grows.
UPPER_CHEEKS = ((117, 118, 101, 36, 205, 50, 123), (346, 347, 330, 266, 425, 280, 352))
# And of right, middle and left forehead, where none grows either, and of the nose.
_FOREHEADS = ((103, 67, 69, 104), (109, 10, 338, 337, 151, 108), (332, 297, 299, 333))
_NOSE = (6, 197, 195, 5, 4, 45, 275, 51, 281)
_NOBODY = 0.05  # of the probability
MIN_PIXELS = 150  # of a part of the face


@dataclass(frozen=True, eq=False)
class HeadView:
    """`picture` (h, w, 3) uint8 RGB of any size, `landmarks` (478, 3) px in it; `embeddings` of its face."""

    picture: U8
    landmarks: F32
    embeddings: dict[Hashable, F32] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def face(self) -> Aligned:
        """The canonical crop."""
        return canonical(self.picture, self.landmarks)

    @cached_property
    def lab(self) -> F32:
        """CIE Lab of the canonical crop, (h, w, 3) float32."""
        return self.face.lab

    @cached_property
    def window(self) -> tuple[U8, Mask]:
        """The head with its eyes level, (256, 256, 3) uint8, and where the picture has pixels, (256, 256) bool."""
        pixels, inside = head_window(self.picture, self.landmarks)
        return pixels, inside > 0.5

    @cached_property
    def window_points(self) -> F64:
        """The landmarks in the window, (478, 2) px."""
        middle = (WIDTH / 2, ABOVE)
        points = self.face.landmarks[:, :2].astype(np.float64) / self.face.eye_px - middle
        return np.asarray(points * EYE_PX + (SIDE / 2, EYES_AT), np.float64)

    @cached_property
    def person(self) -> F32:
        """How surely each px of the window is the person, (256, 256) float32 0..1."""
        return person_probability(self.window[0])

    @cached_property
    def nobody(self) -> Mask:
        """Mark where a second network, U²-NetP, sees nobody for certain: (256, 256) bool; nothing where it is missing.

        It is asked about the part of the picture that the window shows, without the border repeated beyond it.
        """
        if not u2netp.is_here():
            return np.zeros((SIDE, SIDE), bool)
        height, width = self.picture.shape[:2]
        matrix, _ = level_eyes(self.landmarks, EYE_PX, (SIDE / 2, EYES_AT))
        back = cv2.invertAffineTransform(matrix)
        corners = np.array([[0, 0], [SIDE, 0], [0, SIDE], [SIDE, SIDE]], np.float32) @ back[:, :2].T + back[:, 2]
        x0, y0 = np.clip(np.floor(corners.min(axis=0)), 0, (width - 1, height - 1)).astype(int)
        x1, y1 = np.clip(np.ceil(corners.max(axis=0)), (x0 + 1, y0 + 1), (width, height)).astype(int)
        seen = u2netp.saliency(self.picture[y0:y1, x0:x1])
        zoom = np.diag([(x1 - x0) / seen.shape[1], (y1 - y0) / seen.shape[0], 1.0])
        zoom[:2, 2] = (x0, y0)
        placed = cv2.warpAffine(seen, (np.vstack([matrix, [0, 0, 1]]) @ zoom)[:2], (SIDE, SIDE))
        return np.asarray(placed < _NOBODY, bool)

    def window_region(self, outline: Sequence[int]) -> Mask:
        """Fill the polygon through the landmarks `outline` in the window, (256, 256) bool."""
        mask = np.zeros((SIDE, SIDE), np.uint8)
        cv2.fillPoly(mask, [np.round(self.window_points[list(outline)] * 16).astype(np.int32)], 1, shift=4)
        return mask > 0

    def hull(self, points: Sequence[int], shrink: float = 0.0) -> Mask:
        """Fill the convex hull of landmarks in the crop, smaller by `shrink` eye distances, (h, w) bool."""
        drawn = np.zeros(self.face.pixels.shape[:2], np.uint8)
        corners = np.round(self.face.landmarks[list(points), :2] * 16).astype(np.int32)
        cv2.fillConvexPoly(drawn, cv2.convexHull(corners), 1, shift=4)
        mask: Mask = drawn > 0
        return (shrunk(mask, shrink * self.face.eye_px) if shrink else mask) & self.face.inside

    @cached_property
    def skin_lab(self) -> F32:
        """Median CIE Lab of the face's skin, (3,); there must be some."""
        return np.asarray(medians(pixels_in(self.lab, self.face.skin)), np.float32)

    @cached_property
    def lit(self) -> F64:
        """How bright the parts of the face are that no beard covers, (7, 3) float64.

        Forehead; its right, middle and left; right and left upper cheek; nose. Each x and y in eye distances from
        between the eyes, log2 luminance; NaN where too little is seen.
        """
        light = luminance(to_linear(cv2.GaussianBlur(self.face.pixels, (0, 0), 2)))
        masks = [
            self.hull(FOREHEAD, 0.04),
            *(self.hull(points) for points in (*_FOREHEADS, *UPPER_CHEEKS)),
            self.hull(_NOSE, 0.02),
        ]
        rows = [
            (*middle_of(mask, self.face.eye_px), np.log2(median(light[mask]) + BLACK))
            if np.count_nonzero(mask) > MIN_PIXELS
            else (np.nan,) * 3
            for mask in masks
        ]
        return np.array(rows, np.float64)

    @cached_property
    def cheeks(self) -> Mask:
        """Both upper cheeks in the crop, (h, w) bool."""
        return self.hull(UPPER_CHEEKS[0]) | self.hull(UPPER_CHEEKS[1])

    def median_linear(self, where: Mask) -> F64:
        """Median colour of the crop in linear light, (3,) 0..1."""
        return linear(medians(pixels_in(self.face.pixels, where)))


def middle_of(where: Mask, eye_px: float) -> tuple[float, float]:
    """Find the middle of a mask (h, w) of the crop that is not empty, in eye distances from between the eyes."""
    left, top, width, height = cv2.boundingRect(where.view(np.uint8))
    box = np.ascontiguousarray(where[top : top + height, left : left + width]).view(np.uint8)
    moments = cv2.moments(box, binaryImage=True)  # of the whole crop they take eight times as long
    count = moments["m00"]
    x, y = (moments["m10"] + left * count) / count / eye_px, (moments["m01"] + top * count) / count / eye_px
    return x - WIDTH / 2, y - ABOVE


def linear(codes: F64) -> F64:
    """Convert sRGB code values 0..255 to linear light 0..1."""
    return np.asarray(srgb_to_linear(np.asarray(codes, np.float64) / 255.0), np.float64)


def codes_of_linear(light: F64) -> F64:
    """Convert linear light 0..1 to sRGB code values 0..255."""
    return np.asarray(linear_to_srgb(np.clip(light, 0.0, 1.0)) * 255.0, np.float64)


def lab_of_linear(colour: F64) -> F64:
    """Convert one colour in linear light, (3,), to CIE Lab."""
    codes = linear_to_srgb(np.clip(colour, 0.0, 1.0)).astype(np.float32)[None, None]
    return np.asarray(cv2.cvtColor(codes, cv2.COLOR_RGB2LAB)[0, 0], np.float64)


def agreed(one: float, other: float) -> float:
    """Give the smaller of two changes, 0 where they disagree in sign."""
    return 0.0 if one * other <= 0 else float(np.sign(one) * min(abs(one), abs(other)))


def head_window(picture: U8, landmarks: F32) -> tuple[U8, F32]:
    """The head with the eyes level, (256, 256, 3) uint8, and where the picture has pixels, float32 0 or 1."""
    size = (SIDE, SIDE)
    matrix, scale = level_eyes(landmarks, EYE_PX, (SIDE / 2, EYES_AT))
    full = np.ones(picture.shape[:2], np.float32)
    inside = np.asarray(cv2.warpAffine(full, matrix, size) > 0.99, np.float32)
    return warp_low_passed(picture, matrix, size, scale), inside
