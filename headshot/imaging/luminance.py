"""Moved here from headshot/authenticity/quality.py."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.types import F32, U8


def luminance(picture: U8) -> F32:
    """Rec. 709 luminance of linearised sRGB × 255, (h, w) float32 0..255."""
    weights = np.array([[0.2126, 0.7152, 0.0722]], np.float32) * 255.0
    # The look-up first keeps this a table and one matrix product, whatever the picture's size.
    linear = cv2.LUT(np.ascontiguousarray(picture), _LINEAR)
    out: F32 = cv2.transform(linear, weights).reshape(picture.shape[:2])
    return out


_TABLE = np.arange(256, dtype=np.float32) / 255.0


_LINEAR = np.where(_TABLE <= 0.04045, _TABLE / 12.92, ((_TABLE + 0.055) / 1.055) ** 2.4).astype(np.float32)
