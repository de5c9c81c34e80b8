"""Between sRGB code values and linear light."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.types import F32, U8

_TABLE = np.arange(256, dtype=np.float32) / 255
_LINEAR = np.where(_TABLE <= 0.04045, _TABLE / 12.92, ((_TABLE + 0.055) / 1.055) ** 2.4).astype(np.float32)
# 4096 steps of linear light → sRGB code values; a table is ten times faster than the power.
_STEPS = np.linspace(0, 1, 4097, dtype=np.float64)
_CODES = (np.where(_STEPS <= 0.0031308, 12.92 * _STEPS, 1.055 * _STEPS ** (1 / 2.4) - 0.055) * 255).astype(np.float32)
LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)  # Rec. 709


def to_linear(picture: U8) -> F32:
    """sRGB uint8 → linear light 0..1 float32 (IEC 61966-2-1)."""
    return np.asarray(cv2.LUT(np.ascontiguousarray(picture), _LINEAR), np.float32).reshape(picture.shape)


def to_codes(linear: F32) -> F32:
    """Linear light → sRGB code values 0..255 float32; the dark end by the square root's steps stays exact to .5."""
    root = np.sqrt(np.clip(linear, 0, 1))  # the square root spreads the table's steps evenly over what is seen
    return np.take(_ROOT_CODES, (root * 4096 + 0.5).astype(np.uint16))


_ROOT_CODES = np.interp(_STEPS**2, _STEPS, _CODES).astype(np.float32)
_dark = _STEPS**2 <= 0.0031308
_ROOT_CODES[_dark] = (12.92 * 255 * _STEPS[_dark] ** 2).astype(np.float32)


def luminance(linear: F32) -> F32:
    """Rec. 709 luminance, (h, w) float32."""
    return cv2.transform(linear, LUMA[None, :]).reshape(linear.shape[:2])


def brightest(picture: F32) -> F32:
    """The largest of the three channels, (h, w, 1) float32; many times faster than numpy's max over a short axis."""
    r, g, b = cv2.split(picture)
    return np.asarray(cv2.max(cv2.max(r, g), b)[..., None], np.float32)
