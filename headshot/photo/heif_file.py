"""HEIC and HEIF files: libheif is loaded where a file may be one, and not for the many that are something else."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from PIL import Image


def accept_heif(data: bytes) -> None:
    """Let Pillow read HEIC where `data` may be that: such files begin with a box of this type (ISO/IEC 14496-12)."""
    if data[4:8] == b"ftyp":
        register_heif()


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
