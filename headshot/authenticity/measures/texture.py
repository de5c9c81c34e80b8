"""Fine skin texture, the first thing that smoothing and generators take away, told from a picture softer everywhere.

A smaller copy or a soft lens takes fine detail from lashes, brows and lips as well as from skin; smoothing takes it
from the skin alone. So the softness of the whole is read from the features first, and the skin is held against a
photo made just as soft.
"""

from __future__ import annotations

import cv2
import numpy as np

from headshot.authenticity.measures.aligned_face import Aligned, Mask
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.imaging.landmarks import LIPS
from headshot.imaging.masks import grown
from headshot.imaging.median import median
from headshot.types import F32

MIN_EYE_PX = 90.0
MOST_SOFT = 2.5  # px at 160 px between the eyes: beyond it no skin texture is left to compare
# Blurs that the original is tried with, px at 160 px between the eyes.
_TRIED = (0.0, 0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.5, 1.8, 2.2, 2.7, 3.4)
_FINE, _COARSE = (0.8, 1.6), (3.0, 6.0)
_NEAR, _SAME, _BESIDE = 6.0, 6.0, 0.05  # px round a place; L* that it may differ by; IED beside the face's oval


def texture(face: Aligned, blur: float = 0.0) -> float:
    """Measure the fine contrast of the skin of a canonical crop, after a Gaussian blur of `blur` px.

    Robust standard deviation (1.4826 · MAD) of DoG(.8, 1.6 px) of L* over the skin, divided by its median L* + 16:
    L* + 16 goes with the cube root of light, so more or less light leaves the figure as it is. Compare two faces of
    the same fineness only: give `canonical` the smaller of the two eye distances as `detail`. Raises Unmeasurable
    when too little skin can be seen.
    """
    skin = face.skin
    if np.count_nonzero(skin) < 400:
        raise Unmeasurable("too little skin can be seen.")
    part = _around(skin, round(5 * (_FINE[1] + blur)))
    light = _blurred(np.ascontiguousarray(face.lightness[part]), blur)
    band = _band(light, _FINE)[skin[part]]
    spread = 1.4826 * float(median(np.abs(band - median(band))))
    return spread / (float(median(light[skin[part]])) + 16.0)


def softness(original: Aligned, picture: Aligned) -> float:
    """Find the Gaussian blur in px (160 between the eyes) that makes the original's features as soft as the picture's.

    Compared is the 95th percentile of |DoG(.8, 1.6 px)| over that of |DoG(3, 6 px)| of L*, over eyes, brows and
    lips with a rim of .06 IED: what light does to contrast, it does to both. 0 where the picture is no softer, the
    last of the blurs tried (3.4) where it is softer than that. Same photo and same fineness only. Raises Unmeasurable
    where the original's features hold no fine detail.
    """
    light, where = _features(original)
    wanted = _fineness(*_features(picture))
    known: list[float] = []
    for blur in _TRIED:  # the fineness falls as the blur grows
        known.append(_fineness(_blurred(light, blur), where))
        if known[0] <= 1e-3:
            raise Unmeasurable("the photo's eyes, brows and lips show no fine detail.")
        if known[-1] <= wanted:
            break
    return float(np.interp(wanted, known[::-1], _TRIED[: len(known)][::-1]))  # np.interp wants it rising


def beyond_sharpness(original: Aligned, picture: Aligned, soft: float) -> float:
    """Measure the picture's skin texture over the original's, both as soft as the softer of them is all over.

    `soft`: the pair's `softness`, px; where it is 0 the picture may be the sharper one, and is softened. Same photo and
    same fineness only. Raises Unmeasurable as `texture`, and where the whole picture is so soft that smoothed skin
    could not be told.
    """
    if soft > MOST_SOFT:
        raise Unmeasurable("the whole picture is so soft that no skin texture could be seen in it.")
    before = texture(original, soft)
    if before <= 1e-6:
        raise Unmeasurable("the photo shows no skin texture.")
    after = texture(picture)
    if soft <= 0 and after > before:
        after = max(before, texture(picture, min(softness(picture, original), MOST_SOFT)))
    return after / before


def elsewhere(original: Aligned, picture: Aligned, soft: float) -> float:
    """Measure what became of detail as faint as the skin's beside the face, picture over original, 1 where it is kept.

    What tells saving from smoothing: JPEG, WebP and AVIF take faint detail from cloth, hair and backdrop as from skin,
    a retoucher from the skin alone. `soft`: as in `beyond_sharpness`. Compared is the robust spread of DoG(.8, 1.6 px)
    of L* over L* + 16, where the original has .4 to 2.5 times the skin's energy and both pictures show the same. Same
    photo and same fineness only. Raises Unmeasurable where that is under 1,500 px.
    """
    before, after = _blurred(original.lightness, soft), picture.lightness
    fine, left = (_band(light, _FINE) / (light + 16.0) for light in (before, after))
    energy = cv2.GaussianBlur(fine * fine, (0, 0), _NEAR)
    usual = float(median(energy[original.skin]))
    apart = cv2.GaussianBlur(after - before, (0, 0), _NEAR)
    same = np.abs(apart - median(apart[original.skin])) < _SAME
    beside = ~grown(original.face | picture.face, _BESIDE * original.eye_px)
    where = beside & original.inside & picture.inside & same & (energy > 0.4 * usual) & (energy < 2.5 * usual)
    if np.count_nonzero(where) < 1500:
        raise Unmeasurable("too little beside your face is as fine as skin.")
    spread = [float(median(np.abs(x - median(x)))) for x in (fine[where], left[where])]
    return spread[1] / max(spread[0], 1e-9)


def _blurred(light: F32, blur: float) -> F32:
    return light if blur <= 0 else np.asarray(cv2.GaussianBlur(light, (0, 0), blur), np.float32)


def _band(light: F32, sigmas: tuple[float, float]) -> F32:
    fine, coarse = (cv2.GaussianBlur(light, (0, 0), s) for s in sigmas)
    return np.asarray(fine - coarse, np.float32)


def _around(mask: Mask, rim: int) -> tuple[slice, slice]:
    """The part of a crop that holds `mask`, with a rim so wide that the part's edge reaches nothing of it."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return (
        slice(max(0, int(rows[0]) - rim), int(rows[-1]) + rim + 1),
        slice(max(0, int(columns[0]) - rim), int(columns[-1]) + rim + 1),
    )


def _features(face: Aligned) -> tuple[F32, Mask]:
    """L* of the part of the crop that holds eyes, brows and lips with a rim, and where they are in it."""
    mask: Mask = grown(face.eyes | face.brows | face.region(LIPS), 0.06 * face.eye_px) & face.inside
    if np.count_nonzero(mask) < 400:
        raise Unmeasurable("too little of eyes, brows and lips can be seen.")
    part = _around(mask, round(5 * _COARSE[1]))
    return np.ascontiguousarray(face.lightness[part]), mask[part]


def _fineness(light: F32, where: Mask) -> float:
    fine, coarse = (np.percentile(np.abs(_band(light, s)[where]), 95) for s in (_FINE, _COARSE))
    return float(fine / (coarse + 1e-3))
