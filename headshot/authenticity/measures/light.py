"""Whether two pictures got a light in which colours can be compared at all; else their measures are grey."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.authenticity.measures.head_view import BLACK, UPPER_CHEEKS, HeadView
from headshot.authenticity.measures.skin import MIN_CHROMA
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.imaging.colour import luminance, to_linear
from headshot.imaging.landmarks import FOREHEAD
from headshot.types import F64

UNEVEN = 1.0  # stops between the parts of the face; harmless changes up to .34, relighting by a model 2.1 and more
COLOURED = 15.0  # degrees by which the skin's hue turns
EXPLAINED = 6.0  # degrees that may be left after a grading of the whole picture, of a light that counts as its
MIN_PIXELS = 150  # of a part of the face
_NOSE = (6, 197, 195, 5, 4, 45, 275, 51, 281)
_TURNED_AWAY = 0.6  # of half the face's width, by which the nose's tip may be off its middle


def needs_even(original: HeadView, picture: HeadView) -> None:
    """Raise Unmeasurable where a head is turned far, or where light falls from elsewhere in one picture alone."""
    for head in (original, picture):
        x = head.face.landmarks[:, 0].astype(np.float64)
        if abs(x[1] - (x[127] + x[356]) / 2) > _TURNED_AWAY * abs(x[356] - x[127]) / 2:
            raise Unmeasurable("one of the faces is turned away.")
    if unevenness(original, picture) > UNEVEN:
        raise Unmeasurable("the light falls on one of the faces from another side.")


def needs_white_light(original: HeadView, picture: HeadView) -> None:
    """Raise Unmeasurable where the skin's hue turned so far that only coloured light does it."""
    if hue_turn(original, picture) > COLOURED:
        raise Unmeasurable("one of the pictures has coloured light.")


def unevenness(original: HeadView, picture: HeadView) -> float:
    """Measure in stops how unevenly the light changed: the spread of its gains over forehead, cheeks and nose."""
    gains = [b - a for a, b in zip(_places(original), _places(picture), strict=True) if np.isfinite(b - a)]
    if len(gains) < 3:
        raise Unmeasurable("too little of the face's skin can be seen.")
    return float(max(gains) - min(gains))


def hue_turn(original: HeadView, picture: HeadView) -> float:
    """Measure by how many degrees (0..180) the skin's hue turned; 0 where one of the pictures has no colour."""
    hues = []
    for head in (original, picture):
        if not head.face.skin.any():
            raise Unmeasurable("too little of the face's skin can be seen.")
        _, a, b = np.median(head.lab[head.face.skin], axis=0)
        if np.hypot(a, b) < MIN_CHROMA:
            return 0.0
        hues.append(np.degrees(np.arctan2(b, a)))
    return float(abs((hues[1] - hues[0] + 180) % 360 - 180))


def cheek_colour(head: HeadView) -> F64:
    """Median of the upper cheeks in sRGB code values, (3,): what every colour of the face is held against."""
    if head.cheeks.sum() < MIN_PIXELS:
        raise Unmeasurable("too little of the cheeks can be seen.")
    colour = np.asarray(np.median(head.face.pixels[head.cheeks], axis=0), np.float64)
    if colour.max() >= 250:
        raise Unmeasurable("the cheeks are so bright that their colour is lost.")
    return colour


def _places(head: HeadView) -> list[float]:
    """Log2 luminance of forehead, right and left upper cheek, and nose; NaN where too little is seen."""
    light = luminance(to_linear(cv2.GaussianBlur(head.face.pixels, (0, 0), 2)))
    masks = [head.hull(FOREHEAD, 0.04), *(head.hull(points) for points in UPPER_CHEEKS), head.hull(_NOSE, 0.02)]
    return [float(np.log2(np.median(light[m]) + BLACK)) if m.sum() > MIN_PIXELS else np.nan for m in masks]
