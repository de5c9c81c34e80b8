"""Bring a decoded picture of any mode to 8-bit sRGB (h, w, 3) uint8, band by band: beside the picture itself nothing is
held but the result.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from headshot.imaging.bands import bands
from headshot.imaging.colour import to_codes
from headshot.photo.colour_coding import Coding
from headshot.types import F32, U8

DEEP = ("I;16", "I;16B", "I;16L", "I", "F")  # Pillow's modes of more than 8 bits
CONVERTED = "The colours were converted to sRGB."
TONE_MAPPED = "The photo is HDR: what is brighter than white was fitted to an ordinary picture."
ON_WHITE = "Transparent parts are shown on white."
_ROWS = 64
_DEPTHS = (255, 1023, 4095, 16383, 65535)  # what 8, 10, 12, 14 and 16 bits reach, all stored in 16
_SAME = 3  # of 255: a profile that moves no colour further is sRGB's
_KNEE = 0.5  # linear light up to which tone mapping changes nothing
_CMS = (ImageCms.PyCMSError, OSError, ValueError, TypeError)
Convert = Callable[[Image.Image], U8]


def to_srgb(image: Image.Image, coding: Coding) -> tuple[U8, list[str]]:
    """Convert a picture by Pillow: alpha laid onto white, palettes and CMYK resolved. With notes on what was done."""
    convert, notes = _converter(image, coding)
    flat, clear = np.empty((image.height, image.width, 3), np.uint8), False
    for rows in bands(image.height, _ROWS):
        part, seen = _opaque(image.crop((0, rows.start, image.width, rows.stop)))
        flat[rows] = convert(part)
        clear |= seen
    return flat, [*([ON_WHITE] if clear else []), *notes]


def deep_to_srgb(values: NDArray[Any], coding: Coding, *, top: float | None = None) -> tuple[U8, list[str]]:
    """Convert values of more than 8 bits, (h, w), or (h, w, 3 or 4) in RGB(A). `top` stands for white, by default what
    the bits that are in use reach; of floats their maximum, at least 1. With notes on what was done.
    """
    if top is None:
        most = max(float(_finite(values[rows]).max()) for rows in bands(len(values)))
        top = next((float(n) for n in _DEPTHS if most <= n), 65535.0) if values.dtype.kind in "iu" else max(1.0, most)
    clear = values.ndim == 3 and values.shape[2] == 4 and bool((values[..., 3] < top).any())
    eight: Callable[[Any], U8] = _rounded
    codes, notes = np.arange(65536, dtype=np.float32) / 257, list[str]()
    if coding.curve is not None:
        codes = coding.curve(np.arange(65536) / 65535).astype(np.float32)
        eight, notes = _from_light(coding, _peak(values[::4, ::4], coding, top))
    flat = np.empty((*values.shape[:2], 3), np.uint8)
    for rows in bands(len(values)):
        shares = np.clip(_finite(values[rows]) / np.float32(top), 0, 1)
        if values.ndim == 3 and values.shape[2] == 4:
            shares = 1 - shares[..., 3:] * (1 - shares[..., :3])
        colours = codes[(shares * 65535 + 0.5).astype(np.uint16)]
        flat[rows] = eight(np.repeat(colours[..., None], 3, 2) if values.ndim == 2 else colours)
    if coding.profile:
        flat, notes = to_srgb(Image.fromarray(flat), coding)
    return flat, [*([ON_WHITE] if clear else []), *notes]


def _opaque(part: Image.Image) -> tuple[Image.Image, bool]:
    """The picture without alpha, on white; and whether any of it shows."""
    if part.mode == "P":
        part = part.convert("RGBA" if "transparency" in part.info else "RGB")
    if part.mode == "1":
        part = part.convert("L")
    if part.mode not in ("RGBA", "LA", "PA", "La", "RGBa") and "transparency" not in part.info:
        return part, False
    rgba = part.convert("RGBA")
    clear = rgba.getchannel("A").getextrema() != (255, 255)
    if clear:
        rgba = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
    return rgba.convert("L" if part.mode in ("LA", "L", "La") else "RGB"), clear


def _converter(image: Image.Image, coding: Coding) -> tuple[Convert, list[str]]:
    """How each opaque band becomes sRGB, and the note on it."""
    if image.mode == "LAB":
        coding = coding._replace(profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes())
    first, _ = _opaque(image.crop((0, 0, 1, 1)))
    if coding.profile and (transform := _transform(coding.profile, first.mode)) is not None:
        return lambda part: np.asarray(transform.apply(part)), [] if image.mode == "LAB" else [CONVERTED]
    if coding.curve is not None:
        light = coding.curve(np.arange(256) / 255).astype(np.float32)
        few = image.resize((max(1, image.width // 4), max(1, image.height // 4)), Image.Resampling.NEAREST)
        eight, notes = _from_light(coding, _peak(np.asarray(few.convert("RGB")), coding, 255.0))
        return lambda part: eight(light[np.asarray(part.convert("RGB"))]), notes
    return lambda part: np.asarray(part.convert("RGB")), []


def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The way from a profile to sRGB; None where it is sRGB by its curve, or broken, or of another kind of picture: the
    numbers are taken as sRGB then, as viewers do.
    """
    if mode not in ("RGB", "CMYK", "L", "LAB"):
        return None
    try:
        transform = ImageCms.buildTransform(ImageCms.ImageCmsProfile(io.BytesIO(profile)), _srgb(), mode, "RGB")
        if mode in ("RGB", "L"):
            cube = _cube() if mode == "RGB" else np.arange(256, dtype=np.uint8)[None]
            after = transform.apply(Image.fromarray(cube))
            if after is None:
                return None
            before = cube if mode == "RGB" else np.repeat(cube[..., None], 3, 2)
            if np.abs(np.asarray(after).astype(int) - before).max() <= _SAME:
                return None
    except _CMS:
        return None
    return transform


