"""Shadows under the eyes lifted towards the cheek's light."""

from __future__ import annotations

import numpy as np

from headshot.canvas.retouching.face_part import FacePart
from headshot.imaging.colour import luminance
from headshot.imaging.landmarks import LEFT_EYE, RIGHT_EYE
from headshot.types import F32

_CEILING = 0.9  # of the shadow at amount 1: without any the eyes lie flat
_MOST = 1.2  # stops
_LIT = 0.75  # quantile of the skin under an eye: where it is brighter than the cheek, it is its own measure
_COLOURED = 0.3  # stops of a shadow from which on it takes all of the cheek's colour
_FRAME = (0.25, 0.7)  # stops darker than right round it: from skin in a deep shadow to a lash or a frame of glasses
_BLACK = (1.4, 2.2)  # stops darker than the cheek: from the same to the same
# The lower lids' points, from corner to corner.
_LIDS = ((33, 7, 163, 144, 145, 153, 154, 155, 133), (263, 249, 390, 373, 374, 380, 381, 382, 362))


def lift_under_eyes(part: FacePart, amount: float) -> F32:
    """Lift the shadow below each eye, linear light (h, w, 3). `amount` 0..1, at most 1.1 stops.

    Each is measured against the cheek right below it, in the mean over .04 of the eye distance: folds and texture stay.
    What is lifted takes the cheek's colour: a shadow is redder or bluer than the skin, and would glow so.
    """
    light = luminance(part.linear)
    stops = np.log2(part.soft(light, 0.04) + 1e-3)
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
        below = part.soft(part.filled(_band(edge + 0.03 * down, edge + 0.27 * down * arch)), 0.04)
        cheek = part.filled(_band(edge + 0.34 * down, edge + 0.52 * down)) * (part.skin > 0.8) > 0
        if cheek.sum() < 20:
            continue
        here = (below > 0.5) & (part.skin > 0.8)
        bright = np.float32(max(np.median(stops[cheek]), np.quantile(stops[here], _LIT) if here.any() else -np.inf))
        missing = np.clip(bright - stops, 0, _MOST)
        skin = part.soft(_below(stops - fine, _FRAME) * _below(bright - fine, _BLACK), 0.015)
        lack = missing * below * skin * (1 - eyes)
        lit = here & (stops >= np.median(stops[here])) if here.any() else cheek
        colour = (_colour(part.linear[cheek]) + _colour(part.linear[lit])) / 2
        cheeks = np.where((lack > gain)[..., None], colour / np.maximum(own, 1e-2), cheeks)
        gain = np.maximum(gain, lack)
    most = np.exp2(np.float32(_CEILING * amount) * gain)[..., None]
    share = np.float32(amount) * np.clip(gain / _COLOURED, 0, 1)[..., None]
    lifted = part.linear * most * np.clip(cheeks, 0.8, 1.25) ** share
    lifted = np.clip(lifted, part.linear, part.linear * np.exp2(np.float32(_CEILING * _MOST)))
    return np.where((gain > 1e-4)[..., None], np.minimum(lifted, 1), part.linear).astype(np.float32)


def _colour(linear: F32) -> F32:
    """The median colour (3,) of linear light (n, 3), of luminance 1."""
    colour = np.median(linear, axis=0)
    return np.asarray(colour / max(float(luminance(colour[None, None])[0, 0]), 1e-4), np.float32)


def _below(values: F32, bounds: tuple[float, float]) -> F32:
    """Weigh what lies below both bounds 1, above both 0."""
    low, high = bounds
    return np.asarray(np.clip((high - values) / (high - low), 0, 1), np.float32)


def _band(upper: F32, lower: F32) -> F32:
    """The outline between two lines of points, (n, 2) px."""
    return np.concatenate([upper, lower[::-1]]).astype(np.float32)
