"""HEIC and HEIF files: libheif is loaded where a file may be one, and not for the many that are something else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np
from PIL import Image


def formats_for(data: bytes, formats: Sequence[str]) -> tuple[str, ...]:
    """Choose of Pillow's `formats` those that `data` may be in; HEIF only where it can be read by then.

    Such files begin with a box of this type (ISO/IEC 14496-12).
    """
    if data[4:8] != b"ftyp":
        return tuple(name for name in formats if name != "HEIF")
    register_heif()
    return tuple(formats)


@cache
def register_heif() -> None:
    """Let Pillow read HEIC."""
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)


def halved(data: bytes) -> Image.Image:
    """Read a HEIC picture at half its size, without Pillow's own copy of it at the whole one."""
    import pillow_heif

    values = np.asarray(pillow_heif.open_heif(data))
    size = (values.shape[1] // 2, values.shape[0] // 2)
    return Image.fromarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA))
