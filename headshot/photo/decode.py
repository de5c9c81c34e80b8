"""Decode an untrusted file into a Photo: format by content, size limits, upright by EXIF, sRGB by its ICC profile.

Nothing of the file but its pixels survives. Every refusal is a PhotoError that says what to do.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin, UnidentifiedImageError

from headshot.errors import PhotoError
from headshot.imaging.pillow_faults import PILLOW_FAULTS
from headshot.language import tr
from headshot.photo.bounds import check_work, too_much
from headshot.photo.colour_coding import Coding, coding_of
from headshot.photo.heif_file import formats_for, halved, register_heif
from headshot.photo.jpeg_file import has_end, held_samples, with_end
from headshot.photo.png_file import SIGNATURE, PngFile, read_png
from headshot.photo.raw_file import check_by_magic, check_tiff
from headshot.photo.to_srgb import DEEP, deep_to_srgb, to_srgb
from headshot.types import U8, Photo

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 40_000_000
MIN_SIDE = 64
# Pillow's decoders, chosen by content. Others (EPS runs a program) are not allowed.
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "GIF", "BMP", "TIFF")
PHOTO_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif")  # of the files taken from a folder
_USE = "Use a JPEG, PNG, WebP, HEIC or AVIF photo."
MAX_JPEG = 210_000_000  # pixels of a JPEG, which can be decoded at a fraction; phones reach 200 million
# Pixels by format where the limit is another: phones' HEICs, decoders that hold a picture several times.
_MOST = {"JPEG": MAX_JPEG, "MPO": MAX_JPEG, "HEIF": 52_000_000, "AVIF": 30_000_000, "WEBP": 20_000_000}
_MAX_HELD = 125_000_000  # samples that the decoder of a progressive JPEG holds at once
_MAX_WHOLE = 24_000_000  # pixels of a progressive JPEG that is decoded at its full size
_MAX_DEEP = 12_000_000  # pixels of 16 bits for each colour; a photo in MAX_BYTES has half of that
_BITS = 258  # TIFF tag
Image.MAX_IMAGE_PIXELS = MAX_JPEG  # Pillow warns from here on, and refuses twice as many


def prepare() -> None:
    """Load all decoders, for a process that makes copies of itself."""
    Image.init()
    register_heif()


def read_photo(path: str | Path) -> Photo:
    """Read a photo from a file. Raises PhotoError for anything that is not a usable picture."""
    return open_photo(read_bytes(path))


def read_bytes(path: str | Path) -> bytes:
    """Read a photo's file, at most MAX_BYTES. Raises PhotoError for what is larger or cannot be read."""
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise too_heavy()
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise PhotoError(tr("There is no file “{path}”.", path=path), "Check the path.") from None
    except IsADirectoryError:
        raise PhotoError(tr("“{path}” is a folder.", path=path), "Give the path of one photo.") from None
    except PermissionError:
        raise PhotoError(tr("“{path}” may not be read.", path=path), "Check the file's permissions.") from None
    except OSError as fault:  # a name that is too long, a link that leads to itself, a file in place of a folder
        raise PhotoError(
            tr("“{path}” cannot be read: {strerror}.", path=str(path)[:200], strerror=fault.strerror), "Check the path."
        ) from None
    if len(data) > MAX_BYTES:
        raise too_heavy()
    return data


def open_photo(source: bytes | BinaryIO) -> Photo:
    """Decode a file into upright 8-bit sRGB pixels.

    `source`: the file's bytes, at most MAX_BYTES; or a binary stream. Animated pictures give their first
    frame, alpha is laid onto white, CMYK, grey, palette, 16 bits and HDR become 8-bit sRGB, a JPEG over MAX_PIXELS is
    read at a fraction of its size. Raises PhotoError for what is too large, broken, or no picture.
    """
    data = source if isinstance(source, bytes) else source.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise too_heavy()
    if not data:
        raise PhotoError("The file is empty.", "Choose another photo.")
    check_by_magic(data)
    check_work(data)
    with warnings.catch_warnings():
        # Broken metadata only warns; sizes are checked before any pixel is decoded.
        warnings.simplefilter("ignore")
        try:
            return _decoded(data)
        except Image.DecompressionBombError:
            raise _too_many_pixels() from None
        except UnidentifiedImageError:
            raise PhotoError("This file is not a picture we can read.", _USE) from None
        except MemoryError:
            raise too_much() from None
        except PILLOW_FAULTS as fault:
            raise _damaged() from fault


