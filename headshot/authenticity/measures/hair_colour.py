"""The hair's colour, told from the light's and from the forehead's: read on the hair in a window round the head."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.authenticity.measures import light
from headshot.authenticity.measures.aligned_face import Mask
from headshot.authenticity.measures.head_view import EYE_PX, EYES_AT, SIDE, HeadView, lab_of_linear, linear
from headshot.authenticity.measures.light import cheek_colour
from headshot.authenticity.measures.skin import skin_like
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.imaging.landmarks import FACE_OVAL, LEFT_BROW, RIGHT_BROW
from headshot.imaging.masks import pixels_in, places_in
from headshot.imaging.median import medians
from headshot.types import F32, F64

NEAR, FAR, MOST = 0.06, 0.25, 0.75  # IED from the oval; up to FAR it may be the forehead
APART = 0.35  # share of the zone that must differ from skin to be the hair
MIN_PIXELS = 250  # of the window: .14 IED²
TWO_THINGS = 30.0  # L* between the zone's quartiles: a hood or a headrest beside the hair
ZONES = 2.0  # times by which the zone's size may change
_FEW_BROWS = 60  # px


def _hair_of(head: HeadView, zones: tuple[Mask, Mask, F32], *, far: bool) -> Mask:
    """Mark the hair in the head's window, (256, 256) bool; on a bald head it is scalp, under a hat the hat.

    The person outside the face's oval and above the eyes; what is like skin is left out, unless all is (`far`: a bald
    or fair-haired head): then the part that no forehead reaches.
    """
    zone, apart, away = zones
    if far:
        brow = head.window_points[list(RIGHT_BROW + LEFT_BROW), 1].min()
        apart = zone & (away > FAR) & (np.arange(SIDE)[:, None] < brow)
    return np.asarray(cv2.morphologyEx(apart.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0)


def _is_like_skin(zones: tuple[Mask, Mask, F32]) -> bool:
    """Tell whether what is seen above the face can't be told from its skin."""
    zone, apart, _ = zones
    return bool(np.count_nonzero(apart) < max(MIN_PIXELS, APART * np.count_nonzero(zone)))


def _zones(head: HeadView) -> tuple[Mask, Mask, F32]:
    """The person round the upper face, what of it is unlike skin, and the distance from the face's oval, IED."""
    pixels, inside = head.window
    oval = head.window_region(FACE_OVAL)
    away = np.asarray(cv2.distanceTransform((~oval).astype(np.uint8), cv2.DIST_L2, 5) / EYE_PX, np.float32)
    sure = cv2.erode((head.person > 0.8).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    zone = sure & inside & (away > NEAR) & (away < MOST) & (np.arange(SIDE)[:, None] < EYES_AT)
    if not head.face.skin.any():
        raise Unmeasurable("too little of the face's skin can be seen.")
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255.0, cv2.COLOR_RGB2LAB)
    return zone, zone & ~skin_like(lab, pixels_in(head.lab, head.face.skin)), away


def hair_change(original: HeadView, picture: HeadView) -> tuple[float, float]:
    """Measure the hair's change of colour beyond the light: CIE 1976 ΔE, and its a*b* part alone.

    The smallest of the differences from what the light would have made of it, if the hair got all, half or none of
    what the cheeks or the brows got, or what the change of light over the face comes to where the hair is. Raises
    Unmeasurable where too little hair is seen, or two things in its place.
    """
    cheeks = [linear(cheek_colour(head)) + 1e-3 for head in (original, picture)]
    # A head of short hair may be on either side of that in the two pictures: the same place is read in both.
    zones = [_zones(head) for head in (original, picture)]
    far = any(map(_is_like_skin, zones))
    (before, size, at), (after, other, _) = (
        _hair(head, _hair_of(head, there, far=far)) for head, there in zip((original, picture), zones, strict=True)
    )
    if max(size, other) > ZONES * min(size, other):
        raise Unmeasurable("too much more hair is seen in one of the pictures.")
    gains = [cheeks[1] / cheeks[0]]
    if min(np.count_nonzero(original.face.brows), np.count_nonzero(picture.face.brows)) >= _FEW_BROWS:
        brows = [head.median_linear(head.face.brows) + 1e-3 for head in (original, picture)]
        gains.append(brows[1] / brows[0])
    expected = [before] + [before * gain**share for gain in gains for share in (0.5, 1.0)]
    shaded = light.shading(original, picture)
    if shaded is not None:
        expected.append(before * 2.0 ** shaded.at(*at))
    differences = np.array([lab_of_linear(after) - lab_of_linear(colour) for colour in expected])
    return float(np.linalg.norm(differences, axis=1).min()), float(np.hypot(*differences[:, 1:].T).min())


def _hair(head: HeadView, zone: Mask) -> tuple[F64, int, tuple[float, float]]:
    """Median colour in linear light, (3,), px of the zone, and its middle in eye distances from between the eyes."""
    if np.count_nonzero(zone) < MIN_PIXELS:
        raise Unmeasurable("one of the pictures cuts off the hair, or too little of it can be seen.")
    pixels = pixels_in(head.window[0], zone)
    tones = cv2.cvtColor(pixels[None].astype(np.float32) / 255.0, cv2.COLOR_RGB2LAB)[0, :, 0]
    low, high = np.percentile(tones, (25, 75))
    if high - low > TWO_THINGS:
        raise Unmeasurable("something else is seen where the hair is.")
    y, x = places_in(zone)
    at = (float(x.mean()) - SIDE / 2) / EYE_PX, (float(y.mean()) - EYES_AT) / EYE_PX
    return linear(medians(pixels)), int(np.count_nonzero(zone)), at
