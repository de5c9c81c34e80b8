"""The contact sheet as one picture to look at and to send: labels, cells, and under each cell its likeness."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image, ImageDraw

from headshot.authenticity.labels import STATES
from headshot.imaging.draw import fit_text, font, text_width
from headshot.imaging.resize import scaled_to_height
from headshot.language import inside, tr
from headshot.studio.sheet.sheet import Cell, Sheet
from headshot.types import U8, State

_PAPER, _INK, _QUIET, _EMPTY = (250, 249, 247), (46, 43, 40), (92, 87, 81), (237, 235, 231)
_GAP = 14
SCALE = "0 is the same picture, above 0.6 it is another person"


def verdict_words(cell: Cell, *, figure: bool = True) -> str:
    """One line under a cell: the verdict in a word, the likeness, and what decides where that is another measure.

    Without `figure` no number, which needs a scale beside it.
    """
    if cell.report is None:
        return "could not be made"
    state = cell.report.verdict
    parts = [inside(STATES[state].short)]
    if figure and cell.likeness is not None:
        parts.append(tr("{value:.2f} from your photo", value=cell.likeness))
    if cell.worst is not None and cell.worst.id != "likeness":
        parts.append(inside(cell.worst.title))
    return " · ".join(parts)


def draw_sheet(sheet: Sheet, cells: Iterable[Cell], *, height: int = 360, title: str = "") -> U8:
    """One picture (h, w, 3) uint8 of all cells in their places; a place without a cell stays an empty frame.

    `height` of a cell's picture in px; `title`: a line above, by default the two settings' names.
    """
    done = {(c.place.row, c.place.column): c for c in cells}
    shapes = [c.result.picture.shape for c in done.values() if c.result is not None]
    ratio = max((s[1] / s[0] for s in shapes), default=0.8)
    width = round(height * ratio)
    left = min(240, max(text_width(t, 18) for t in sheet.rows.labels) + 2 * _GAP)
    head, under = 96, 34
    rows, columns = len(sheet.rows.labels), len(sheet.columns.labels)
    size = (left + columns * (width + _GAP) + _GAP, head + rows * (height + under + _GAP) + 40)
    page = Image.new("RGB", size, _PAPER)
    draw = ImageDraw.Draw(page)
    across = sheet.columns.title
    title = title or tr("{rows}, by {columns}", rows=sheet.rows.title, columns=inside(across))
    draw.text((_GAP, 24), title, _INK, font=font(22), anchor="lm")
    for c, label in enumerate(sheet.columns.labels):
        middle = left + c * (width + _GAP) + width // 2
        draw.text((middle, head - 22), fit_text(label, width, 18), _INK, font=font(18), anchor="mm")
    for r, label in enumerate(sheet.rows.labels):
        top = head + r * (height + under + _GAP)
        _lines(draw, label, (_GAP, top + height // 2), left - 2 * _GAP)
        for c in range(columns):
            x = left + c * (width + _GAP)
            _cell(page, draw, done.get((r, c)), (x, top, width, height))
    foot = tr("How far a face lies from your photo, by an independent face recogniser: {scale}.", scale=tr(SCALE))
    draw.text((_GAP, size[1] - 22), fit_text(foot, size[0] - 2 * _GAP, 14), _QUIET, font=font(14), anchor="lm")
    return np.asarray(page, np.uint8)


def _cell(page: Image.Image, draw: ImageDraw.ImageDraw, cell: Cell | None, box: Sequence[int]) -> None:
    x, y, width, height = box
    if cell is None or cell.result is None:
        draw.rectangle((x, y, x + width - 1, y + height - 1), _EMPTY)
        if cell is None:
            return
    else:
        small = scaled_to_height(cell.result.picture, height)
        x, width = x + (width - small.shape[1]) // 2, small.shape[1]
        page.paste(Image.fromarray(small), (x, y))
    state: State = cell.report.verdict if cell.report else State.GREY
    colour, middle = STATES[state].colour, y + height + 17
    draw.ellipse((x, middle - 5, x + 10, middle + 5), colour)
    words = fit_text(verdict_words(cell), width - 17, 14)
    draw.text((x + 17, middle), words, colour, font=font(14), anchor="lm")


def _lines(draw: ImageDraw.ImageDraw, text: str, place: tuple[int, int], width: int) -> None:
    """A label in up to three lines about its middle."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", 18) <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    lines = lines[:3]
    for i, line in enumerate(lines):
        y = place[1] + 24 * (i - (len(lines) - 1) / 2)
        draw.text((place[0], y), fit_text(line, width, 18), _INK, font=font(18), anchor="lm")
