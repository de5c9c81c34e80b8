"""What people look at: the original and the result on one sheet, framed alike, eyes on one line."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from headshot.direction.engine_table import is_own
from headshot.types import U8, Headshot

_PAPER, _INK = (250, 249, 247), (46, 43, 40)


def side_by_side(result: Headshot, height: int = 1024) -> U8:
    """Original and headshot beside each other with their names beneath, (h, w, 3) uint8."""
    pair = [_scaled(p, height) for p in (result.canvas.original, result.picture)]
    gap, foot = round(height * 0.02), round(height * 0.07)
    width = sum(p.shape[1] for p in pair) + 3 * gap
    sheet = Image.new("RGB", (width, height + 2 * gap + foot), _PAPER)
    draw = ImageDraw.Draw(sheet)
    x = gap
    name = "Headshot, own pixels" if is_own(result.engine) else f"Headshot, {result.engine}"
    for picture, label in zip(pair, ("Original, framed alike", name), strict=True):
        sheet.paste(Image.fromarray(picture), (x, gap))
        centre = (x + picture.shape[1] // 2, height + gap + foot // 2)
        draw.text(centre, label, _INK, font=_font(round(foot * 0.4)), anchor="mm")
        x += picture.shape[1] + gap
    return np.asarray(sheet, np.uint8)


def _scaled(picture: U8, height: int) -> U8:
    width = round(picture.shape[1] * height / picture.shape[0])
    way = cv2.INTER_AREA if height < picture.shape[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (width, height), interpolation=way), np.uint8)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
