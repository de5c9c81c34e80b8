"""Shadows under the eyes lifted towards the cheek's light."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.canvas.retouching.face_part import FacePart
from headshot.imaging.colour import luminance
from headshot.imaging.landmarks import LEFT_EYE, RIGHT_EYE
from headshot.imaging.median import median, medians
from headshot.types import F32

_MOST = 1.1  # stops
_FAR = 0.12  # natural logarithm of a channel's share: up to which a colour is the skin's own there
_USUAL = (0.5, 4.0)  # L* (CIELAB) that any face is darker there: towards the cheek, at the lid
_BAND = (0.03, 0.4)  # eye distances below the lid: where shadows lie
_LID = (0.1, 0.18)  # of them above and below the edge of the lid: its own shade
_LASHES = 0.02  # of them round an eye
_LIT = 0.75  # quantile of the skin under an eye: where it is brighter than the cheek, it is its own measure
_COLOURED = (0.3, 0.15)  # stops of a shadow from which on it takes that share of the cheek's colour
_FRAME = (0.25, 0.7)  # stops darker than right round it: from skin in a deep shadow to a lash or a frame of glasses
_BLACK = (1.4, 2.2)  # stops darker than the cheek: from the same to the same
_LENS = (0.03, 0.2)  # eye distances below the lid: what a dark lens covers
_COVERED = (1.6, 1.85)  # stops that half of it is darker than the cheek: from a deep shadow to such a lens
# The lower lids' points, from corner to corner.
_LIDS = ((33, 7, 163, 144, 145, 153, 154, 155, 133), (263, 249, 390, 373, 374, 380, 381, 382, 362))


def lift_under_eyes(part: FacePart, amount: float) -> F32:
    """Lift the shadow below each eye, linear light (h, w, 3). `amount` 0..1, at most 1.1 stops.

    Each is measured against the cheek right below it, in the mean over .04 of the eye distance: folds and texture stay.
    What is lifted takes a little of the cheek's colour: a shadow is redder or bluer than the skin, and would glow so.
    """
    light = luminance(part.linear)
    # Lashes and the eye itself are no shadow on the skin below them.
    bare = 1 - cv2.dilate(part.filled(RIGHT_EYE, LEFT_EYE), _disc(_LASHES * part.ied))
    around = part.soft(bare, 0.04)
    stops = np.log2(part.soft(light * bare, 0.04) / np.maximum(around, 0.05) + 1e-3)
    fine = np.log2(part.soft(light, 0.01) + 1e-3)
    down = part.points[152] - (part.points[468] + part.points[473]) / 2
    down = down / max(float(np.hypot(*down)), 1e-3) * part.ied
    gain = np.zeros(light.shape, np.float32)
    smooth = part.soft(part.linear, 0.02)
    own = smooth / np.maximum(luminance(smooth), 1e-4)[..., None]
    cheeks = np.ones_like(own)
    eyes = part.soft(part.filled(RIGHT_EYE, LEFT_EYE), 0.015)
    for lid in _LIDS:
        edge = part.points[list(lid)]
        arch = np.sin(np.linspace(0.35, np.pi - 0.35, len(lid)))[:, None]  # lower in the middle than at the corners
        below = part.soft(part.filled(_band(edge + _BAND[0] * down, edge + _BAND[1] * down * arch)), 0.04)
        near = part.soft(part.filled(_band(edge - _LID[0] * down, edge + _LID[1] * down)), 0.05)
        cheek = part.filled(_band(edge + 0.34 * down, edge + 0.52 * down)) * (part.skin > 0.8) > 0
        if cheek.sum() < 20:
            continue
        here = (below > 0.5) & (part.skin > 0.8)
        bright = np.float32(max(median(stops[cheek]), np.quantile(stops[here], _LIT) if here.any() else -np.inf))
        # What any face has there stays, and what is beyond it goes: without any the eyes lie flat.
        usual = (_USUAL[0] + (_USUAL[1] - _USUAL[0]) * near) / np.float32(_lightness_a_stop(float(bright)))
        missing = np.clip(bright - stops - usual, 0, _MOST)
        # Beside dark lashes a light edge of the lid would be lifted as they are, and glow: there nothing rises above
        # what is usual, finely measured.
        missing -= near * np.maximum(missing - np.maximum(bright - fine - usual, 0), 0)
        skin = part.soft(_below(stops - fine, _FRAME) * _below(bright - fine, _BLACK), 0.015)
        lens = part.filled(_band(edge + _LENS[0] * down, edge + _LENS[1] * down)) > 0
        seen = _below(bright - median(fine[lens]), _COVERED) if lens.any() else 0
        lack = missing * below * skin * (1 - eyes) * seen
        lit = here & (stops >= median(stops[here])) if here.any() else cheek
        colour = (_colour(part.linear[cheek]) + _colour(part.linear[lit])) / 2
        cheeks = np.where((lack > gain)[..., None], colour / np.maximum(own, 1e-2), cheeks)
        gain = np.maximum(gain, lack)
    most = np.exp2(np.float32(amount) * gain)[..., None]
    share = np.float32(amount) * np.clip(gain / _COLOURED[0], 0, 1)[..., None]
    # What is far from the cheek's colour, such as paint beside lashes, would glow: of that all goes.
    off = np.log(np.maximum(cheeks, 1e-3))
    off = np.sign(off) * (_COLOURED[1] * np.abs(off) + (1 - _COLOURED[1]) * np.maximum(np.abs(off) - _FAR, 0))
    lifted = part.linear * most * np.exp(np.clip(off, -0.5, 0.5) * share)
    lifted = np.clip(lifted, part.linear, part.linear * np.exp2(np.float32(_MOST)))
    return np.where((gain > 1e-4)[..., None], np.minimum(lifted, 1), part.linear).astype(np.float32)


def _colour(linear: F32) -> F32:
    """The median colour (3,) of linear light (n, 3), of luminance 1."""
    colour = medians(linear)
    return np.asarray(colour / max(float(luminance(colour[None, None])[0, 0]), 1e-4), np.float32)


def _below(values: F32 | np.float32, bounds: tuple[float, float]) -> F32:
    """Weigh what lies below both bounds 1, above both 0."""
    low, high = bounds
    return np.asarray(np.clip((high - values) / (high - low), 0, 1), np.float32)


def _band(upper: F32, lower: F32) -> F32:
    """The outline between two lines of points, (n, 2) px."""
    return np.concatenate([upper, lower[::-1]]).astype(np.float32)


def _lightness_a_stop(stops: float) -> float:
    """How much L* (CIELAB) a stop is at a light of 2 ** `stops`: less on dark skin than on light."""
    return float(116 / 3 * np.log(2) * np.exp2(stops / 3))


def _disc(radius: float) -> NDArray[np.uint8]:
    """A disc of `radius` px to dilate with."""
    size = 2 * max(1, round(radius)) + 1
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)).astype(np.uint8)
