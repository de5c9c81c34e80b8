"""The size of eyes, nose, mouth and jaw, and the face's shape, by a registration: by how many per cent each changed.

A robust local affine for each region. A region that either picture cuts off, or whose pixels could not be followed
(sunglasses, a hand, lids that closed), has no size to compare: Unmeasurable, with the reason.

All figures hold for the *same* photo only. In another photo pose and expression move everything: see same_photo.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from headshot.authenticity.measures.aligned_face import ABOVE, Aligned, Mask, needs_inside
from headshot.authenticity.measures.head_view import agreed
from headshot.authenticity.measures.local_scale import local_gradient, steady_scale
from headshot.authenticity.measures.registration import Registration
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.imaging.landmarks import IRISES, LIPS, NOSE
from headshot.imaging.masks import pixels_in, places_in
from headshot.language import tr
from headshot.types import U8

EYES = ((IRISES[0], "your right eye"), (IRISES[1], "your left eye"))  # the person's own right and left
JAW_RIGHT = (132, 58, 172, 136, 150)
JAW_LEFT = (361, 288, 397, 365, 379)
DEPTHS = (0.04, 0.08, 0.16, 0.24)  # IED that the jaw's band lies inside the contour
INSIDE = 0.08  # IED of the face's rim that is left out of its shape
BRIDGE = 0.25  # IED below the eyes, where the nose begins to have wings
GLANCE = 2.5  # % of an eye's width
EYE_RADIUS = 0.24  # IED round an iris
# Mean of `followed` that a region needs: .83 and more after harmless changes, planted edits and a VAE, .27 and less
# where it is hidden, .50 to .85 behind grey lenses that show the eyes, about .5 where a mask hides half the nose. The
# jaw's band has a backdrop beside it.
FOLLOWED, JAW_FOLLOWED = 0.5, 0.25
EDGE, BESIDE = 0.15, 0.12  # IED beside a picture's edge, and beside what is hidden, in which the flow is led astray
LOST, SPECK = 0.1, 0.08  # `followed` below which a place of this many IED is hidden; less is left to the weights
# Of the face, for its shape and its asymmetry: .63 and more after a round trip through a VAE, .65 and more behind
# sunglasses or a covered mouth.
LEAST_FOLLOWED = 0.5


@dataclass(frozen=True)
class EyeChange:
    """The change of one eye's width and height, and of its size, %.

    `size`: the smaller of both in all parts of the eye, 0 where they disagree: lids and brows move the height alone, a
    glance the width.
    """

    width: float
    height: float
    size: float

    @property
    def expression(self) -> float:
        """What lids, brows or a glance did, %: the larger of both beyond what they have in common."""
        common = agreed(self.width, self.height)
        return max(abs(self.width - common), abs(self.height - common))


def glanced(right: EyeChange, left: EyeChange) -> bool:
    """Tell whether both irises went the same way and nothing else: widths alone, both more or both less.

    A planted glance of 5% moved widths by 3.5 to 4.9% and heights by .4 at most, on six faces.
    """
    widths, heights = (right.width, left.width), (right.height, left.height)
    return widths[0] * widths[1] > 0 and min(map(abs, widths)) >= GLANCE and max(map(abs, heights)) <= 1.0


def eye_changes(original: Aligned, found: Registration) -> tuple[EyeChange, EyeChange]:
    """Measure how the right and the left eye changed, in %: local affine .24 IED round each iris.

    Raises Unmeasurable where either eye is cut off or could not be followed.
    """

    def change(iris: int, name: str) -> EyeChange:
        where = _followable(original, found, eye(original, iris), name)
        plain = 100.0 * np.diag(local_gradient(found, where))
        return EyeChange(float(plain[0]), float(plain[1]), agreed(*steady_scale(found, where)))

    right, left = (change(iris, name) for iris, name in EYES)
    return right, left


def eye_scales(original: Aligned, found: Registration) -> tuple[float, float]:
    """Measure the change of the right and left eye's size in %, see EyeChange. Raises Unmeasurable as `eye_changes`."""
    right, left = eye_changes(original, found)
    return right.size, left.size


def nose_width(original: Aligned, found: Registration) -> float:
    """Measure the change of the nose's width in %: horizontal part of the local affine below the nose's bridge."""
    below = original.whole.region(NOSE)
    below[: round((ABOVE + BRIDGE) * original.eye_px)] = False
    return steady_scale(found, _followable(original, found, below, "your nose"))[0]


