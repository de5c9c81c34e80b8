"""Beard: upper lip and chin against the upper cheeks, by lightness and by roughness. White beards are not told."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.authenticity.measures.aligned_face import Mask
from headshot.authenticity.measures.head_view import BLACK, UPPER_CHEEKS, HeadView, agreed
from headshot.authenticity.measures.light import MIN_PIXELS
from headshot.authenticity.measures.registration import lightness
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.imaging.colour import luminance, to_linear
from headshot.types import F64

ROUGH_EYE_PX = 60.0  # px between the eyes below which roughness says nothing
# MediaPipe's mesh: from the nose's base to the upper lip's rim (a polygon), and the chin (a convex hull).
_LIP = (98, 97, 2, 326, 327, 270, 269, 267, 0, 37, 39, 40)
_CHIN = (18, 83, 313, 182, 406, 204, 424, 211, 431, 170, 395, 171, 396, 175, 199)


def beard_change(original: HeadView, picture: HeadView) -> tuple[float, float]:
    """Measure the change of darkness (stops, negative: darker) and of roughness (log2, positive: rougher).

    Of upper lip and chin the smaller, 0 where they disagree. Raises Unmeasurable where one of them is hardly seen.
    """
    changes = _figures(picture) - _figures(original)
    return agreed(*changes[0]), agreed(*changes[1])


def _figures(head: HeadView) -> F64:
    """Darkness and roughness of upper lip and chin, minus the upper cheeks': (2, 2)."""
    cheeks = head.hull(UPPER_CHEEKS[0], 0.02) | head.hull(UPPER_CHEEKS[1], 0.02)
    masks = (_upper_lip(head), head.hull(_CHIN, 0.03), cheeks)
    if min(m.sum() for m in masks) < MIN_PIXELS:
        raise Unmeasurable("too little of upper lip, chin and cheeks can be seen.")
    pixels = head.face.pixels
    light = lightness(pixels)
    fine = cv2.GaussianBlur(light, (0, 0), 1.2) - cv2.GaussianBlur(light, (0, 0), 2.4)
    linear = luminance(to_linear(pixels))
    dark = [np.log2(np.median(linear[m]) + BLACK) for m in masks]
    rough = [np.log2(fine[m].std() / (np.median(light[m]) + 16.0) + 6e-4) for m in masks]
    return np.array([[f[0] - f[2], f[1] - f[2]] for f in (dark, rough)], np.float64)


def _upper_lip(head: HeadView) -> Mask:
    mask = head.face.region(_LIP).astype(np.uint8)
    return np.asarray((cv2.erode(mask, np.ones((9, 9), np.uint8)) > 0) & head.face.inside)
