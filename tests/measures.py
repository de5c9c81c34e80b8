"""What the tests measure on a headshot: the report's own measures, and what is left of the old background."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from headshot.authenticity.measures import geometry as regions
from headshot.authenticity.measures import registration, skin, texture
from headshot.authenticity.measures.aligned_face import canonical
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.recognition import dlib_judge as likeness
from headshot.types import Cutout, Headshot, Photo


class Changes(NamedTuple):
    """Of a headshot against the photo framed alike. Scales in %, `hue` in ° (None for black and white)."""

    eye: float
    nose: float
    mouth: float
    jaw: float | None  # None: its contour could not be followed
    hue: float | None
    lightness: float
    likeness: float
    texture: float


def changes(shot: Headshot) -> Changes:
    """All measures of one headshot of own pixels (its landmarks are the photo's)."""
    canvas = shot.canvas
    before, after = (canonical(p, canvas.landmarks) for p in (canvas.original, shot.picture))
    found = registration.register(before, after)
    carried = registration.carried(before, found)
    both = before.skin & skin.unclipped(before) & skin.unclipped(carried)
    hue = None
    if shot.direction.retouch.mono < 1:
        hue = skin.turn(skin.hue(before, both), skin.hue(carried, both))
    return Changes(
        max(regions.eye_scales(before, found), key=abs),
        regions.nose_width(before, found),
        regions.mouth_width(before, found),
        _jaw(before, found),
        hue,
        skin.lightness(carried, both) - skin.lightness(before, both),
        likeness.distance(
            likeness.embed(canvas.original, canvas.landmarks), likeness.embed(shot.picture, canvas.landmarks)
        ),
        texture_ratio(shot),
    )


def texture_ratio(shot: Headshot) -> float:
    """Fine skin texture of the picture over the photo's."""
    canvas = shot.canvas
    before, after = (texture.texture(canonical(p, canvas.landmarks)) for p in (canvas.original, shot.picture))
    return after / before


def _around(colours: np.ndarray, weight: np.ndarray, sigma: float) -> tuple[np.ndarray, np.ndarray]:
    """Normalised convolution: the mean colour within a Gaussian where `weight` is, and how much of it there is."""
    there = cv2.GaussianBlur(weight, (0, 0), sigma)
    mean = cv2.GaussianBlur(colours * weight[..., None], (0, 0), sigma) / np.maximum(there, 1e-4)[..., None]
    return mean, there


def old_background(photo: Photo, landmarks: np.ndarray, cutout: Cutout) -> tuple[float, float]:
    """How much of the old background a new backdrop shows along the hair: (as cut out, with the photo's own colours).

    Mean over the mixed pixels (matte .02 to .9, above the nose's tip) of matte · t, where t, 0..1, is how far the
    colour laid there lies on the way from the person's colour near by to the old background's. Only where these
    two differ by 40 code values or more. 0: hair alone; .5: half of what is seen is the old background.
    """
    x, y = cutout.origin
    height, width = cutout.matte.shape
    part = photo.pixels[y : y + height, x : x + width].astype(np.float32)
    ied = float(np.hypot(*(landmarks[468, :2] - landmarks[473, :2])))
    person, here = _around(part, (cutout.matte > 0.97).astype(np.float32), 0.12 * ied)
    behind, there = _around(part, (cutout.matte < 0.01).astype(np.float32), 0.12 * ied)
    way = behind - person
    length = np.sqrt((way**2).sum(axis=2))
    band = (cutout.matte > 0.02) & (cutout.matte < 0.9) & (length > 40) & (here > 0.02) & (there > 0.02)
    band[max(0, int(landmarks[1, 1]) - y) :] = False
    assert band.sum() > 100, "no hair stands before a background of another colour"

    def share(colours: np.ndarray) -> float:
        t = ((colours - person) * way).sum(axis=2) / np.maximum(length**2, 1)
        return float((cutout.matte * np.clip(t, 0, 1))[band].mean())

    return share(cutout.foreground.astype(np.float32)), share(part)


def _jaw(before, found):
    try:
        return regions.jaw_width(before, found)
    except Unmeasurable:
        return None
