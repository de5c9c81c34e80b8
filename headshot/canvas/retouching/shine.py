"""Shine on the skin turned down: the light's own colour that lies on top of the skin's."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.canvas.retouching.face_part import FacePart
from headshot.imaging.colour import brightest, luminance
from headshot.imaging.median import median, medians
from headshot.types import F32

_CEILING = 0.85  # of the shine at amount 1: a face without any is a mask
_PALER = 0.12  # of a place's light that is the light's own colour, beyond the usual: no skin to measure by
_CLIPPED = (0.85, 0.97)  # linear light of the largest channel: from what still has its colour to what has none
_HAIR = (2.2, 3.6)  # times the face's own roughness: from rough skin to hair
_SPREAD = 3.0  # times the share of the face that shines: how fast less of it is taken
_DARKEST = 0.7  # times its light: no place gets darker than that
_PAINT = (0.45, 0.6)  # of a place's light that is white: from shining skin to white hair, whose colour stays
_SHINES = 0.1  # of a place's light that is shine, from which on all of its colour is put right
_NEAR_SKIN = 0.08  # how far a colour of luminance 1 may be from the skin's round it, and not more than most skin is
_PALE = (0.65, 0.9)  # cosine of the ways from the skin's colour to a place's and to white: from yellower to paler
_MOST_SKIN = 0.8  # quantile of the duller skin
_HUES_AT = 40.0  # px between the eyes: hues round a place need no more
_ONE_LIGHT = (0.88, 0.97)  # how far the hues round a place agree: from two lights to one


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
    usual = np.float32(median(surface[sure] / np.maximum(inside[sure], 1e-4)))
    paler = np.clip((surface - usual * inside) / np.maximum(light, 1e-4) / _PALER, 0, 1)
    dull = ((1 - 0.95 * paler) * part.skin).astype(np.float32)
    around = _around(part, smooth, dull, own)
    beside = luminance(around)
    colour: F32 = (around / np.maximum(beside, 1e-4)[..., None]).astype(np.float32)
    white = _split(smooth, colour)[1]
    taken = np.minimum(white, light - beside)
    burnt = np.clip((brightest(smooth)[..., 0] - _CLIPPED[0]) / (_CLIPPED[1] - _CLIPPED[0]), 0, 1)
    taken = np.clip(taken + burnt * (light - beside - taken), 0, (1 - _DARKEST) * light)
    skin = _without_hair(part, light, sure)
    off, pale = _off_colour(smooth, light, taken, colour, sure & (paler < 0.5))
    pale = part.soft(pale, 0.08) * _one_light(part)
    taken = part.soft((taken * skin * pale).astype(np.float32), 0.01)
    # What covers much of a face is how the photo was lit, and no shine.
    shining = np.clip(taken / np.maximum(beside, 1e-4) / 0.42, 0, 1)
    spared = np.clip(1.6 - _SPREAD * float(shining[sure].mean()), 0.15, 1)
    share = np.float32(_CEILING * amount * spared) * part.skin
    low, high = _PAINT
    skin = skin * np.maximum(burnt, np.clip((high - white / np.maximum(light, 1e-3)) / (high - low), 0, 1))
    right = skin * pale * np.clip(taken / np.maximum(light, 1e-3) / _SHINES, 0, 1)
    off = part.soft((right[..., None] * off).astype(np.float32), 0.02)
    calm = part.linear - share[..., None] * (taken[..., None] + off)
    return np.where((share * taken > 1e-3)[..., None], np.maximum(calm, 0), part.linear).astype(np.float32)


def _off_colour(smooth: F32, light: F32, taken: F32, colour: F32, dull: NDArray[np.bool_]) -> tuple[F32, F32]:
    """What of the colour that is left is farther from the skin's own `colour` than skin is: linear light (h, w, 3),
    of luminance 0. And a weight (h, w) 0..1 of what is paler or bluer than skin there, or hardly differs: what is
    yellower, as in the sun's own light, is lit so."""
    few = dull[::3, ::3]
    usual = _NEAR_SKIN
    if few.any():
        skin = smooth[::3, ::3][few] / np.maximum(light[::3, ::3][few], 1e-4)[:, None] - colour[::3, ::3][few]
        usual = min(usual, float(np.quantile(np.linalg.norm(skin, axis=1), _MOST_SKIN)))
    off = smooth - taken[..., None] - colour * (light - taken)[..., None]
    far, white = np.sqrt(_sum(off * off)), 1 - colour
    size = far / np.maximum(light - taken, 1e-4)
    alike = _sum(off * white) / np.maximum(far * np.sqrt(_sum(white * white)), 1e-6)
    low, high = _PALE
    pale = np.clip(np.maximum((alike - low) / (high - low), 2 - size / _NEAR_SKIN), 0, 1)
    beyond = np.clip(1 - np.float32(usual) / np.maximum(size, 1e-3), 0, 1)
    return np.asarray(off * beyond[..., None], np.float32), np.asarray(pale, np.float32)


def _one_light(part: FacePart) -> F32:
    """Weigh (h, w) 0..1 how far the skin round each place has one hue: the length of its mean colour vector, of the
    mean length."""
    few = part.shrunk(_HUES_AT)
    r, g, b = cv2.split(few.linear)
    weight = few.skin / np.maximum(luminance(few.linear), 1e-3)
    red, yellow = (r - g) * weight, ((r + g) / 2 - b) * weight
    red, yellow, length = cv2.split(few.soft(cv2.merge([red, yellow, cv2.magnitude(red, yellow)]), 0.25))
    low, high = _ONE_LIGHT
    agree = np.clip((cv2.magnitude(red, yellow) / np.maximum(length, 1e-4) - low) / (high - low), 0, 1)
    return np.asarray(cv2.resize(agree, part.skin.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _without_hair(part: FacePart, light: F32, sure: NDArray[np.bool_]) -> F32:
    """Weigh (h, w) 0..1 what is as smooth as skin: shine is, a white moustache is not."""
    fine = luminance(part.linear)
    rough = part.soft(np.abs(fine - part.soft(fine, 0.012)), 0.04) / np.maximum(light, 1e-3)
    low, high = _HAIR
    over = rough / max(float(median(rough[sure])), 1e-4)
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
    own = medians(middle / np.maximum(middle.sum(axis=1, keepdims=True), 1e-4))
    return np.asarray(own / own.sum(), np.float32)


def _split(colours: F32, own: F32) -> tuple[F32, F32]:
    """Least squares of colours (h, w, 3) = inside · own (h, w, 3) + surface · white: (h, w) each."""
    own = np.ascontiguousarray(own, np.float32)
    across, along, mean, sums = (_sum(x) for x in (colours * own, own * own, colours, own))
    apart = np.maximum(3 * along - sums**2, 1e-6)
    inside = np.maximum((3 * across - sums * mean) / apart, 0)
    return np.asarray(inside, np.float32), np.asarray((along * mean - sums * across) / apart, np.float32)


def _sum(channels: F32) -> F32:
    """Add three channels up, (h, w)."""
    return np.asarray(cv2.transform(channels, np.ones((1, 3), np.float32)), np.float32)
