"""Redness evened: the hue of patches redder than the rest of the face, and nothing but the hue."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.canvas.retouching.face_part import FacePart
from headshot.imaging.colour import linear_to_srgb, srgb_to_linear
from headshot.types import F32

_CEILING = 0.8  # of the way to the face's own hue
_UNTOUCHED = np.deg2rad(2.0)  # beyond the median: ordinary variation
_MOST = np.deg2rad(18.0)


def even_redness(part: FacePart, amount: float) -> F32:
    """Turn the hue (CIELAB) of redder skin towards the face's median, linear light (h, w, 3). `amount` 0..1.

    Lightness and chroma stay; patches are told in the mean over .03 of the eye distance, so that texture stays.
    """
    sure = part.skin > 0.8
    if sure.sum() < 50:
        return part.linear
    lab = cv2.cvtColor(linear_to_srgb(part.linear).astype(np.float32), cv2.COLOR_RGB2LAB)
    mean = part.soft(lab, 0.03)
    hue = np.arctan2(mean[..., 2], mean[..., 1])
    usual = np.median(hue[sure])
    red = np.clip(usual - hue - _UNTOUCHED, 0, _MOST)
    # Where there is hardly a colour its hue is noise.
    coloured = np.clip((np.hypot(mean[..., 1], mean[..., 2]) - 4) / 6, 0, 1)
    angle = np.float32(_CEILING * amount) * red * coloured * part.skin
    if not (angle > 1e-4).any():
        return part.linear
    cos, sin = np.cos(angle), np.sin(angle)
    a, b = lab[..., 1].copy(), lab[..., 2].copy()
    lab[..., 1], lab[..., 2] = a * cos - b * sin, a * sin + b * cos
    turned = srgb_to_linear(np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), 0, 1))
    return np.where((angle > 1e-4)[..., None], turned, part.linear).astype(np.float32)
