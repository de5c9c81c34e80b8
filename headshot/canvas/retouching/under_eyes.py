"""Shadows under the eyes lifted towards the cheek's light."""

from __future__ import annotations

import numpy as np

from headshot.canvas.retouching.face_part import FacePart
from headshot.imaging.colour import luminance
from headshot.imaging.landmarks import LEFT_EYE, RIGHT_EYE
from headshot.types import F32

_CEILING = 0.75  # of the shadow at amount 1: without any the eyes lie flat
_MOST = 0.8  # stops
_COLOURED = 0.3  # stops of a shadow from which on it takes all of the cheek's colour
_FRAME = (0.9, 1.5)  # stops darker than the cheek: from a deep shadow to what is a lash or a frame of glasses
# The lower lids' points, from corner to corner.
_LIDS = ((33, 7, 163, 144, 145, 153, 154, 155, 133), (263, 249, 390, 373, 374, 380, 381, 382, 362))


def lift_under_eyes(part: FacePart, amount: float) -> F32:
    """Lift the shadow below each eye, linear light (h, w, 3). `amount` 0..1, at most .6 stops.

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
        bright = np.float32(np.median(stops[cheek]))
        missing = np.clip(bright - stops, 0, _MOST)
        low, high = _FRAME
        skin = np.clip((high - (bright - fine)) / (high - low), 0, 1)
        here = missing * below * skin * (1 - eyes)
        colour = np.median(part.linear[cheek], axis=0)
        colour = (colour / max(float(luminance(colour[None, None])[0, 0]), 1e-4)).astype(np.float32)
        cheeks = np.where((here > gain)[..., None], colour / np.maximum(own, 1e-2), cheeks)
        gain = np.maximum(gain, here)
    most = np.exp2(np.float32(_CEILING * amount) * gain)[..., None]
    share = np.float32(amount) * np.clip(gain / _COLOURED, 0, 1)[..., None]
    lifted = part.linear * most * np.clip(cheeks, 0.8, 1.25) ** share
    lifted = np.clip(lifted, part.linear, part.linear * np.exp2(np.float32(_CEILING * _MOST)))
    return np.where((gain > 1e-4)[..., None], np.minimum(lifted, 1), part.linear).astype(np.float32)


def _band(upper: F32, lower: F32) -> F32:
    """The outline between two lines of points, (n, 2) px."""
    return np.concatenate([upper, lower[::-1]]).astype(np.float32)
