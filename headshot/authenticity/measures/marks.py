"""Moles, freckles and scars: carried over, not detected twice.

Spots are found in one picture and then *measured* at the same place in the other one; what keeps less than
.4 of its contrast is lost. The other way round finds new ones. (Detecting in both and matching gives a
false alarm in every pair.)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from headshot.authenticity.measures.aligned_face import Aligned, Mask, needs_inside
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.imaging.landmarks import MESH
from headshot.imaging.median import median
from headshot.types import F32

SIGMAS = (0.0125, 0.02, 0.03)  # IED: spots of about 2 to 5 mm
WIDE = 2.5  # σ of a spot's ring
_OF_SIGMA = 1.4  # a spot's radius
MIN_Z, MIN_CONTRAST, MIN_ROUND = 5.0, 3.0, 0.5
REACH = 0.02  # IED within which the spot may lie in the other picture
KEPT = 0.4


@dataclass(frozen=True)
class Mark:
    """A dark spot of the skin: place (x, y) and radius in crop px, contrast to its surroundings in L*."""

    x: float
    y: float
    radius: float
    contrast: float


@dataclass(frozen=True)
class MarkChanges:
    """`found`: the original's marks; `lost`: those that the picture lacks; `new`: the picture's own."""

    found: tuple[Mark, ...]
    lost: tuple[Mark, ...]
    new: tuple[Mark, ...]


class _Skin:
    """The lightness of a crop where `within` (h, w) bool is, with the rim that the filters reach into, and its skin."""

    def __init__(self, face: Aligned, within: Mask) -> None:
        x, y, width, height = cv2.boundingRect(within.astype(np.uint8))
        rim = math.ceil(4 * WIDE * SIGMAS[-1] * face.eye_px) + 8  # a Gaussian of σ is cut off at 4 σ
        self.left, self.top = max(0, x - rim), max(0, y - rim)
        part = np.s_[self.top : y + height + rim, self.left : x + width + rim]
        self.light, self.skin = np.ascontiguousarray(face.lightness[part]), face.skin[part]
        self.eye_px = face.eye_px
        self._known: dict[float, F32] = {}

    def contrast(self, sigma: float) -> F32:
        """How much darker than its ring each place is at `sigma` px, in L*: DoG of 2.5 σ and .7 σ."""
        if sigma not in self._known:
            ring = cv2.GaussianBlur(self.light, (0, 0), WIDE * sigma)
            self._known[sigma] = np.asarray(ring - cv2.GaussianBlur(self.light, (0, 0), 0.7 * sigma), np.float32)
        return self._known[sigma]


def find_marks(face: Aligned) -> tuple[Mark, ...]:
    """Find dark, round spots of the skin: LoG z > 5, contrast > 3 L*, Hessian eigenvalue ratio > .5.

    Raises Unmeasurable where too little skin can be seen.
    """
    return _found(_Skin(face, face.skin))


def _found(face: _Skin) -> tuple[Mark, ...]:
    light, skin = face.light, face.skin
    if np.count_nonzero(skin) < 400:
        raise Unmeasurable("too little skin can be seen.")
    marks: list[Mark] = []
    for share in SIGMAS:
        sigma = share * face.eye_px
        smooth = cv2.GaussianBlur(light, (0, 0), sigma)
        xx = cv2.Sobel(smooth, cv2.CV_32F, 2, 0) * sigma**2 / 4
        yy = cv2.Sobel(smooth, cv2.CV_32F, 0, 2) * sigma**2 / 4
        xy = cv2.Sobel(smooth, cv2.CV_32F, 1, 1) * sigma**2 / 4
        log = xx + yy
        inside = log[skin]
        spread = 1.4826 * float(median(np.abs(inside - median(inside)))) + 1e-6
        peak = log >= cv2.dilate(log, np.ones((2 * round(2 * sigma) + 1,) * 2, np.uint8))
        contrast = face.contrast(sigma)
        root = np.sqrt((xx - yy) ** 2 + 4 * xy**2)
        roundness = (log - root) / np.maximum(log + root, 1e-6)
        good = peak & skin & (log / spread > MIN_Z) & (contrast > MIN_CONTRAST) & (roundness > MIN_ROUND)
        for y, x in zip(*np.nonzero(good), strict=True):
            marks.append(Mark(float(x + face.left), float(y + face.top), _OF_SIGMA * sigma, float(contrast[y, x])))
    marks.sort(key=lambda m: m.contrast, reverse=True)
    kept: list[Mark] = []
    for mark in marks:  # the same spot at several sizes counts once
        if all(np.hypot(mark.x - k.x, mark.y - k.y) > mark.radius + k.radius for k in kept):
            kept.append(mark)
    return tuple(kept)


def compare_marks(original: Aligned, picture: Aligned) -> MarkChanges:
    """Find marks lost and new. `picture` must be carried onto the original (`registration.carried`).

    Raises Unmeasurable where one of them shows too little of the skin.
    """
    both = original.inside & picture.inside
    needs_inside(original.whole.skin, both, "your skin")
    original, picture = original.within(both), picture.within(both)
    here, there = (_Skin(face, original.skin | picture.skin) for face in (original, picture))
    found = _found(here)
    return MarkChanges(found, _missing(found, there), _missing(_found(there), here))


def place_in(original: Aligned, picture: Aligned, at: tuple[float, float]) -> tuple[float, float]:
    """Find the place `at` (x, y) of the original's crop in the picture's, by the face meshes: crop px.

    The affine map that fits the 12 nearest mesh points; for two different photos, where pixels cannot be followed.
    A few hundredths of the eye distance off, so it serves for looking, not for measuring.
    """
    here, there = (face.landmarks[:MESH, :2].astype(np.float64) for face in (original, picture))
    near = np.argsort(np.hypot(*(here - at).T))[:12]
    known = np.column_stack([here[near], np.ones(len(near))])
    x, y = np.array([*at, 1.0]) @ np.linalg.lstsq(known, there[near], rcond=None)[0]
    return float(x), float(y)


def _missing(marks: tuple[Mark, ...], face: _Skin) -> tuple[Mark, ...]:
    reach = 2 * max(1, round(REACH * face.eye_px)) + 1
    sigmas = {_OF_SIGMA * (share * face.eye_px): share * face.eye_px for share in SIGMAS}
    best = {}
    for radius in {m.radius for m in marks}:
        best[radius] = cv2.dilate(face.contrast(sigmas[radius]), np.ones((reach, reach), np.uint8))
    return tuple(m for m in marks if best[m.radius][int(m.y) - face.top, int(m.x) - face.left] < KEPT * m.contrast)
