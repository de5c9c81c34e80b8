"""Pictures as data URLs: they live in one message to the browser and never become a file on this machine."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from headshot.types import U8


def data_url(picture: U8, quality: int = 90, longest: int | None = None) -> str:
    """Encode a picture (h, w, 3) uint8 sRGB as a JPEG data URL without metadata.

    `quality` is Pillow's 1..95. `longest` px: the longer side is scaled down to it (Lanczos), never up.
    Colour is kept at full resolution (4:4:4), so that comparing colours along edges is fair.
    Raises ValueError for another shape or type.
    """
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8:
        raise ValueError(f"Expected (h, w, 3) uint8, got {picture.shape} {picture.dtype}.")
    image = Image.fromarray(picture)
    if longest is not None and max(image.size) > longest:
        image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, subsampling=0)
    return jpeg_url(file.getvalue())


def jpeg_url(data: bytes) -> str:
    """A JPEG file's bytes as a data URL."""
    return "data:image/jpeg;base64," + base64.b64encode(data).decode("ascii")
