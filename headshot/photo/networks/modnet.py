"""MODNet: a portrait's matte at about 512 px. Apache-2.0, code and weights; fetched on request.

Reference: Ke et al., MODNet: Real-Time Trimap-Free Portrait Matting via Objective Decomposition (2022); the
sides and the range of the input are those of its demo (demo/image_matting/colab/inference.py).
"""

from __future__ import annotations

import cv2
import numpy as np

from headshot.photo.networks.session import run
from headshot.types import F32, U8

_SHORT = 512  # px of the shorter side
_STEP = 32  # both sides are multiples of it


def matte(picture: U8, role: str = "modnet") -> F32:
    """(h, w) float32 0..1 of a picture (h, w, 3) uint8 RGB. Raises WeightsMissing."""
    height, width = picture.shape[:2]
    scale = _SHORT / min(height, width)
    # A strip is not enlarged to a giant: the longer side has an end too.
    size = tuple(min(4 * _SHORT, max(_STEP, int(side * scale) // _STEP * _STEP)) for side in (width, height))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(picture, size, interpolation=method).astype(np.float32)
    found = run("model", (small / np.float32(127.5) - 1).transpose(2, 0, 1)[None], role=role)[0][0, 0]
    return np.asarray(cv2.resize(found, (width, height), interpolation=cv2.INTER_LINEAR).clip(0, 1), np.float32)
