"""How warm the light of a photo is, by what is not the face: a skin is no witness of the light that falls on it.

One estimate alone is wrong about an orange suit or a yellow wall by more than cameras are wrong about the light, so
that only what all witnesses agree on counts.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.canvas.light import shades_of_grey
from headshot.canvas.stage import Stage
from headshot.imaging.colour import to_linear
from headshot.imaging.masks import pixels_in
from headshot.imaging.median import medians
from headshot.types import F32, F64

Mask = NDArray[np.bool_]

_LEAST = 300  # px that a witness needs
_GREYEST = 0.1  # the share of pixels with an edge that are taken for grey
_SKIN = (
    1.2,
    2.7,
)  # stops of red over blue, of faces in white light: 1.3 a colour chart's light skin, 2.6 the portraits
_EVERY = 4  # px


def grey_cast(stage: Stage) -> float | None:
    """Measure the light's red over blue in stops on what is grey beside the face; None where too little is."""
    linear, beside, _ = _seen(stage)
    grey = _greyest(linear, beside)
    return None if grey is None else red_over_blue(grey)


def agreed_cast(stage: Stage) -> float:
    """Measure the light's red over blue in stops, as far as all witnesses agree; 0 where they do not.

    Witnesses: shades of grey over what is not the face, the same behind the person, and the greyest pixels. Taken away,
    it leaves no skin cooler or warmer than skins are in white light: a bound, towards which none is drawn.
    """
    linear, beside, behind = _seen(stage)
    witnesses = [shades_of_grey(linear[where]) for where in (beside, behind) if where.sum() >= _LEAST]
    told = [red_over_blue(colour) for colour in (*witnesses, _greyest(linear, beside)) if colour is not None]
    face = stage.regions["face"][::_EVERY, ::_EVERY] > 0.8
    if len(told) < 2 or not face.any():
        return 0.0
    skin = red_over_blue(medians(pixels_in(linear, face)))
    if min(told) > 0:
        return float(np.clip(min(told), 0.0, max(0.0, skin - _SKIN[0])))
    return float(np.clip(max(told), min(0.0, skin - _SKIN[1]), 0.0))


def red_over_blue(colour: F64 | F32) -> float:
    """Give the stops of red over blue of a linear colour or of gains, (3,)."""
    return float(np.log2(max(float(colour[0]), 1e-6) / max(float(colour[2]), 1e-6)))


def _seen(stage: Stage) -> tuple[F32, Mask, Mask]:
    """The photo in linear light, (h, w, 3), what of it is not the face, and what is behind the person."""
    small = np.s_[::_EVERY, ::_EVERY]
    inside = stage.outside[small] < 0.5
    face = cv2.dilate((stage.regions["face"][small] > 0.3).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return to_linear(stage.original[small].copy()), inside & ~face, inside & (stage.matte[small] < 0.05)


def _greyest(linear: F32, where: Mask) -> F64 | None:
    """The mean colour, (3,), of those pixels at an edge whose three channels change alike, as grey does in any light:
    the grey index (Qian et al. 2019).
    """
    channels = np.dstack([linear, linear.mean(axis=2)])
    logs = cv2.GaussianBlur(np.log(np.maximum(channels, 1e-3)).astype(np.float32), (0, 0), 1.2)
    red, green, blue, all_ = np.moveaxis(cv2.Laplacian(logs, cv2.CV_32F, ksize=5), -1, 0)
    edge = np.minimum(np.minimum(abs(red), abs(green)), abs(blue)) > 0.05
    brightest = linear.max(axis=2)
    usable = where & edge & (brightest > 0.03) & (brightest < 0.95)
    if usable.sum() < _LEAST:
        return None
    coloured = (np.hypot(red - all_, blue - all_) / np.maximum(abs(all_), 1e-6))[usable]
    return np.asarray(linear[usable][coloured <= np.quantile(coloured, _GREYEST)].mean(axis=0), np.float64)
