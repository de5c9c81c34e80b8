"""Decode an untrusted file into a Photo: format by content, size limits, upright by EXIF, sRGB by its ICC profile.

Nothing of the file but its pixels survives. Every refusal is a PhotoError that says what to do.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, UnidentifiedImageError

from headshot.errors import PhotoError
from headshot.photo.bounds import check_work
from headshot.types import F64, Photo

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 40_000_000
MIN_SIDE = 64
# Pillow's decoders, chosen by content. Others (EPS runs a program) are not allowed.
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "GIF", "BMP", "TIFF")
_KINDS = "JPEG, PNG, WebP, HEIC or AVIF"
# What Pillow's parsers raise on a broken file: the file is at fault, not the program.
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    RuntimeError,
    AssertionError,
    AttributeError,
    BufferError,
)


@cache
def _register_heif() -> None:
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)


def read_photo(path: str | Path) -> Photo:
    """Read a photo from a file. Raises PhotoError for anything that is not a usable picture."""
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise too_heavy()
        with path.open("rb") as file:
            return open_photo(file)
    except FileNotFoundError:
        raise PhotoError(f"There is no file “{path}”.", "Check the path.") from None
    except IsADirectoryError:
        raise PhotoError(f"“{path}” is a folder.", "Give the path of one photo.") from None
    except PermissionError:
        raise PhotoError(f"“{path}” may not be read.", "Check the file's permissions.") from None


def open_photo(source: bytes | BinaryIO) -> Photo:
    """Decode a file into upright 8-bit sRGB pixels.

    `source`: the file's bytes, at most MAX_BYTES; or a binary stream. Animated pictures give their first
    frame, alpha is laid onto white, CMYK, grey, palette and 16-bit become 8-bit sRGB.
    Raises PhotoError for what is too large, broken, or no picture.
    """
    data = source if isinstance(source, bytes) else source.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise too_heavy()
    if not data:
        raise PhotoError("The file is empty.", "Choose another photo.")
    check_work(data)
    _register_heif()
    with warnings.catch_warnings():
        # Broken metadata only warns; sizes are checked below, before any pixel is decoded.
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                notes = _check_size(image)
                image.load()
                # After loading: Pillow turns a TIFF itself and drops the tag then; a PNG's EXIF may follow its pixels.
                orientation = _orientation(image)
                loaded = image.copy()
                loaded.format = image.format
        except Image.DecompressionBombError:
            raise _too_many_pixels() from None
        except UnidentifiedImageError:
            raise PhotoError("This file is not a picture we can read.", f"Use a {_KINDS} photo.") from None
        except MemoryError:
            raise _too_many_pixels() from None
        except _BROKEN as fault:
            raise PhotoError(
                "The picture is damaged or cut off.", "Export it again, or send the original file."
            ) from fault
        return _flatten(loaded, orientation, notes)


def _check_size(image: Image.Image) -> list[str]:
    """Refuse sizes out of bounds before a pixel is decoded. Returns notes on what is left out."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise _too_many_pixels()
    if min(width, height) < MIN_SIDE:
        raise PhotoError(f"The picture is only {width} × {height} pixels.", "Use a photo at least 500 pixels wide.")
    # Not n_frames: to count them, Pillow walks through all, in Python.
    if image.format != "MPO" and getattr(image, "is_animated", False):
        image.seek(0)
        return ["Only the first picture of the animation is used."]
    return []


def _flatten(image: Image.Image, orientation: int, notes: list[str]) -> Photo:
    """Convert a picture of any mode to upright 8-bit sRGB."""
    profile = image.info.get("icc_profile")
    flat = _eight_bit(image)
    if flat.mode in ("RGBA", "LA", "PA") or "transparency" in flat.info:
        flat = _onto_white(flat)
        notes.append("Transparent parts are shown on white.")
    flat, converted = _to_srgb(flat, profile)
    if converted:
        notes.append("The colours were converted to sRGB.")
    if orientation in _TURNS:
        flat = flat.transpose(_TURNS[orientation])
    return Photo(np.array(flat, np.uint8), image.format or "?", tuple(notes))


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(0x0112, 1))
    except _BROKEN:
        return 1  # a broken EXIF block is no reason to refuse the photo


def _eight_bit(image: Image.Image) -> Image.Image:
    """Convert 16-bit, float and 1-bit modes to 8 bit, on the scale that they are in."""
    if image.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        values = np.asarray(image)
        most = max(float(_finite(values[rows]).max()) for rows in _bands(len(values)))
        top = 65535.0 if image.mode.startswith("I") and most > 255 else max(1.0, most)
        flat = np.empty(values.shape, np.uint8)
        for rows in _bands(len(values)):
            flat[rows] = np.clip(_finite(values[rows]) / top, 0, 1) * 255 + 0.5
        return Image.fromarray(flat, "L")
    if image.mode == "P":
        return image.convert("RGBA" if "transparency" in image.info else "RGB")
    if image.mode == "1":
        return image.convert("L")
    return image


def _bands(height: int) -> Iterator[slice]:
    """Rows of a picture, 64 at a time: as float64 all at once each step would take 8 bytes a pixel."""
    return (slice(top, top + 64) for top in range(0, height, 64))


def _finite(values: NDArray[Any]) -> F64:
    return np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)


def _onto_white(image: Image.Image) -> Image.Image:
    grey = image.mode in ("LA", "L")
    rgba = image.convert("RGBA")
    paper = Image.new("RGBA", rgba.size, "white")
    flat = Image.alpha_composite(paper, rgba)
    return flat.convert("L" if grey else "RGB")


def _to_srgb(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, bool]:
    """Convert by the embedded ICC profile to sRGB, and say whether; a broken or unfitting profile is ignored."""
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            name = ImageCms.getProfileDescription(source).strip()
            if "srgb" not in name.lower():
                converted = ImageCms.profileToProfile(image, source, _srgb(), outputMode="RGB")
                if converted is not None:
                    return converted, True
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a broken profile: the numbers are taken as sRGB, as viewers do
    return image.convert("RGB"), False


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def too_heavy() -> PhotoError:
    """Make the error for a file over MAX_BYTES."""
    return PhotoError(
        f"The file is over {MAX_BYTES // 2**20} MB.", "Export the photo smaller, for example 3000 pixels wide."
    )


def _too_many_pixels() -> PhotoError:
    return PhotoError(
        f"The picture has over {MAX_PIXELS // 1_000_000} megapixels.",
        "Export it smaller, for example 4000 pixels on the long side.",
    )
