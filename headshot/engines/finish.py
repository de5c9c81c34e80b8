"""Finishing: the face retouched, then skin, eyes, sharpness, contrast, black and white, grain.

No pixel changes its place.

What a generator painted is finished like own pixels, and these come out as they would without it.

All measures are tied to the eye distance, so that a preview and the final look alike.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np

from headshot.canvas.light import apply_stops, warmth
from headshot.canvas.retouching.face_part import skin_of
from headshot.canvas.retouching.retouched import retouched
from headshot.imaging.bands import bands, two_at_a_time
from headshot.imaging.blur import wide_blur
from headshot.imaging.colour import brightest, in_channels, planes_of, to_codes, to_linear
from headshot.imaging.landmarks import LEFT_EYE, RIGHT_EYE
from headshot.types import F32, U8, Canvas, Direction, Light, Retouch

_SKIN_CEILING = 0.55  # of the middle frequencies at skin = 1; the finest texture always stays whole
_BLOTCHES_AT = 66.0  # px between the eyes
_EYES = (RIGHT_EYE, LEFT_EYE)


def finish(canvas: Canvas, retouch: Retouch) -> U8:
    """Finish the canvas's picture: (h, w, 3) uint8."""
    picture = canvas.steps.get("codes", (), lambda: canvas.picture.astype(np.float32))
    ied = canvas.eye_distance
    picture = kept = retouched(picture, canvas, retouch)
    if retouch.skin > 0 or retouch.eyes > 0:
        picture = kept.copy()
    if retouch.skin > 0:
        blotches = canvas.steps.get("skin", (kept,), lambda: _blotches(kept, canvas, ied))
        _even_skin(picture, blotches, retouch.skin)
    if retouch.eyes > 0:
        _clear_eyes(picture, canvas, retouch.eyes, ied)
    height, width = picture.shape[:2]
    if retouch.sharpness > 0:
        luma = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        soft = wide_blur(luma, max(0.7, 0.011 * ied), 2.0)
    noise = _noise(height, width) if retouch.grain > 0 else None
    finished = np.empty((height, width, 3), np.uint8)

    def band(rows: slice) -> None:
        planes = planes_of(picture[rows])
        if retouch.sharpness > 0:
            planes += _sharper(luma[rows] - soft[rows], canvas.matte[rows], retouch.sharpness)
        planes = _developed(planes, retouch)
        if noise is not None:
            planes += _grain(planes, noise[rows], retouch.grain)
        cv2.merge([*_round(planes)], dst=finished[rows])

    two_at_a_time(band, bands(height))
    return finished


def finish_painted(picture: U8, canvas: Canvas, direction: Direction, own: F32) -> U8:
    """Finish `picture` (h, w, 3) uint8, painted over the canvas; exactly `finish` of the canvas where `own` is 1.

    At the highest strength the painted face need not lie where the photo's did: skin and eyes are left as they are.
    """
    retouch, painted = direction.retouch, replace(canvas, picture=picture)
    if direction.change >= 1:
        of_the_face = ("skin", "eyes", "shine", "redness", "under_eyes", "teeth", "red_eyes", "glare")
        retouch = replace(retouch, heal="", **dict.fromkeys(of_the_face, 0.0))
        painted = replace(painted, matte=np.ones_like(canvas.matte))
    finished = finish(painted, retouch)
    return np.where(own[..., None] > 0.5, finish(canvas, retouch), finished) if own.any() else finished


def toned(picture: U8, light: Light) -> U8:
    """Apply the wished exposure and warmth to a picture that has not the canvas's light."""
    if light.exposure == 0 and light.warmth == 0:
        return picture
    return _round(to_codes(apply_stops(to_linear(picture) * warmth(light.warmth), light.exposure)))


def developed(picture: U8, retouch: Retouch) -> U8:
    """Apply contrast and black and white alone: how a preview of any size will look."""
    return cv2.merge([*_round(_developed(planes_of(picture.astype(np.float32)), retouch))])


def _developed(planes: F32, retouch: Retouch) -> F32:
    """Apply both to code values (3, h, w), in place."""
    if retouch.contrast > 0:
        planes *= _contrast(planes.max(axis=0), retouch.contrast)
    if retouch.mono > 0:
        grey = _mix(planes, (0.30, 0.55, 0.15))  # near a panchromatic film's response
        planes += np.float32(retouch.mono) * (grey - planes)
    return planes


def _round(picture: F32) -> U8:
    return (picture + 0.5).clip(0, 255).astype(np.uint8)


def _even_skin(picture: F32, blotches: tuple[tuple[slice, slice], F32] | None, amount: float) -> None:
    """Even the skin by frequency separation, in place.

    Blotches (.03 to .14 of the eye distance) are calmed, pores and stubble (finer) and form (coarser) stay.
    Marks that stand out are the person's own and stay too: the correction is bounded, and strong detail is spared.
    """
    if blotches is not None:
        box, most = blotches
        cv2.scaleAdd(most, -_SKIN_CEILING * amount, picture[box], dst=picture[box])


