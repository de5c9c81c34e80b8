"""Shine on the skin turned down: the light's own colour that lies on top of the skin's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from headshot.canvas.retouching.face_part import FacePart
from headshot.imaging.colour import brightest, luminance
from headshot.types import F32

_CEILING = 0.85  # of the shine at amount 1: a face without any is a mask
_PALER = 0.12  # of a place's light that is the light's own colour, beyond the usual: no skin to measure by
_CLIPPED = (0.85, 0.97)  # linear light of the largest channel: from what still has its colour to what has none
_HAIR = (2.2, 3.6)  # times the face's own roughness: from rough skin to hair
_SPREAD = 3.0  # times the share of the face that shines: how fast less of it is taken
_DARKEST = 0.7  # times its light: no place gets darker than that


def calm_shine(part: FacePart, amount: float) -> F32:
    """Turn shine down, linear light (h, w, 3). `amount` 0..1.

    Skin sends back its own colour from inside and the light's colour from its surface (the dichromatic model, Shafer
    1985). Each place is split into both, in the mean over a pore, by the colour of the duller skin near it. What lies
    there of the second goes, but no place gets darker than that skin: a nose or a forehead that is brighter without
    being paler keeps its form. What clipped has no colour to come back to, and gets that of the skin near it.
    """
    sure = part.skin > 0.8
    if sure.sum() < 50:
        return part.linear
    smooth = part.soft(part.linear, 0.015)
    light = luminance(smooth)
    own = _own_colour(smooth, light, sure)
    inside, surface = _split(smooth, np.broadcast_to(own, smooth.shape))
    usual = np.float32(np.median(surface[sure] / np.maximum(inside[sure], 1e-4)))
    paler = np.clip((surface - usual * inside) / np.maximum(light, 1e-4) / _PALER, 0, 1)
    dull = ((1 - 0.95 * paler) * part.skin).astype(np.float32)
    around = _around(part, smooth, dull, own)
    beside = luminance(around)
    colour: F32 = (around / np.maximum(beside, 1e-4)[..., None]).astype(np.float32)
    white = _split(smooth, colour)[1]
    taken = np.minimum(white, light - beside)
    burnt = np.clip((brightest(smooth)[..., 0] - _CLIPPED[0]) / (_CLIPPED[1] - _CLIPPED[0]), 0, 1)
    taken = np.clip(taken + burnt * (light - beside - taken), 0, (1 - _DARKEST) * light)
    taken = part.soft((taken * _without_hair(part, light, sure)).astype(np.float32), 0.01)
    # What covers much of a face is how the photo was lit, and no shine.
    shining = np.clip(taken / np.maximum(beside, 1e-4) / 0.42, 0, 1)
    spared = np.clip(1.6 - _SPREAD * float(shining[sure].mean()), 0.15, 1)
    share = np.float32(_CEILING * amount * spared) * taken * part.skin
    calm = part.linear - share[..., None]
    return np.where((share > 1e-3)[..., None], np.maximum(calm, 0), part.linear).astype(np.float32)


def _without_hair(part: FacePart, light: F32, sure: NDArray[np.bool_]) -> F32:
    """Weigh (h, w) 0..1 what is as smooth as skin: shine is, a white moustache is not."""
    fine = luminance(part.linear)
    rough = part.soft(np.abs(fine - part.soft(fine, 0.012)), 0.04) / np.maximum(light, 1e-3)
    low, high = _HAIR
    over = rough / max(float(np.median(rough[sure])), 1e-4)
    return np.asarray(np.clip((high - over) / (high - low), 0, 1), np.float32)


def _around(part: FacePart, smooth: F32, weight: F32, own: F32) -> F32:
    """The skin's light and colour round each place, by `weight` (h, w): (h, w, 3); `own` colour far from any."""
    total = max(float(weight.sum()), 1e-3)
    all_of_it = float((luminance(smooth) * weight).sum() / total) * own / luminance(own[None, None])[0, 0]
    near: F32 = part.soft(smooth * weight[..., None], 0.25) + 0.02 * all_of_it
    return np.asarray(near / (part.soft(weight, 0.25) + 0.02)[..., None], np.float32)


def _own_colour(smooth: F32, light: F32, sure: NDArray[np.bool_]) -> F32:
    """The skin's own colour (3,), of sum 1: the median of its middle tones."""
    low, high = np.quantile(light[sure], (0.25, 0.6))
    middle = smooth[sure & (light >= low) & (light <= high)]
    own = np.median(middle / np.maximum(middle.sum(axis=1, keepdims=True), 1e-4), axis=0)
    return np.asarray(own / own.sum(), np.float32)


def _split(colours: F32, own: F32) -> tuple[F32, F32]:
    """Least squares of colours (h, w, 3) = inside · own (h, w, 3) + surface · white: (h, w) each."""
    across, along = (colours * own).sum(axis=2), (own * own).sum(axis=2)
    mean, sums = colours.sum(axis=2), own.sum(axis=2)
    apart = np.maximum(3 * along - sums**2, 1e-6)
    inside = np.maximum((3 * across - sums * mean) / apart, 0)
    return np.asarray(inside, np.float32), np.asarray((along * mean - sums * across) / apart, np.float32)
