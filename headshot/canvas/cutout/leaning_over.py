"""Part the wanted person from somebody who leans over their shoulder from behind, cheek to cheek.

The networks see one body, and colours know neither whose arms those are nor which of two white sleeves is whose. But
the border between both is the wanted shoulder: one line that begins at the jaw and goes outwards and down, along
edges, with the wanted clothes' colours below it and the other's above.
"""

from __future__ import annotations

import cv2
import numpy as np

from headshot.canvas.cutout.colour_cells import LAB_STEP, share_near
from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.imaging.landmarks import NOSE_BASE, eyes_middle
from headshot.photo.head import head_box
from headshot.types import F32, U8

_HIGHER, _TOUCHING, _SMALLER = 0.25, 0.25, 0.6  # own heads, own head widths, and share of the own head's size
# The line's place in head heights under the chin, at one head width from the head's middle, and how it falls for each
# width more: the highest and the lowest that is looked at. The middle is that of broad shoulders in 46 shared photos.
_HIGHEST, _LOWEST, _MIDDLE = (-0.25, 0.4), (0.15, 0.87), (0.0, 0.87)
_CHEST = (0.15, 1.0, 0.6)  # heads under the chin from, to, and widths to each side: where the own clothes are seen
_ALIKE, _RARE, _MOST = 0.6, 0.001, 2.0  # steps between colours; share of a side that is chance; logits of one pixel
_COLOURS, _EDGES, _PLACE, _TURN = 0.02, 2.0, 0.1, 0.4  # what counts how much in a path's cost
_STUMP = 0.12  # eye distances: half the width of the narrowest stump
_LONG = 0.2  # head widths beyond the face: long hair
_FALLS = (-1, 0, 1, 2, 3)  # px that the line may fall from one column to the next
Box = tuple[float, float, float, float]


def above_shoulders(copy: WorkingCopy, everybody: F32, mine: F32) -> U8:
    """Mark what lies above the wanted shoulder on the sides where somebody leans over it: (h, w) uint8, 0 or 1.

    `everybody`, `mine` (h, w) 0..1: the probability of any person, and of the wanted one so far. Nothing where long
    hair hangs beside the neck, by the side on which nobody is.
    """
    above = np.zeros(everybody.shape, np.uint8)
    own = head_box(copy.marks)
    for other in copy.others:
        if _leans_over(own, box := head_box(other)):
            mirrored = box[0] + box[2] < own[0] + own[2]
            if _hair_beside(copy, mine, own, not mirrored) < _LONG:
                above |= _above(copy, everybody, own, mirrored)
    # A stump of a neck or a sleeve is wide; what is narrow is the wanted ear, or hair beside it.
    stump = cv2.morphologyEx(above & (mine > 0.5).astype(np.uint8), cv2.MORPH_OPEN, copy.disc(_STUMP))
    return np.asarray(above & cv2.dilate(stump, copy.disc(3 * _STUMP)), np.uint8)


def _hair_beside(copy: WorkingCopy, mine: F32, own: Box, left: bool) -> float:
    """Measure how far the person reaches beyond the face's oval between eyes and mouth, in head widths, on one side."""
    top, bottom = float(eyes_middle(copy.marks)[1]), float(copy.marks[NOSE_BASE, 1])
    rows = slice(max(0, int(top)), max(int(top) + 1, int(bottom)))
    face, person = copy.face[rows] > 0, mine[rows] > 0.5
    x = np.arange(copy.size[0])
    beyond = person & ((x < np.where(face, x, x[-1]).min()) if left else (x > np.where(face, x, 0).max()))
    return float(np.median(beyond.sum(axis=1))) / (own[2] - own[0]) if len(beyond) else 0.0


def _leans_over(own: Box, other: Box) -> bool:
    """Tell whether a head (x0, y0, x1, y1) is higher than the wanted one, touches it and is as near."""
    tall, wide = own[3] - own[1], own[2] - own[0]
    higher = own[1] < other[3] < own[3] - _HIGHER * tall
    gap = max(other[0] - own[2], own[0] - other[2])
    return higher and gap < _TOUCHING * wide and other[3] - other[1] > _SMALLER * tall