def _rounded(codes: F32) -> U8:
    return (codes + 0.5).astype(np.uint8)


def _from_light(coding: Coding, peak: float) -> tuple[Callable[[Any], U8], list[str]]:
    """How linear light (h, w, 3), 1 is white, becomes 8-bit sRGB, and the note on it. `peak`: the brightest of it."""

    def eight(light: Any) -> U8:
        light = np.ascontiguousarray(light, np.float32)
        if coding.gamma != 1:
            light *= np.maximum(_luminance(light), 1e-6) ** np.float32(coding.gamma - 1)
        if coding.matrix is not None:
            light = cv2.transform(light, coding.matrix.astype(np.float32))
        if peak > 1:
            light = _tone_mapped(np.maximum(light, 0), peak)
        return (to_codes(light) + 0.5).astype(np.uint8)

    return eight, [TONE_MAPPED if coding.hdr else CONVERTED]


def _tone_mapped(light: F32, peak: float) -> F32:
    """Fit light up to `peak` into 0..1: unchanged to the knee, above it Reinhard's curve with that white (2002, eq. 4),
    on the brightest channel, so that hues stay.
    """
    most = light.max(axis=2, keepdims=True)
    t, white = np.maximum(most - _KNEE, 0) / (1 - _KNEE), (peak - _KNEE) / (1 - _KNEE)
    fitted = np.where(most > _KNEE, _KNEE + (1 - _KNEE) * t * (1 + t / white**2) / (1 + t), most)
    return np.asarray(light * (fitted / np.maximum(most, 1e-6)), np.float32)


def _peak(values: NDArray[Any], coding: Coding, top: float) -> float:
    """The brightest linear light of a picture but for a thousandth of its pixels, at least 1."""
    assert coding.curve is not None
    if not coding.hdr:
        return 1.0
    seen = _finite(values) / np.float32(top)
    light = coding.curve(np.clip(seen if seen.ndim == 2 else seen[..., :3], 0, 1).max(axis=-1))
    return max(1.0, float(np.quantile(light, 0.999)) ** coding.gamma)


def _luminance(light: F32) -> F32:
    """Of BT.2020's primaries, (h, w, 1)."""
    return np.asarray(light @ np.array([0.2627, 0.6780, 0.0593], np.float32), np.float32)[..., None]


def _finite(values: NDArray[Any]) -> F32:
    return np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)


@cache
def _cube() -> U8:
    steps = np.linspace(0, 255, 9).astype(np.uint8)
    return np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(27, 27, 3)


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