def _decoded(data: bytes) -> Photo:
    png = read_png(data) if data.startswith(SIGNATURE) else None
    if data.startswith(b"\xff\xd8") and not has_end(data):
        data = with_end(data) or data  # where more than its end is missing, the decoder refuses it
    formats = formats_for(data, FORMATS)
    with Image.open(io.BytesIO(data if png is None else png.data), formats=formats) as image:
        if image.format == "TIFF":
            check_tiff(image)
        kind, size = image.format or "?", image.size
        notes = _check_size(image, held_samples(data))
        coding = coding_of(image, data, png)
        deep, top = _deep(image, data, png, coding)
        picture = halved(data) if kind == "HEIF" and size[0] * size[1] > MAX_PIXELS else image
        if deep is None:
            picture.load()
        # After loading: Pillow turns a TIFF itself and drops the tag then; a PNG's EXIF may follow its pixels.
        orientation = _orientation(image)
        if deep is None and picture.mode in DEEP:
            deep = np.asarray(picture)
        flat, colour_notes = to_srgb(picture, coding) if deep is None else deep_to_srgb(deep, coding, top=top)
    del image, picture, deep
    if orientation in _TURNS:
        flat = np.ascontiguousarray(_TURNS[orientation](flat))
        size = size[::-1] if orientation >= 5 else size
    return Photo(flat, kind, (*notes, *colour_notes), uploaded=size)


def _deep(
    image: Image.Image, data: bytes, png: PngFile | None, coding: Coding
) -> tuple[NDArray[Any] | None, float | None]:
    """All 16 bits of each colour where Pillow would give 8: (h, w, 3 or 4) uint16 in RGB(A), and what stands for white.

    None where the file has no more than Pillow gives.
    """
    if image.format == "HEIF" and coding.hdr:
        import pillow_heif

        _check_deep(image)
        values = np.asarray(pillow_heif.open_heif(data, convert_hdr_to_8bit=False))
        return (values, 65535.0) if values.dtype == np.uint16 else (None, None)
    bits = image.tag_v2.get(_BITS) if isinstance(image, TiffImagePlugin.TiffImageFile) else None
    if image.mode in ("I", "F"):
        _check_deep(image)
    if not (png.deep if png is not None else bits in ((16,) * 3, (16,) * 4)):
        return None, None
    _check_deep(image)
    image.load()  # broken data is a fault here; it gives a picture below
    found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if found is None or found.dtype != np.uint16 or found.ndim != 3 or found.shape[1::-1] != image.size:
        return None, None
    return cv2.cvtColor(found, cv2.COLOR_BGR2RGB if found.shape[2] == 3 else cv2.COLOR_BGRA2RGBA), None


def _check_deep(image: Image.Image) -> None:
    if image.width * image.height > _MAX_DEEP:
        raise _too_many_pixels(_MAX_DEEP, " of 16 bits or more")


def _check_size(image: Image.Image, held: int) -> list[str]:
    """Refuse sizes out of bounds before a pixel is decoded; have a large JPEG decoded at a fraction of its size.

    `held`: as `held_samples`. Returns notes on what is left out.
    """
    width, height = image.size
    pixels, most = width * height, _MOST.get(image.format or "", MAX_PIXELS)
    if min(width, height) < MIN_SIDE:
        message = tr("The picture is only {width} × {height} pixels.", width=width, height=height)
        raise PhotoError(message, "Use a photo at least 500 pixels wide.")
    if pixels > most or held > _MAX_HELD:
        raise _too_many_pixels(min(most, MAX_PIXELS) if held > _MAX_HELD else most)
    least = 1
    if image.format in ("JPEG", "MPO"):
        least = next(n for n in (1, 2, 4, 8) if pixels <= n * n * (_MAX_WHOLE if held else MAX_PIXELS))
        if least > 1:
            image.draft(None, (width // least, height // least))
    elif image.format == "HEIF" and pixels > MAX_PIXELS:
        least = 2
    if least > 1:
        words = "The photo has {many:.0f} megapixels; it was read at 1/{least} of its width."
        return [tr(words, many=pixels / 1e6, least=least)]
    # Not n_frames: to count them, Pillow walks through all, in Python.
    if image.format != "MPO" and getattr(image, "is_animated", False):
        image.seek(0)
        return [tr("Only the first picture of the animation is used.")]
    return []


# How pixels (h, w, 3) are turned upright, by the EXIF tag.
_TURNS: dict[int, Callable[[U8], U8]] = {
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
    8: lambda a: np.rot90(a, 1),
}


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(0x0112, 1))
    except PILLOW_FAULTS:
        return 1  # a broken EXIF block is no reason to refuse the photo


def too_heavy() -> PhotoError:
    """Make the error for a file over MAX_BYTES."""
    return PhotoError(
        tr("The file is over {max_bytes} MB.", max_bytes=MAX_BYTES // 2**20),
        "Export the photo smaller, for example 3000 pixels wide.",
    )


def _too_many_pixels(most: int = MAX_PIXELS, more: str = "") -> PhotoError:
    return PhotoError(
        tr("The picture has over {most} megapixels{more}.", most=most // 1000000, more=more),
        "Export it smaller, for example 4000 pixels on the long side.",
    )


def _damaged() -> PhotoError:
    return PhotoError("The picture is damaged or cut off.", "Export it again, or send the original file.")
