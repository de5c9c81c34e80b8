"""Several pictures on frames of one size, so that they can be looked at in step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from headshot.types import U8

Box = tuple[float, float, float, float]
_PAPER = 128


def on_one_frame(pictures: Sequence[tuple[U8, Box]]) -> tuple[list[U8], Box]:
    """Pad (picture (h, w, 3) uint8, box around its eyes in px) with grey until all have one size and their eyes lie in
    one place. No pixel is scaled. Returns the pictures and the eyes' box of the first.
    """
    shift = [((x0 + x1) / 2, (y0 + y1) / 2) for _, (x0, y0, x1, y1) in pictures]
    left, up = max(round(x) for x, _ in shift), max(round(y) for _, y in shift)
    places = [(left - round(x), up - round(y)) for x, y in shift]
    width = max(x + p.shape[1] for (x, _), (p, _) in zip(places, pictures, strict=True))
    height = max(y + p.shape[0] for (_, y), (p, _) in zip(places, pictures, strict=True))
    made: list[U8] = []
    for (x, y), (picture, _) in zip(places, pictures, strict=True):
        frame = np.full((height, width, 3), _PAPER, np.uint8)
        frame[y : y + picture.shape[0], x : x + picture.shape[1]] = picture
        made.append(frame)
    (x, y), (x0, y0, x1, y1) = places[0], pictures[0][1]
    return made, (x0 + x, y0 + y, x1 + x, y1 + y)
