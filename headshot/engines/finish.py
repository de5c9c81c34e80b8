"""Finishing on own pixels: skin, eyes, sharpness, contrast, black and white, grain. No pixel changes its place.

All measures are tied to the distance between the eyes (IED), so that a preview and the final look alike.
"""

from __future__ import annotations

import cv2
import numpy as np

from headshot.types import F32, U8, Canvas, Retouch

_SKIN_CEILING = 0.55  # of the middle frequencies at skin = 1; the finest texture always stays whole
_LIDS = (
    (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
    (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
)
_BROWS = ((70, 63, 105, 66, 107, 55, 65, 52, 53, 46), (300, 293, 334, 296, 336, 285, 295, 282, 283, 276))
_LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)


def finish(canvas: Canvas, retouch: Retouch) -> U8:
    """The finished picture, (h, w, 3) uint8, from the canvas's."""
    picture = canvas.picture.astype(np.float32)
    ied = canvas.eye_distance
    if retouch.skin > 0:
        picture = _even_skin(picture, canvas, retouch.skin, ied)
    if retouch.eyes > 0:
        picture = _clear_eyes(picture, canvas, retouch.eyes, ied)
    if retouch.sharpness > 0:
        picture = _sharpen(picture, canvas.matte, retouch.sharpness, ied)
    if retouch.contrast > 0:
        picture = _contrast(picture, retouch.contrast)
    if retouch.mono > 0:
        grey = picture @ np.array([0.30, 0.55, 0.15], np.float32)  # near a panchromatic film's response
        picture = picture + np.float32(retouch.mono) * (grey[..., None] - picture)
    if retouch.grain > 0:
        picture = picture + _grain(picture, retouch.grain)
    return (picture + 0.5).clip(0, 255).astype(np.uint8)


def _even_skin(picture: F32, canvas: Canvas, amount: float, ied: float) -> F32:
    """Frequency separation: blotches (.03 to .14 IED) are calmed, pores and stubble (finer) and form (coarser) stay.

    Marks that stand out are the person's own and stay too: the correction is bounded, and strong detail is spared.
    """
    fine = cv2.GaussianBlur(picture, (0, 0), max(0.8, 0.03 * ied))
    coarse = cv2.GaussianBlur(fine, (0, 0), max(1.5, 0.14 * ied))
    middle = fine - coarse
    strength = np.abs(middle).max(axis=-1, keepdims=True)
    calm = middle * np.exp(-((strength / 14.0) ** 2))  # code values; moles, lashes and folds are stronger
    mask = _skin_mask(canvas, ied)[..., None]
    return picture - np.float32(_SKIN_CEILING * amount) * mask * calm


def _skin_mask(canvas: Canvas, ied: float) -> F32:
    """The face's soft map without eyes, brows and lips."""
    keep = np.ones(canvas.matte.shape, np.float32)
    for outline in (*_LIDS, *_BROWS, _LIPS):
        points = np.round(cv2.convexHull(canvas.landmarks[list(outline), :2])).astype(np.int32)
        cv2.fillConvexPoly(keep, points, 0.0)
    grown = cv2.erode(keep, np.ones((3, 3), np.uint8), iterations=max(1, round(0.05 * ied)))
    soft = cv2.GaussianBlur(grown, (0, 0), max(1.0, 0.05 * ied))
    return np.asarray(soft * canvas.regions["face"], np.float32)


def _clear_eyes(picture: F32, canvas: Canvas, amount: float, ied: float) -> F32:
    """A little more local contrast and a tenth of a stop of light inside the lids."""
    mask = np.zeros(canvas.matte.shape, np.float32)
    for outline in _LIDS:
        cv2.fillPoly(mask, [np.round(canvas.landmarks[list(outline), :2]).astype(np.int32)], 1.0)
    mask = cv2.GaussianBlur(mask, (0, 0), max(0.8, 0.02 * ied))[..., None] * np.float32(amount)
    local = cv2.GaussianBlur(picture, (0, 0), max(1.0, 0.06 * ied))
    return picture + mask * (0.5 * (picture - local) + 0.08 * picture)


def _sharpen(picture: F32, matte: F32, amount: float, ied: float) -> F32:
    """Unsharp mask on luminance over the person; halos bounded to 12 code values."""
    luma = picture @ np.array([0.299, 0.587, 0.114], np.float32)
    detail = luma - cv2.GaussianBlur(luma, (0, 0), max(0.7, 0.011 * ied))
    gain = 12.0 * np.tanh(np.float32(0.6 * amount) * detail / 12.0)
    return picture + (gain * matte)[..., None]


def _contrast(picture: F32, amount: float) -> F32:
    """A gentle S on the brightest channel, hue kept: black and white points stay, the middle gets steeper."""
    t = np.clip(picture.max(axis=-1, keepdims=True) / 255, 0, 1)
    # (t + k·(smoothstep(t) − t)) / t, written without the division: t may be 0.
    return picture * (1 + np.float32(0.35 * amount) * (t * (3 - 2 * t) - 1))


def _grain(picture: F32, amount: float) -> F32:
    """Luminance noise, strongest in the mid-tones, the same for the same size."""
    height, width = picture.shape[:2]
    noise = np.random.default_rng(5).normal(0, 1, (height, width)).astype(np.float32)
    noise = 0.7 * noise + 0.6 * cv2.GaussianBlur(noise, (0, 0), 0.9)
    level = picture.mean(axis=-1) / 255
    return (5.0 * np.float32(amount) * noise * (0.35 + 2.6 * level * (1 - level)))[..., None]