def _above(copy: WorkingCopy, everybody: F32, own: Box, mirrored: bool) -> U8:
    """Mark what lies above the shoulder to the right of the face, or (`mirrored`) to its left."""
    face = np.flatnonzero(copy.face.any(axis=0))
    above = np.zeros(everybody.shape, np.uint8)
    if not len(face):
        return above
    first = copy.size[0] - 1 - int(face[0]) if mirrored else int(face[-1])
    columns = np.arange(copy.size[0] - 1, -1, -1)[first + 1 :] if mirrored else np.arange(first + 1, copy.size[0])
    if len(columns) < 2:
        return above
    cost = _cost(copy, everybody, own, columns)
    line = _cheapest_path(cost)
    above[:, columns] = copy.rows < line[None, :]
    return above


def _cost(copy: WorkingCopy, everybody: F32, own: Box, columns: np.ndarray) -> F32:
    """Work out what the shoulder's line costs at each row of the `columns`: (h, n), 1000 where it never runs."""
    tall, wide, middle = own[3] - own[1], own[2] - own[0], (own[0] + own[2]) / 2
    across = np.abs(np.arange(copy.size[0]) - middle) / wide

    def at(line: tuple[float, float]) -> F32:
        return np.asarray(own[3] + tall * (line[0] + line[1] * (across - 1)), np.float32)[None, :]

    highest, lowest = at(_HIGHEST), at(_LOWEST)
    band = np.zeros(everybody.shape, bool)
    band[:, columns] = ((copy.rows >= np.minimum(highest, lowest - 3)) & (copy.rows <= lowest))[:, columns]
    chest = (copy.rows > own[3] + _CHEST[0] * tall) & (copy.rows < own[3] + _CHEST[1] * tall)
    mine = chest & (across < _CHEST[2])[None, :] & (everybody > 0.5)
    theirs = np.zeros(band.shape, bool)
    theirs[:, columns] = ((copy.rows < highest) & (everybody > 0.5))[:, columns]
    toward = np.zeros(band.shape, np.float32)
    if band.any() and mine.any() and theirs.any():
        cells = copy.cells
        shares = [share_near(cells[band], cells[side], _ALIKE) + _RARE for side in (mine, theirs)]
        toward[band] = np.log(shares[0] / shares[1]).clip(-_MOST, _MOST)
        # Arms that embrace lie before the wanted chest, whoever's they are.
        toward[copy.is_skin & (copy.rows > own[3])] = _MOST
    steps = cv2.GaussianBlur(copy.smooth_colours.astype(np.float32) / LAB_STEP, (0, 0), 1.0)
    slopes = [cv2.Sobel(steps, cv2.CV_32F, 1, 0), cv2.Sobel(steps, cv2.CV_32F, 0, 1)]
    edge = np.sqrt(sum((slope**2).sum(2) for slope in slopes))
    edge /= max(float(np.percentile(edge[band], 90)) if band.any() else 1.0, 1e-3)
    over = np.cumsum(np.where(band, toward, 0), axis=0)  # what is above the line and should not be
    cost = _COLOURS * (2 * over - over[-1:]) + _EDGES * (1 - edge.clip(0, 1))
    cost += _PLACE * ((copy.rows - at(_MIDDLE)) / (0.3 * tall)) ** 2
    return np.asarray(np.where(band, cost, 1000)[:, columns], np.float32)


def _cheapest_path(cost: F32) -> np.ndarray:
    """Find the row of the cheapest path in each column of `cost` (h, n): (n,)."""
    turns = _TURN * np.abs(np.array(_FALLS, np.float32) - 0.6)  # a shoulder falls by about so much
    best, came = cost[:, 0], []
    every = np.arange(len(best))
    for column in cost.T[1:]:
        before = every[None, :] - np.array(_FALLS)[:, None]
        inside = (before >= 0) & (before < len(best))
        ways = np.where(inside, best[before.clip(0, len(best) - 1)] + turns[:, None], np.inf)
        way = ways.argmin(axis=0)
        came.append(before[way, every])
        best = ways[way, every] + column
    path = [int(best.argmin())]
    for back in reversed(came):
        path.append(int(back[path[-1]]))
    return np.array(path[::-1])
