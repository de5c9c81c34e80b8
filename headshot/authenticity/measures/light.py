"""Whether two pictures got a light in which colours can be compared at all; else their measures are grey."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headshot.authenticity.measures.aligned_face import Aligned, Mask
from headshot.authenticity.measures.head_view import (
    BLACK,
    MIN_PIXELS,
    UPPER_CHEEKS,
    HeadView,
    codes_of_linear,
    linear,
    middle_of,
)
from headshot.authenticity.measures.skin import MIN_CHROMA
from headshot.authenticity.measures.unmeasurable import FACING, LIGHT, Unmeasurable
from headshot.imaging.masks import pixels_in
from headshot.imaging.median import medians
from headshot.types import F64

UNEVEN = 1.0  # stops between the parts of the face; harmless changes up to .34, relighting by a model 2.1 and more
COLOURED = 15.0  # degrees by which the skin's hue turns
EXPLAINED = 6.0  # degrees that may be left after a grading of the whole picture, of a light that counts as its
_TURNED_AWAY = 0.6  # of half the face's width, by which the nose's tip may be off its middle
_STEEPEST = 1.0  # stops between two places that a shading explains at most


@dataclass(frozen=True)
class Shading:
    """How light changed over a face, in stops: between the eyes, and for each eye distance to the right and down."""

    middle: float
    right: float
    down: float

    def at(self, x: float, y: float) -> float:
        """Give the change in stops, `x` and `y` eye distances from between the eyes."""
        return self.middle + self.right * x + self.down * y

    def over(self, where: Mask, eye_px: float) -> float:
        """Give the mean change in stops over `where` (h, w) of a canonical crop."""
        return self.at(*middle_of(where, eye_px))

    def between(self, one: Mask, other: Mask, eye_px: float) -> float:
        """Give by how many stops more `one` changed than `other`, (h, w) of a canonical crop; 0 where one is empty."""
        if not one.any() or not other.any():
            return 0.0
        difference = self.over(one, eye_px) - self.over(other, eye_px)
        return float(np.clip(difference, -_STEEPEST, _STEEPEST))


def shading(original: HeadView, picture: HeadView) -> Shading | None:
    """Fit the change of light as a plane over forehead, upper cheeks and nose; None where too few of them are seen.

    Light that came from another side is such a plane to the first order, on any skin; paint on one part is none.
    """
    changes = picture.lit[1:] - original.lit[1:]
    known = np.isfinite(changes[:, 2])
    if np.count_nonzero(known) < 4:
        return None
    at = original.lit[1:][known, :2]
    a, b, c = np.linalg.lstsq(np.column_stack([np.ones(len(at)), at]), changes[known, 2], rcond=None)[0]
    return Shading(float(a), float(b), float(c))


def skin_lit(original: HeadView, picture: HeadView, face: Aligned) -> tuple[float, float] | None:
    """Tell by how many stops more light than lips and brows the skin of `face` got, the original's; None: unknown."""
    shaded = shading(original, picture)
    if shaded is None:
        return None
    lips, brows = (shaded.between(face.skin, part, face.eye_px) for part in (face.lips, face.brows))
    return lips, brows


def needs_even(original: HeadView, picture: HeadView) -> None:
    """Raise Unmeasurable where a head is turned far, or where light falls from elsewhere in one picture alone."""
    for head in (original, picture):
        x = head.face.landmarks[:, 0].astype(np.float64)
        if abs(x[1] - (x[127] + x[356]) / 2) > _TURNED_AWAY * abs(x[356] - x[127]) / 2:
            raise Unmeasurable("one of the faces is turned away.", FACING)
    if unevenness(original, picture) > UNEVEN:
        raise Unmeasurable("the light falls on one of the faces from another side.", LIGHT)


def needs_white_light(original: HeadView, picture: HeadView) -> None:
    """Raise Unmeasurable where the skin's hue turned so far that only coloured light does it."""
    if hue_turn(original, picture) > COLOURED:
        raise Unmeasurable("one of the pictures has coloured light.", LIGHT)


def unevenness(original: HeadView, picture: HeadView) -> float:
    """Measure in stops how unevenly the light changed: the spread of its gains over forehead, cheeks and nose."""
    gains = (picture.lit - original.lit)[[0, 4, 5, 6], 2]
    if np.count_nonzero(np.isfinite(gains)) < 3:
        raise Unmeasurable("too little of the face's skin can be seen.")
    return float(np.nanmax(gains) - np.nanmin(gains))


def hue_turn(original: HeadView, picture: HeadView) -> float:
    """Measure by how many degrees (0..180) the skin's hue turned; 0 where one of the pictures has no colour."""
    hues = []
    for head in (original, picture):
        if not head.face.skin.any():
            raise Unmeasurable("too little of the face's skin can be seen.")
        _, a, b = head.skin_lab
        if np.hypot(a, b) < MIN_CHROMA:
            return 0.0
        hues.append(np.degrees(np.arctan2(b, a)))
    return float(abs((hues[1] - hues[0] + 180) % 360 - 180))


def cheek_colour(head: HeadView) -> F64:
    """Colour of the upper cheeks in sRGB code values, (3,): what every colour of the face is held against.

    The mean of both cheeks' medians in the logarithm of light, so that light from one side stays between them.
    """
    if np.count_nonzero(head.cheeks) < MIN_PIXELS:
        raise Unmeasurable("too little of the cheeks can be seen.")
    sides = [
        side for side in (head.hull(points) for points in UPPER_CHEEKS) if np.count_nonzero(side) >= MIN_PIXELS / 2
    ]
    colours = np.array([medians(pixels_in(head.face.pixels, side)) for side in sides], np.float64)
    if colours.max() >= 250:
        raise Unmeasurable("the cheeks are so bright that their colour is lost.", LIGHT)
    return codes_of_linear(np.exp2(np.log2(linear(colours) + BLACK).mean(axis=0)) - BLACK)
