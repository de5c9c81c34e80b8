"""A team's wall: all pictures in one, to see at a glance whether they belong together, and the same as a page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from headshot.files import xmp
from headshot.files.data_url import data_url
from headshot.files.encode import encode
from headshot.files.printable_report import templates
from headshot.files.source_type import OWN_PIXELS, RETOUCHED, strongest
from headshot.files.team_index import TeamRow, counted, spreads
from headshot.imaging.draw import fit_text, font
from headshot.language import tr
from headshot.text import asset
from headshot.types import U8

MOST_TILES = 240  # of one wall; more people have several
_HEIGHT = 240  # px of a picture on the wall
_SMALL = 180  # px on the page
_GAP, _NAME = 10, 22
_PAPER, _INK, _QUIET, _EMPTY = (250, 249, 247), (46, 43, 40), (92, 87, 81), (237, 235, 231)


@dataclass(frozen=True, eq=False)
class Tile:
    """One person on the wall: `small` (h, w, 3) uint8, None without a picture in the look; `source` of its file."""

    row: TeamRow
    small: U8 | None = None
    source: str = ""


def tile(row: TeamRow, picture: bytes) -> Tile:
    """Make a person's tile from the JPEG file that this app made of them, or from b""."""
    if row.state == "another" or not picture:
        return Tile(row)
    with Image.open(io.BytesIO(picture)) as image:
        width = round(image.width * _HEIGHT / image.height)
        image.draft("RGB", (2 * width, 2 * _HEIGHT))  # the decoder itself makes it small
        small = image.convert("RGB").resize((width, _HEIGHT), Image.Resampling.LANCZOS, reducing_gap=2.0)
    packet = xmp.packet_in(picture)
    return Tile(row, np.asarray(small, np.uint8), xmp.parse(packet).source if packet else "")


def wall_picture(tiles: Sequence[Tile]) -> bytes:
    """Draw the wall as a marked JPEG: half as many again across as down, each with their name under them."""
    width = max((t.small.shape[1] for t in tiles if t.small is not None), default=_HEIGHT)
    columns = max(1, round((1.5 * len(tiles) * _HEIGHT / width) ** 0.5))
    rows = -(-len(tiles) // columns)
    size = (_GAP + columns * (width + _GAP), _GAP + rows * (_HEIGHT + _NAME + _GAP))
    page = Image.new("RGB", size, _PAPER)
    draw = ImageDraw.Draw(page)
    for number, one in enumerate(tiles):
        x, y = _GAP + number % columns * (width + _GAP), _GAP + number // columns * (_HEIGHT + _NAME + _GAP)
        if one.small is None:
            draw.rectangle((x, y, x + width - 1, y + _HEIGHT - 1), _EMPTY)
            words = fit_text(tr("Another photo"), width - 2 * _GAP, 15)
            draw.text((x + width // 2, y + _HEIGHT // 2), words, _QUIET, font=font(15), anchor="mm")
        else:
            page.paste(Image.fromarray(one.small), (x + (width - one.small.shape[1]) // 2, y))
        name = fit_text(one.row.name, width, 14)
        draw.text((x + width // 2, y + _HEIGHT + _NAME // 2), name, _INK, font=font(14), anchor="mm")
    sources = {one.source for one in tiles if one.source}
    most = strongest(OWN_PIXELS, *sources)
    return encode(np.asarray(page, np.uint8), source=RETOUCHED if most == OWN_PIXELS and RETOUCHED in sources else most)


def wall_page(tiles: Sequence[Tile], rows: Sequence[TeamRow]) -> str:
    """Write the page as HTML that needs no network: this wall's people by state with their reasons, and how alike all
    `rows` are.
    """
    groups = {
        state: [(one.row, data_url(one.small, 85, _SMALL) if one.small is not None else "") for one in found]
        for state in ("another", "look", "ready")
        if (found := [one for one in tiles if one.row.state == state])
    }
    titles = {"another": tr("Another photo needed"), "look": tr("Have a look"), "ready": tr("Ready")}
    css = asset(__file__, "printable_report.css") + asset(__file__, "team_wall.css")
    return (
        templates()
        .get_template("team_wall.html")
        .render(css=css, groups=groups, titles=titles, counts=counted(rows), spreads=spreads(rows), people=len(rows))
    )
