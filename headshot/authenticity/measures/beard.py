"""Beard: upper lip and chin against the upper cheeks, by lightness and by roughness. White beards are not told."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.authenticity.measures import light
from headshot.authenticity.measures.aligned_face import Mask
from headshot.authenticity.measures.head_view import BLACK, MIN_PIXELS, UPPER_CHEEKS, HeadView, agreed
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.imaging.colour import luminance, to_linear
from headshot.imaging.median import median
from headshot.types import F64

ROUGH_EYE_PX = 60.0  # px between the eyes below which roughness says nothing
# MediaPipe's mesh: from the nose's base to the upper lip's rim (a polygon), and the chin (a convex hull).
_LIP = (98, 97, 2, 326, 327, 270, 269, 267, 0, 37, 39, 40)
_CHIN = (18, 83, 313, 182, 406, 204, 424, 211, 431, 170, 395, 171, 396, 175, 199)


def beard_change(original: HeadView, picture: HeadView) -> tuple[float, float]:
    """Measure the change of darkness (stops, negative: darker) and of roughness (log2, positive: rougher).

    Against the upper cheeks. Of upper lip and chin the smaller, 0 where they disagree. Darkness also against what the
    change of light over forehead, cheeks and nose would have made of them, so that no light reads as a beard on skin
    that shows it more; roughness also by itself, since saving takes faint detail from the cheeks first. Each time the
    smaller, 0 where they disagree. Raises Unmeasurable where one of the places is hardly seen.
    """
    places = _masks(original)
    dark, rough = _figures(picture, _masks(picture)) - _figures(original, places)
    darker = dark[:2] - dark[2:].mean()
    shaded = light.shading(original, picture)
    if shaded is not None:
        eye_px = original.face.eye_px
        light_alone = [shaded.between(place, places[2] | places[3], eye_px) for place in places[:2]]
        beyond = darker - light_alone
    else:
        beyond = darker
    rougher = rough[:2] - rough[2:].mean()
    return agreed(agreed(*darker), agreed(*beyond)), agreed(agreed(*rougher), agreed(*rough[:2]))


def _masks(head: HeadView) -> tuple[Mask, ...]:
    """Upper lip, chin, right and left upper cheek in the crop, (h, w) bool each."""
    masks = (_upper_lip(head), head.hull(_CHIN, 0.03), *(head.hull(points, 0.02) for points in UPPER_CHEEKS))
    sizes = [np.count_nonzero(m) for m in masks]
    if min(sizes) < MIN_PIXELS / 2 or min(sizes[:2]) < MIN_PIXELS:
        raise Unmeasurable("too little of upper lip, chin and cheeks can be seen.")
    return masks


def _figures(head: HeadView, masks: tuple[Mask, ...]) -> F64:
    """Lightness in stops and roughness in log2 of each mask: (2, 4)."""
    pixels = head.face.pixels
    tones = head.face.lightness
    fine = cv2.GaussianBlur(tones, (0, 0), 1.2) - cv2.GaussianBlur(tones, (0, 0), 2.4)
    linear = luminance(to_linear(pixels))
    dark = [np.log2(median(linear[m]) + BLACK) for m in masks]
    rough = [np.log2(fine[m].std() / (median(tones[m]) + 16.0) + 6e-4) for m in masks]
    return np.array([dark, rough], np.float64)


def _upper_lip(head: HeadView) -> Mask:
    mask = head.face.region(_LIP).astype(np.uint8)
    return np.asarray((cv2.erode(mask, np.ones((9, 9), np.uint8)) > 0) & head.face.inside)
