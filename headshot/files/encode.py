"""Headshot → files: JPEG and PNG with what they are written into them, and the formats that sites ask for.

The bytes hold the picture, an sRGB profile and an XMP packet with the IPTC digital source type; never the
upload, its metadata or an embedding. `headshot_file` adds the recipe and signs: see `headshot.provenance`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageCms

from headshot.files import COMPOSITE, GENERATED, OWN_PIXELS, source_type, stamp
from headshot.files.xmp import write as xmp_packet
from headshot.types import U8, Headshot

__all__ = [
    "COMPOSITE",
    "FORMATS",
    "GENERATED",
    "OWN_PIXELS",
    "Format",
    "crop_to",
    "encode",
    "headshot_file",
    "resize",
    "source_type",
]


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
    """(h, w, 3) uint8 sRGB → the bytes of a JPEG (quality 93, 4:4:4) or PNG file with XMP, unsigned."""
    image = Image.fromarray(picture)
    stream = io.BytesIO()
    xmp = xmp_packet(source, recipe)
    if kind == "png":
        image.save(stream, "PNG", compress_level=3, icc_profile=_profile(), xmp=xmp)
    else:
        image.save(stream, "JPEG", quality=93, subsampling=0, icc_profile=_profile(), xmp=xmp)
    return stream.getvalue()


def headshot_file(result: Headshot, kind: str = "jpeg", *, picture: U8 | None = None) -> bytes:
    """A file to give away: marked, with its recipe, signed. `picture`: another one of the same result (resized)."""
    return stamp(encode(result.picture if picture is None else picture, kind), result)


def resize(picture: U8, size: tuple[int, int]) -> U8:
    """To (width, height); the sides' proportion should be the same. Area averaging down, Lanczos up."""
    down = size[0] < picture.shape[1]
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA if down else cv2.INTER_LANCZOS4), np.uint8)


def crop_to(picture: U8, aspect: str, centre_x: float) -> U8:
    """The largest part of that aspect: sides cut evenly about `centre_x` px, height cut from below."""
    wide, tall = (int(n) for n in aspect.split(":"))
    height, width = picture.shape[:2]
    if width * tall > height * wide:
        new = round(height * wide / tall)
        left = int(np.clip(centre_x - new / 2, 0, width - new))
        return picture[:, left : left + new]
    return picture[: round(width * tall / wide)]


@cache
def _profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
