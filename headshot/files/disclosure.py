"""What people are told of a picture: a small label in its corner, if wanted, and a sentence to paste beside it.

Worded by the mark that the file carries, so for what was really done: own pixels, a composite, or painted.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from headshot.files.source_type import COMPOSITE, GENERATED, OWN_PIXELS, RETOUCHED
from headshot.language import tr
from headshot.types import U8

LABELS: Mapping[str, str] = MappingProxyType(
    {OWN_PIXELS: "Edited", RETOUCHED: "Retouched", COMPOSITE: "AI modified", GENERATED: "AI generated"}
)
_DONE = {
    OWN_PIXELS: "made from a photo of me by software: light, framing and background may differ, no AI painted the face",
    RETOUCHED: "made from a photo of me and retouched, with no AI painting the face: light, framing and background may "
    "differ",
    COMPOSITE: "made from a photo of me; an AI painted parts of it",
    GENERATED: "painted by an AI from photos of me",
}
_OF_SOMEBODY = {
    OWN_PIXELS: "made from a photo of the person shown by software: light, framing and background may differ, no AI "
    "painted the face",
    RETOUCHED: "made from a photo of the person shown and retouched, with no AI painting the face: light, framing and "
    "background may differ",
    COMPOSITE: "made from a photo of the person shown; an AI painted parts of it",
    GENERATED: "painted by an AI from photos of that person",
}
_HEIGHT, _LEAST = 0.024, 11  # of the picture's shorter side, and px: small, and legible at 400 px


def sentences(source: str, retouched: str = "") -> dict[str, str]:
    """Give the sentence to paste for "profile", "application" and "law firm".

    `source`: one of LABELS' keys; `retouched`: what was, as `retouched_words` gives it.
    """
    done, firm = tr(_DONE[source]), tr(_OF_SOMEBODY[source])
    sentences = {
        "profile": tr("About my picture: it was {done}.", done=done),
        "application": tr(
            "The photo in this application was {done}. I will gladly send the photo it was made from.", done=done
        ),
        "law firm": tr("Portrait: {firm}.", firm=firm),
    }
    more = " " + tr("Retouched: {what}.", what=retouched) if retouched else ""
    return {place: sentence + more for place, sentence in sentences.items()}


def labelled(picture: U8, source: str) -> U8:
    """Write LABELS' word into the lower right corner of a copy of (h, w, 3) uint8 RGB, white on a dark bar."""
    image = Image.fromarray(picture)
    size = max(_LEAST, round(_HEIGHT * min(image.size)))
    text, font = tr(LABELS[source]), _font(size)
    left, top, right, bottom = font.getbbox(text)
    pad = size / 2
    x, y = image.width - (right - left) - 2 * pad, image.height - (bottom - top) - 2 * pad
    bar = Image.new("RGBA", image.size, (0, 0, 0, 0))
    drawing = ImageDraw.Draw(bar)
    drawing.rectangle((x - pad, y - pad / 2, image.width - pad, image.height - pad), fill=(0, 0, 0, 170))
    drawing.text((x - left, y - top + pad / 4), text, font=font, fill=(255, 255, 255, 255))
    return np.asarray(Image.alpha_composite(image.convert("RGBA"), bar).convert("RGB"), np.uint8)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own font, so that it looks alike on every machine."""
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font
