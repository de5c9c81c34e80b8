"""U²-NetP: the salient object of a picture at 320 × 320 px, by its second side output, which has 160 × 160.

Reference: Qin et al., U²-Net: Going Deeper with Nested U-Structure for Salient Object Detection (2020), Apache-2.0.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from headshot.errors import UserError
from headshot.photo.networks.session import run
from headshot.types import F32, U8
from headshot.weights.store import locate_or_fetch

SIDE = 320
MEAN, DEVIATION = (
    np.array([0.485, 0.456, 0.406], np.float32),
    np.array([0.229, 0.224, 0.225], np.float32),
)  # of ImageNet


@cache
def is_here() -> bool:
    """Tell whether the network is here, or could be fetched; asked once for each process."""
    try:
        locate_or_fetch("u2netp")
    except UserError:
        return False
    return True


def saliency(picture: U8) -> F32:
    """(320, 320) float32 0..1 of a picture (h, w, 3) uint8 RGB; stretched so that 0 and 1 are reached."""
    small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    seen = run("u2netp", ((small - MEAN) / DEVIATION).transpose(2, 0, 1)[None], role="u2netp")[0][0, 0]
    low, high = float(seen.min()), float(seen.max())
    return np.asarray((seen - low) / max(high - low, 1e-6), np.float32)
