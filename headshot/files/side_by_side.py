"""What people look at: the original and the result on one sheet, framed alike, eyes on one line."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from headshot.direction.engine_table import is_own
from headshot.imaging.draw import font
from headshot.imaging.resize import scaled_to_height
from headshot.language import tr
from headshot.types import U8, Headshot

_PAPER, _INK = (250, 249, 247), (46, 43, 40)


def side_by_side(result: Headshot, height: int = 1024) -> U8:
    """Put original and headshot beside each other with their names beneath, (h, w, 3) uint8."""
    pair = [scaled_to_height(p, height) for p in (result.canvas.original, result.picture)]
    gap, foot = round(height * 0.02), round(height * 0.07)
    width = sum(p.shape[1] for p in pair) + 3 * gap
    sheet = Image.new("RGB", (width, height + 2 * gap + foot), _PAPER)
    draw = ImageDraw.Draw(sheet)
    x = gap
    name = tr("Headshot, own pixels") if is_own(result.engine) else tr("Headshot, {engine}", engine=result.engine)
    for picture, label in zip(pair, (tr("Original, framed alike"), name), strict=True):
        sheet.paste(Image.fromarray(picture), (x, gap))
        centre = (x + picture.shape[1] // 2, height + gap + foot // 2)
        draw.text(centre, label, _INK, font=font(round(foot * 0.4)), anchor="mm")
        x += picture.shape[1] + gap
    return np.asarray(sheet, np.uint8)
