"""Robust Video Matting, asked about a single picture. Its weights are GPL-3.0: fetched on request, never a default.

Reference: Lin et al., Robust High-Resolution Video Matting with Temporal Guidance (2022).
"""

from __future__ import annotations

import numpy as np

from headshot.photo.networks.session import run
from headshot.types import F32, U8

_COARSE = 512  # px: the longer side at which the network looks; a deep guided filter does the rest


def matte(picture: U8, role: str = "rvm") -> F32:
    """(h, w) float32 0..1 of a picture (h, w, 3) uint8 RGB. Raises WeightsMissing."""
    batch = (picture.astype(np.float32) / np.float32(255)).transpose(2, 0, 1)[None]
    before = {f"r{i}i": np.zeros((1, 1, 1, 1), np.float32) for i in range(1, 5)}  # no frame came before
    ratio = np.array([min(1.0, _COARSE / max(picture.shape[:2]))], np.float32)
    return run("rvm_mobilenetv3_fp32", batch, role=role, **before, downsample_ratio=ratio)[1][0, 0]
