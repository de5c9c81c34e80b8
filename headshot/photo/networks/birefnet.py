"""BiRefNet: the main thing of a picture at 1024 × 1024 px. MIT; fetched on request; it needs much memory.

Reference: Zheng et al., Bilateral Reference for High-Resolution Dichotomous Image Segmentation (2024). The ONNX export
answers with logits, as the authors' own does.
"""

from __future__ import annotations

import cv2
import numpy as np

from headshot.photo.networks.session import run
from headshot.photo.networks.u2netp import DEVIATION, MEAN
from headshot.types import F32, U8

_SIDE = 1024


def matte(picture: U8, role: str) -> F32:
    """(h, w) float32 0..1 of a picture (h, w, 3) uint8 RGB. Raises WeightsMissing."""
    height, width = picture.shape[:2]
    method = cv2.INTER_AREA if max(height, width) > _SIDE else cv2.INTER_LINEAR
    small = cv2.resize(picture, (_SIDE, _SIDE), interpolation=method).astype(np.float32) / 255
    logits = run("model", ((small - MEAN) / DEVIATION).transpose(2, 0, 1)[None], role=role)[-1][0, 0]
    found = 1 / (1 + np.exp(-np.clip(logits.astype(np.float32), -30, 30)))
    return np.asarray(cv2.resize(found, (width, height), interpolation=cv2.INTER_LINEAR).clip(0, 1), np.float32)
