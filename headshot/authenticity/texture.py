"""Fine skin texture: pores and lines, the first thing that smoothing and generators take away."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.authenticity.align import Aligned
from headshot.authenticity.registration import lightness
from headshot.authenticity.unmeasurable import Unmeasurable

MIN_EYE_PX = 90.0


def texture(face: Aligned) -> float:
    """Robust standard deviation (1.4826 · MAD) of DoG(.8, 1.6 px) of L* over the skin of a canonical crop.

    Compare two faces of the same fineness only: give `canonical` the smaller of the two eye distances as
    `detail`. Raises Unmeasurable when too little skin can be seen.
    """
    if face.skin.sum() < 400:
        raise Unmeasurable("too little skin can be seen.")
    light = lightness(face.pixels)
    band = (cv2.GaussianBlur(light, (0, 0), 0.8) - cv2.GaussianBlur(light, (0, 0), 1.6))[face.skin]
    return float(1.4826 * np.median(np.abs(band - np.median(band))))