def mouth_width(original: Aligned, found: Registration) -> float:
    """Measure the change of the mouth's width in %: horizontal part of the local affine over the lips and their rim."""
    grown = cv2.dilate(original.whole.region(LIPS).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    return steady_scale(found, _followable(original, found, grown, "your mouth"))[0]


def jaw_width(original: Aligned, found: Registration) -> float:
    """Measure the change of the jaw's width in %: left against right motion of the contour, over its width."""
    motion, place = [], []
    for side in (JAW_RIGHT, JAW_LEFT):
        dx, px = _contour_motion(original, found, side)
        motion.append(dx)
        place.append(px)
    return 100.0 * (motion[1] - motion[0]) / (place[1] - place[0])


def face_shape(original: Aligned, found: Registration) -> float:
    """Measure the root mean square of the residual motion over the face, in % of the eye distance.

    Weighted by the local correlation: where pixels could not be followed (a new backdrop behind the
    contour, hair cut differently) the flow is not motion. Raises Unmeasurable as `followed_face`.
    """
    rim = max(1, round(INSIDE * original.eye_px))
    inner = cv2.erode(original.whole.face.astype(np.uint8), np.ones((2 * rim + 1, 2 * rim + 1), np.uint8)) > 0
    if not inner.any():
        inner = original.whole.face
    inner &= followed_face(original, found)
    flow = cv2.GaussianBlur(found.flow, (0, 0), 0.02 * found.eye_px)
    trust = found.believed[inner]
    return 100.0 * float(np.sqrt(np.average((pixels_in(flow, inner) ** 2).sum(axis=1), weights=trust))) / found.eye_px


def needs_eyes(original: Aligned, found: Registration) -> None:
    """Raise Unmeasurable unless both eyes are in both pictures and could be followed."""
    for iris, name in EYES:
        _followable(original, found, eye(original, iris), name)


def eye(original: Aligned, iris: int) -> Mask:
    """Mark, (h, w) bool, the disc round an iris in which an eye's size is read, not cut off at the picture's edge."""
    y, x = np.ogrid[0 : original.pixels.shape[0], 0 : original.pixels.shape[1]]
    centre = original.landmarks[iris, :2]
    disc: Mask = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 <= (EYE_RADIUS * original.eye_px) ** 2
    return disc


def followed_face(original: Aligned, found: Registration) -> Mask:
    """Mark, (h, w) bool, the face without what is hidden (lenses, a hand) or beyond a picture's edge, or beside either.

    Raises Unmeasurable where the face is cut off, or less than half of it could be followed.
    """
    face = original.whole.face
    needs_inside(face, found.seen, "your face")
    lost = cv2.morphologyEx((found.believed < LOST).astype(np.uint8), cv2.MORPH_OPEN, _square(SPECK * found.eye_px))
    lost = cv2.dilate(lost, _square(BESIDE * found.eye_px))
    beyond = cv2.dilate((~found.seen).astype(np.uint8), _square(EDGE * found.eye_px))
    left: Mask = face & (lost == 0) & (beyond == 0)
    if np.count_nonzero(left) < LEAST_FOLLOWED * np.count_nonzero(face):
        raise Unmeasurable("too much of your face could not be followed: hidden, or painted anew.")
    return left


def _square(radius: float) -> U8:
    return np.ones((2 * round(radius) + 1,) * 2, np.uint8)


def _followable(original: Aligned, found: Registration, where: Mask, what: str) -> Mask:
    """The part of `where` that both pictures show; Unmeasurable where that is too little or could not be followed."""
    needs_inside(where, found.seen, what)
    seen: Mask = where & found.seen
    if np.count_nonzero(seen) < 32 or found.believed[seen].mean() < FOLLOWED:
        raise Unmeasurable(
            tr("{what} could not be followed: hidden in one of the pictures, or painted anew.", what=tr(what))
        )
    return seen


def _contour_motion(original: Aligned, found: Registration, side: Sequence[int]) -> tuple[float, float]:
    """Mean horizontal motion (px) of the jaw's contour on one side, and its mean place.

    Read in a band on the skin's side of the contour; where a new backdrop has pulled the flow along, deeper
    inside, until a quarter of the band was followed. Raises Unmeasurable where it never was, or is cut off.
    """
    contour = original.landmarks[list(side), :2]
    centre = original.landmarks[list(JAW_RIGHT + JAW_LEFT), :2].mean(axis=0)
    inward = centre - contour
    inward = inward / np.linalg.norm(inward, axis=1, keepdims=True) * original.eye_px
    for depth in DEPTHS:
        line = np.zeros(original.pixels.shape[:2], np.uint8)
        points = np.round(contour + depth * inward).astype(np.int32)
        cv2.polylines(line, [points], False, 1, max(1, round(0.08 * original.eye_px)))
        band = line > 0
        needs_inside(band, found.seen, "your jaw")
        where = band & found.seen
        trust = found.believed[where]
        if np.count_nonzero(where) >= 32 and trust.mean() >= JAW_FOLLOWED:
            break
    else:
        raise Unmeasurable("the jaw's contour could not be followed: what lies behind it changed too much.")
    dx = found.flow[..., 0][where]
    # A weighted median: a stretch of contour lost to the backdrop must not pull the figure.
    order = np.argsort(dx)
    cumulative = np.cumsum(trust[order])
    middle = float(dx[order][np.searchsorted(cumulative, cumulative[-1] / 2.0)])
    return middle, float(np.average(places_in(where)[1], weights=trust))
