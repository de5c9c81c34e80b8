"""Decide a veil: a wide half-clear area is neither person nor wall, and shows as a ghost on every backdrop."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.types import F32

_CLEAR, _SOLID = 0.08, 0.92  # matte, between which a pixel is half clear
_WIDE = 0.04  # eye distances: half the width of the narrowest veil; a strand is narrower
_EVEN = 0.2  # spread of the matte over 5 × 5 px: hair is less even
_STEEP = 4.0  # what the matte is stretched by about its middle


def without_veil(copy: WorkingCopy, matte: F32) -> F32:
    """Stretch the matte (h, w) 0..1 to one side or the other where a wide area of it is evenly half clear.

    Frizz before a wall of nearly its colour is such an area too: only for a cut-out that is in doubt for its veil.
    """
    half = ((matte > _CLEAR) & (matte < _SOLID)).astype(np.uint8)
    wide = cv2.morphologyEx(half, cv2.MORPH_OPEN, copy.disc(_WIDE))
    mean = cv2.blur(matte, (5, 5))
    even = np.sqrt(np.maximum(cv2.blur(matte * matte, (5, 5)) - mean * mean, 0)) < _EVEN
    veil = cv2.morphologyEx(wide & even.astype(np.uint8), cv2.MORPH_OPEN, copy.disc(0.75 * _WIDE))
    share = cv2.GaussianBlur(veil.astype(np.float32), (0, 0), 0.02 * copy.eye_px) * veil
    decided = np.clip((matte - 0.5) * _STEEP + 0.5, 0, 1)
    return np.asarray(matte + share * (decided - matte), np.float32)
