"""Convert between sRGB code values and linear light (IEC 61966-2-1), and measure luminance (Rec. 709)."""

from __future__ import annotations

from typing import TypeVar

import cv2
import numpy as np

from headshot.types import F32, F64, U8

Floats = TypeVar("Floats", F32, F64)

REC709 = (0.2126, 0.7152, 0.0722)  # the share of luminance in red, green and blue light
_WEIGHTS = np.array([REC709], np.float32)


def srgb_to_linear(codes: Floats) -> Floats:
    """Convert sRGB values 0..1 to linear light 0..1, by the formula, in the array's own precision."""
    return np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4)


def linear_to_srgb(linear: Floats) -> Floats:
    """Convert linear light 0..1 to sRGB values 0..1, by the formula, in the array's own precision."""
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 0) ** (1 / 2.4) - 0.055)


# Pictures go through tables, which are ten times faster than the power.
_LINEAR: F32 = np.asarray(srgb_to_linear(np.arange(256, dtype=np.float32) / 255), np.float32)
_FINE = 13  # bits of a float's mantissa that do not count: each step is a thousandth of the light
_steps = np.arange((np.float32(1).view(np.int32) >> _FINE) + 1, dtype=np.int32)
_middles = ((_steps << _FINE) + (1 << (_FINE - 1))).view(np.float32).astype(np.float64)
_CODES = (linear_to_srgb(_middles.clip(0, 1)) * 255).astype(np.float32)
_CODES[_LINEAR.view(np.int32) >> _FINE] = np.arange(256)  # what a picture holds comes back to the bit


def to_linear(picture: U8) -> F32:
    """Convert an sRGB picture, uint8, to linear light 0..1, float32."""
    one_channel = np.ascontiguousarray(picture).reshape(len(picture), -1)  # looked up twice as fast as three
    return np.asarray(cv2.LUT(one_channel, _LINEAR), np.float32).reshape(picture.shape)


def to_planes(picture: U8, gains: F32 | None = None) -> F32:
    """Convert as `to_linear`, each channel by itself, (3, h, w): a map multiplies these without being repeated.

    Times `gains` (3,), one for each.
    """
    planes = np.empty((3, *picture.shape[:2]), np.float32)
    tables = np.outer(np.ones(3, np.float32) if gains is None else gains, _LINEAR).astype(np.float32)
    for codes, table, plane in zip(cv2.split(picture), tables, planes, strict=True):
        cv2.LUT(codes, table[None], dst=plane)
    return planes


def planes_of(picture: F32) -> F32:
    """Copy a picture (h, w, 3) float32 channel by channel, (3, h, w)."""
    planes = np.empty((3, *picture.shape[:2]), np.float32)
    cv2.split(picture, [*planes])
    return planes


def to_codes(linear: F32) -> F32:
    """Convert linear light to sRGB code values 0..255 float32, exact to a tenth of a code value.

    What `to_linear` made of whole ones comes back to the bit.
    """
    # A positive float's own bits tell its place in the table: they grow with it, in steps that grow with it too.
    places = np.asarray(linear, np.float32).view(np.int32) >> _FINE
    return np.take(_CODES, places, mode="clip")  # below 0 is the first, above 1 the last


def luminance(linear: F32) -> F32:
    """Measure the luminance 0..1 of linear light (h, w, 3), (h, w) float32."""
    return cv2.transform(linear, _WEIGHTS).reshape(linear.shape[:2])


def picture_luminance(picture: U8) -> F32:
    """Measure the luminance of an sRGB picture (h, w, 3) uint8, times 255: (h, w) float32 0..255, in linear light."""
    return cv2.transform(to_linear(picture), _WEIGHTS * 255).reshape(picture.shape[:2])


def brightest(picture: F32) -> F32:
    """Take the largest of the three channels, (h, w, 1) float32; many times faster than numpy's max along them."""
    r, g, b = cv2.split(picture)
    return np.asarray(cv2.max(cv2.max(r, g), b)[..., None], np.float32)


def in_channels(values: F32) -> F32:
    """Repeat (h, w) in three channels: ten times faster to reckon with than NumPy's broadcast along them."""
    return np.asarray(cv2.merge([np.ascontiguousarray(values)] * 3), np.float32)


def is_grey(picture: U8) -> bool:
    """Tell whether a picture (h, w, 3) uint8 has no colour, but for JPEG's rounding: within 6 code values."""
    values = picture[::4, ::4].astype(np.int16)
    return bool(np.percentile(values.max(axis=-1) - values.min(axis=-1), 99) <= 6)


def in_grey(picture: U8) -> U8:
    """Take the colour out of a picture, still (h, w, 3)."""
    return np.asarray(cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), np.uint8)
