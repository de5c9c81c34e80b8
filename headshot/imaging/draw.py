"""Moved here from headshot/sheet_view.py."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import ImageFont

from headshot.types import U8


def scaled(picture: U8, height: int) -> U8:
    """To `height` px: area averaging down, cubic up."""
    width = round(picture.shape[1] * height / picture.shape[0])
    way = cv2.INTER_AREA if height < picture.shape[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (width, height), interpolation=way), np.uint8)


def _fit(text: str, width: int, size: int) -> str:
    while text and _width(text, size) > width:
        text = text[:-2].rstrip() + "…" if len(text) > 2 else ""
    return text


def _width(text: str, size: int) -> int:
    return int(_font(size).getlength(text)) + 1


def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font