def _blotches(picture: F32, canvas: Canvas, ied: float) -> tuple[tuple[slice, slice], F32] | None:
    """Find what evening skin takes at most: the box of the face and code values there, (h, w, 3); None for no face.

    None of it is finer than .03 of the eye distance, so a smaller face tells it.
    """
    mask = skin_of(canvas)
    box = _around(mask, int(0.5 * ied))
    if box is None:
        return None
    height, width = mask[box].shape
    scale = min(1.0, _BLOTCHES_AT / ied)
    size = (max(1, round(scale * width)), max(1, round(scale * height)))
    there, skin = (cv2.resize(part, size, interpolation=cv2.INTER_AREA) for part in (picture[box], mask[box]))
    ied *= size[0] / width
    fine = wide_blur(there, max(0.8, 0.03 * ied))
    middle = fine - wide_blur(fine, max(1.5, 0.14 * ied))
    strength = brightest(np.abs(middle))[..., 0]
    # Code values; moles, lashes and folds are stronger.
    blotches = middle * in_channels(skin * np.exp(-((strength / 14.0) ** 2)))
    return box, np.asarray(cv2.resize(blotches, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _around(mask: F32, room: int) -> tuple[slice, slice] | None:
    """The box that holds `mask` with `room` px beside it; None where there is nothing in it."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return None
    return (
        slice(max(0, int(rows[0]) - room), int(rows[-1]) + room + 1),
        slice(max(0, int(columns[0]) - room), int(columns[-1]) + room + 1),
    )


def _clear_eyes(picture: F32, canvas: Canvas, amount: float, ied: float) -> None:
    """A little more local contrast and a tenth of a stop of light inside the lids, in place."""
    points = np.round(canvas.landmarks[[i for outline in _EYES for i in outline], :2]).astype(np.int32)
    # Nothing outside the lids' surroundings changes: only that part is worked on, with room for both blurs.
    room = int(0.33 * ied) + 12
    height, width = canvas.matte.shape
    x0, y0 = np.clip(points.min(axis=0) - room, 0, (width, height))
    x1, y1 = np.clip(points.max(axis=0) + room, 0, (width, height))
    if x1 <= x0 or y1 <= y0:
        return
    part = picture[y0:y1, x0:x1]
    mask = np.zeros(part.shape[:2], np.float32)
    for outline in _EYES:
        lids = np.round(canvas.landmarks[list(outline), :2]).astype(np.int32) - np.array([x0, y0], np.int32)
        cv2.fillPoly(mask, [lids.astype(np.int32)], 1.0)
    mask = cv2.GaussianBlur(mask, (0, 0), max(0.8, 0.02 * ied)) * np.float32(amount)
    local = wide_blur(part, max(1.0, 0.06 * ied))
    # Half of what stands out from around, and .08 of the light itself.
    part += in_channels(mask) * (np.float32(0.58) * part - np.float32(0.5) * local)


def _sharper(detail: F32, matte: F32, amount: float) -> F32:
    """Compute what an unsharp mask on luminance adds over the person, (h, w); halos bounded to 12 code values."""
    # The hyperbolic tangent by OpenCV's exponential function, in a third of NumPy's time.
    twice = cv2.exp(detail * np.float32(0.6 * amount / 6.0))
    return np.asarray(12.0 * (1 - 2 / (1 + twice)) * matte, np.float32)


def _mix(planes: F32, weights: tuple[float, float, float]) -> F32:
    """Sum the channels (3, h, w) by weight, (h, w)."""
    first, second, third = (np.float32(weight) * plane for weight, plane in zip(weights, planes, strict=True))
    first += second
    first += third
    return first


def _contrast(highest: F32, amount: float) -> F32:
    """Find what multiplies code values of which the largest channel is `highest` (h, w): a gentle S-curve, hue kept.

    Black and white points stay.
    """
    t = np.clip(highest / 255, 0, 1)
    # (t + k·(smoothstep(t) − t)) / t, written without the division: t may be 0.
    return np.asarray(1 + 0.35 * amount * (t * (3 - 2 * t) - 1), np.float32)


def _grain(planes: F32, noise: F32, amount: float) -> F32:
    """Compute luminance noise for code values (3, h, w), strongest in the mid-tones, (h, w)."""
    level = _mix(planes, (1 / 765,) * 3)
    return 5.0 * np.float32(amount) * noise * (0.35 + 2.6 * level * (1 - level))


@lru_cache(maxsize=3)
def _noise(height: int, width: int) -> F32:
    """Draw the grain of a size (h, w): always the same."""
    noise = np.random.default_rng(5).normal(0, 1, (height, width)).astype(np.float32)
    return 0.7 * noise + 0.6 * cv2.GaussianBlur(noise, (0, 0), 0.9)
