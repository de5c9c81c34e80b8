"""The further photos of a person as the page lists them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from headshot.authenticity.recognition.own_range import MAX_FURTHER
from headshot.files.data_url import data_url
from headshot.imaging.resize import scaled
from headshot.language import tr
from headshot.types import U8, Photo
from headshot.ui.components.html import said_html

_SMALL = 160  # px of a photo's shorter side as it is listed
FURTHER = (
    '<p class="hs-quiet">With two or more, the picture is placed among the differences that your own photos have. '
    f"Up to {MAX_FURTHER}; like all photos here they stay in memory.</p>"
)


def further_html(photos: Sequence[Photo]) -> str:
    """Show the photos small, above the words on them."""
    if not photos:
        return said_html(FURTHER)
    pictures = "".join(
        f'<img src="{data_url(_small(photo), 85)}" '
        f'alt="{escape(tr("further photo {number}", number=i))}" draggable="false">'
        for i, photo in enumerate(photos, 1)
    )
    return f'<div class="hs-further">{pictures}</div>{said_html(FURTHER)}'


def _small(photo: Photo) -> U8:
    return scaled(photo.pixels, min(1.0, _SMALL / min(photo.width, photo.height)))
