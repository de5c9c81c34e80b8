"""Same photo or another photo? Decided by the pixels, not by the engine's name.

After registration the pattern of the same photo correlates whatever was done to light or colour; another photo of
the person does not. Pores are left out by a blur of 3 px at 160 px between the eyes: no generator's decoder keeps
them, and with them a sharp photo's own round trip through a VAE read as low as .58.
"""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np

from headshot.authenticity.measures.aligned_face import Aligned
from headshot.authenticity.measures.registration import (
    LOCAL_SIGMA,
    NCC_SIGMA,
    Registration,
    lightness,
    local_correlation,
    locally_normalised,
)
from headshot.types import F32, U8

SAME = 0.88
OTHER = 0.80
COARSE_SIGMA = 3.0 / 160.0  # IED

SamePhoto = Literal["same photo", "another photo", "unsure"]


def sameness(original: Aligned, found: Registration) -> float:
    """Measure the median local correlation (−1..1) of coarse lightness over the face after registration."""
    where = original.face & found.seen
    if not where.any():
        return 0.0

    def coarse(pixels: U8) -> F32:
        blurred = cv2.GaussianBlur(lightness(pixels), (0, 0), COARSE_SIGMA * original.eye_px)
        return locally_normalised(blurred, LOCAL_SIGMA * original.eye_px)

    correlation = local_correlation(coarse(original.pixels), coarse(found.warped), NCC_SIGMA * original.eye_px)
    return float(np.median(correlation[where]))


def same_photo(correlation: float) -> SamePhoto:
    """Tell by `sameness` which it is: from SAME the same photo, up to OTHER another one, unsure between."""
    if correlation >= SAME:
        return "same photo"
    return "another photo" if correlation <= OTHER else "unsure"
