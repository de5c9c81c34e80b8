"""Headshot → files: JPEG and PNG with what they are written into them, and the formats that sites ask for.

The bytes hold the picture, an sRGB profile and an XMP packet with the IPTC digital source type; never the
upload, its metadata or an embedding. `headshot_file` adds the recipe and signs.
"""

from __future__ import annotations

import io
import logging
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from headshot.files import certificate, credentials, xmp
from headshot.files.disclosure import labelled
from headshot.files.recipe import recipe_of
from headshot.files.source_type import OWN_PIXELS, source_type
from headshot.types import U8, Headshot, SignedOriginal

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Format:
    """A size that a site asks for: `aspect` as in Crop, `size` (width, height) px or None for all there is."""

    name: str
    title: str
    aspect: str | None
    size: tuple[int, int] | None


FORMATS = (
    Format("full", "Full size", None, None),
    Format("linkedin", "LinkedIn, 800 × 800", "1:1", (800, 800)),
    Format("portrait", "Portrait 4:5, 1080 × 1350", "4:5", (1080, 1350)),
)


def encode(
    picture: U8, kind: str = "jpeg", *, source: str = OWN_PIXELS, recipe: Mapping[str, Any] | None = None
) -> bytes:
    """Write (h, w, 3) uint8 sRGB as a JPEG (quality 93, 4:4:4) or PNG file with XMP, unsigned.

    Raises ValueError for another `kind` than "jpeg" and "png", and for a recipe over `xmp.MAX_PACKET` bytes.
    """
    image, stream, packet = Image.fromarray(picture), io.BytesIO(), xmp.write(source, recipe)
    if kind == "png":
        text = PngInfo()  # Pillow's PNG writer has no `xmp=`
        text.add_itxt(xmp.PNG_KEYWORD, packet)
        # Runs alone: a third less work, and files of photographs come out as large.
        image.save(stream, "PNG", compress_level=3, compress_type=zlib.Z_RLE, icc_profile=_profile(), pnginfo=text)
    elif kind == "jpeg":
        image.save(stream, "JPEG", quality=93, subsampling=0, icc_profile=_profile(), xmp=packet)
    else:
        raise ValueError(f"Neither a JPEG nor a PNG file: {kind!r}.")
    return stream.getvalue()


def headshot_file(
    result: Headshot, kind: str = "jpeg", *, picture: U8 | None = None, sign: bool = True, label: bool = False
) -> bytes:
    """Write a file to give away: marked, with its recipe, signed. `picture`: another one of the same result (resized).
    `label`: with a word in its corner that says what was done, see disclosure.

    Without a place for the signing key the file stays unsigned: a line goes to the log, and `signing_fault` gives the
    sentence for people.
    """
    source = source_type(result)
    pixels = result.picture if picture is None else picture
    data = encode(labelled(pixels, source) if label else pixels, kind, source=source, recipe=recipe_of(result))
    return signed(data, kind, source, result.signed) if sign else data


def signed(data: bytes, kind: str, source: str, original: SignedOriginal | None = None) -> bytes:
    """Sign a "jpeg" or "png" file that says `source`; unsigned, with a line in the log, where the key has no place."""
    try:
        credential = certificate.load_or_make()
    except OSError as fault:
        _log.warning("saved without a signature: the key cannot be kept (%s)", fault.strerror or fault)
        return data
    return credentials.sign(data, f"image/{kind}", source, credential, original)


def crop_to(picture: U8, aspect: str, centre_x: float) -> U8:
    """Cut out the largest part of that aspect: sides cut evenly about `centre_x` px, height cut from below."""
    wide, tall = (int(n) for n in aspect.split(":"))
    height, width = picture.shape[:2]
    if width * tall > height * wide:
        new = round(height * wide / tall)
        left = int(np.clip(centre_x - new / 2, 0, width - new))
        return picture[:, left : left + new]
    return picture[: round(width * tall / wide)]


@cache
def _profile() -> bytes:
    """sRGB, with a fixed date in its header, so that the same picture is the same file at any time."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made[:24] + struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + made[36:]
