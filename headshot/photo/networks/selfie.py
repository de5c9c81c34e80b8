"""MediaPipe's selfie segmentation: person or background at 256 × 256."""

from __future__ import annotations

import numpy as np

from headshot.photo.networks.session import run
from headshot.types import F32, U8

SIDE = 256


def person_probability(picture: U8) -> F32:
    """(256, 256) float32 0..1 of a picture (256, 256, 3) uint8 RGB."""
    return run("selfie_segmentation", (picture.astype(np.float32) / np.float32(255))[None])[0][0, :, :, 0]
