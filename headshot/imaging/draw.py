"""Measure and fit the text that is drawn onto pictures, in Pillow's own font."""

from __future__ import annotations

from functools import cache

from PIL import ImageFont


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Load the font at `size` px."""
    found = ImageFont.load_default(size)
    assert isinstance(found, ImageFont.FreeTypeFont)
    return found


def text_width(text: str, size: int) -> int:
    """Measure a line of text in px, rounded up."""
    return int(font(size).getlength(text)) + 1


def fit_text(text: str, width: int, size: int) -> str:
    """Shorten a line with “…” until it is at most `width` px wide."""
    while text and text_width(text, size) > width:
        text = text[:-2].rstrip() + "…" if len(text) > 2 else ""
    return text
