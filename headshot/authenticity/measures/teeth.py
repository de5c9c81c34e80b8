"""The teeth's colour, where the mouth is open in both pictures."""

from __future__ import annotations

from functools import reduce

import cv2
import numpy as np

from headshot.authenticity.measures import light
from headshot.authenticity.measures.head_view import MIN_PIXELS, HeadView, agreed, lab_of_linear, linear
from headshot.authenticity.measures.light import cheek_colour
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.imaging.landmarks import INNER_LIPS, MID_LIPS
from headshot.imaging.masks import pixels_in
from headshot.imaging.median import medians
from headshot.types import F64

OPEN = 0.06  # IED between the lips
MIN_EYE_PX = 50.0


def is_open(head: HeadView) -> bool:
    """Tell whether the lips are so far apart that teeth may be seen."""
    upper, lower = (head.face.landmarks[i, 1] for i in MID_LIPS)
    return bool((lower - upper) / head.face.eye_px >= OPEN)


def teeth_change(original: HeadView, picture: HeadView) -> float:
    """Measure by how much the teeth became whiter: ΔL* − Δb*, plain and beyond the light, the smaller.

    The light as the cheeks got it, and as its change over the face comes to where the mouth is.

    Raises Unmeasurable where the mouth is closed or no teeth are seen in one of the pictures.
    """
    before, after = _colour(original), _colour(picture)
    gain = (linear(cheek_colour(picture)) + 1e-3) / (linear(cheek_colour(original)) + 1e-3)
    expected = [before * gain, before]
    shaded = light.shading(original, picture)
    if shaded is not None:
        expected.append(before * 2.0 ** shaded.over(original.face.region(INNER_LIPS), original.face.eye_px))
    changes = [lab_of_linear(after) - lab_of_linear(colour) for colour in expected]
    return reduce(agreed, (float(c[0] - c[2]) for c in changes))


def _colour(head: HeadView) -> F64:
    """Median of the lighter teeth in linear light, (3,)."""
    face = head.face
    mouth = cv2.erode(face.region(INNER_LIPS).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    if not is_open(head) or np.count_nonzero(mouth) < MIN_PIXELS or not (face.lips.any() and face.skin.any()):
        raise Unmeasurable("the mouth is closed in one of the pictures.")
    lips, skin = (medians(pixels_in(head.lab, part)) for part in (face.lips, face.skin))
    lab = pixels_in(head.lab, mouth)
    teeth = (lab[:, 1] < (lips[1] + skin[1]) / 2 - 2) & (lab[:, 1] < skin[1]) & (lab[:, 0] > lips[0] - 4)
    if np.count_nonzero(teeth) < MIN_PIXELS:
        raise Unmeasurable("no teeth can be seen in one of the pictures.")
    tones = lab[teeth][:, 0]
    return linear(medians(pixels_in(face.pixels, mouth)[teeth][tones >= np.percentile(tones, 40)]))
