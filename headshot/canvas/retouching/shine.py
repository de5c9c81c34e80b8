"""Shine on the skin turned down: the light's own colour that lies on top of the skin's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from headshot.canvas.retouching.face_part import FacePart
from headshot.imaging.colour import luminance
from headshot.types import F32

_CEILING = 0.75  # of the shine at amount 1: a face without any is a mask
_BRIGHTER = (1.06, 1.35)  # times the skin round about: where shine begins, and where all of it counts
_PALER = 0.3  # of a place's light that is the light's own colour, beyond the usual: all of it shine
_HAIR = (2.2, 3.6)  # times the face's own roughness: from rough skin to hair
_SPREAD = 3.0  # times the share of the face that shines: how fast less of it is taken
_DARKEST = 0.7  # times its light: no place gets darker than that


def calm_shine(part: FacePart, amount: float) -> F32:
    """Turn shine down, linear light (h, w, 3). `amount` 0..1.

    Skin sends back its own colour from inside and the light's colour from its surface (the dichromatic model, Shafer
    1985). Each place is split into both, in the mean over a pore. Where it is brighter than the skin round it and holds
    more of the second than the face's median, it goes towards that skin's light in the face's own colour: what clipped
    has no colour left to come back to. Texture finer than a pore stays in proportion.
    """
    sure = part.skin > 0.8
    if sure.sum() < 50:
        return part.linear
    smooth = part.soft(part.linear, 0.015)
    light = luminance(smooth)
    own = _own_colour(smooth, light, sure)
    inside, surface = _split(smooth, own)
    usual = np.float32(np.median(surface[sure] / np.maximum(inside[sure], 1e-4)))
    paler = np.clip((surface - usual * inside) / np.maximum(light, 1e-4) / _PALER, 0, 1)
    around = _around(part, light, ((1 - 0.95 * paler) * part.skin).astype(np.float32))
    low, high = _BRIGHTER
    brighter = np.clip((light / np.maximum(around, 1e-4) - low) / (high - low), 0, 1)
    shine = part.soft((brighter * paler * _without_hair(part, light, sure)).astype(np.float32), 0.02)
    # What covers much of a face is how the photo was lit, and no shine.
    spared = np.clip(1.6 - _SPREAD * float(shine[sure].mean()), 0.15, 1)
    share = np.float32(_CEILING * amount * spared) * shine * part.skin
    colour = _colour_beside(part, smooth, shine, own)
    goal = np.maximum(around, _DARKEST * light)[..., None] * colour
    gain = 1 + share[..., None] * (goal / np.maximum(smooth, 1e-4) - 1)
    calm = np.minimum(part.linear * gain, 1)
    return np.where((share > 1e-3)[..., None], calm, part.linear).astype(np.float32)


def _without_hair(part: FacePart, light: F32, sure: NDArray[np.bool_]) -> F32:
    """Weigh (h, w) 0..1 what is as smooth as skin: shine is, a white moustache is not."""
    fine = luminance(part.linear)
    rough = part.soft(np.abs(fine - part.soft(fine, 0.012)), 0.04) / np.maximum(light, 1e-3)
    low, high = _HAIR
    over = rough / max(float(np.median(rough[sure])), 1e-4)
    return np.asarray(np.clip((high - over) / (high - low), 0, 1), np.float32)


def _around(part: FacePart, light: F32, weight: F32) -> F32:
    """The light of the skin round each place, by `weight` (h, w): (h, w) float32."""
    near, all_of_it = part.soft(light * weight, 0.25), float((light * weight).sum() / max(float(weight.sum()), 1e-3))
    return np.asarray((near + 0.02 * all_of_it) / (part.soft(weight, 0.25) + 0.02), np.float32)


def _colour_beside(part: FacePart, smooth: F32, shine: F32, own: F32) -> F32:
    """The colour of the skin without shine near each place, of luminance 1, (h, w, 3): `own` far from any."""
    dull = (part.skin * (1 - np.minimum(4 * shine, 1)))[..., None]
    near: F32 = part.soft(smooth * dull, 0.2) + 0.02 * luminance(smooth)[..., None] * own
    return np.asarray(near / np.maximum(luminance(near), 1e-4)[..., None], np.float32)


def _own_colour(smooth: F32, light: F32, sure: NDArray[np.bool_]) -> F32:
    """The skin's own colour (3,), of sum 1: the median of its middle tones."""
    low, high = np.quantile(light[sure], (0.25, 0.6))
    middle = smooth[sure & (light >= low) & (light <= high)]
    own = np.median(middle / np.maximum(middle.sum(axis=1, keepdims=True), 1e-4), axis=0)
    return np.asarray(own / own.sum(), np.float32)


def _split(colours: F32, own: F32) -> tuple[F32, F32]:
    """Least squares of colours (h, w, 3) = inside · own + surface · white: (h, w) each, luminance of white 1."""
    basis = np.stack([own, np.ones(3, np.float32)], axis=1)
    found = colours @ np.linalg.pinv(basis).T.astype(np.float32)
    return np.maximum(found[..., 0], 0), found[..., 1]
