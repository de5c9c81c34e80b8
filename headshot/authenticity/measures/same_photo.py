"""Same photo or another photo? Decided by the pixels, not by the engine's name.

After registration the pattern of the same photo correlates whatever was done to light or colour; another photo of
the person does not. Pores are left out by a blur of 3 px at 160 px between the eyes: no generator's decoder keeps
them, and with them a sharp photo's own round trip through a VAE read as low as .58.
"""

from __future__ import annotations

from typing import Literal

import cv2

from headshot.authenticity.measures.aligned_face import Aligned
from headshot.authenticity.measures.registration import (
    LOCAL_SIGMA,
    NCC_SIGMA,
    Registration,
    lightness,
    local_correlation,
    locally_normalised,
)
from headshot.imaging.median import median
from headshot.types import F32

SAME = 0.88
OTHER = 0.80
COARSE_SIGMA = 3.0 / 160.0  # IED

SURE = 0.94  # above it the same photo whatever the pose: two camera photos of one person came up to .88, 6.5° apart
TURNED = 4.0  # degrees that the head may be turned below SURE

SamePhoto = Literal["same photo", "same frame", "another photo", "unsure"]


def sameness(original: Aligned, found: Registration) -> float:
    """Measure the median local correlation (−1..1) of coarse lightness over the face after registration."""
    where = original.face & found.seen
    if not where.any():
        return 0.0

    def coarse(light: F32) -> F32:
        blurred = cv2.GaussianBlur(light, (0, 0), COARSE_SIGMA * original.eye_px)
        return locally_normalised(blurred, LOCAL_SIGMA * original.eye_px)

    before, after = coarse(original.lightness), coarse(lightness(found.warped))
    correlation = local_correlation(before, after, NCC_SIGMA * original.eye_px)
    return float(median(correlation[where]))


def same_photo(correlation: float, turned: float = 0.0) -> SamePhoto:
    """Tell by `sameness`, and by the degrees that the head is turned, which it is: up to OTHER another photo.

    Whether a picture that is not the same photo keeps its frame is asked elsewhere (same_frame.py).
    """
    if correlation >= SURE or (correlation >= SAME and turned <= TURNED):
        return "same photo"
    return "another photo" if correlation <= OTHER else "unsure"
