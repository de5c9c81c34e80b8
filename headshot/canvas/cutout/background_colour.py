"""Cut away wide areas that have a colour of the background, wherever that is seen, and none of the person's.

Networks keep a chair's back beside an arm or a wall behind a lock of hair; the colours near by are mixed there, but the
same chair or wall is seen elsewhere in the photo.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.canvas.cutout.trimap import Mask, Trimap
from headshot.canvas.cutout.working_copy import LAB_STEP, WorkingCopy, touching
from headshot.types import F32, F64, U8

_ALIKE, _UNLIKE = 0.6, 1.6  # steps: to a colour of the background at most, and to one of the person at least
_SEEN, _OWN = 0.002, 0.001  # which share of its side's pixels makes a colour of the background, and of the person
_SURE = 0.95  # probability by the networks, from which colours have no say
_WIDE, _SMALLEST = 0.16, 0.03  # eye distances: half the width of an area, and of what belongs to it
_CELL = np.array([4, 2, 2], np.uint8)  # 8-bit Lab units: the pixels of one cell count as one colour
_PLACE = np.array([128 * 128, 128, 1], np.int64)  # from a cell in L, a and b to its number
_LEAST = 100  # pixels of each side


def without_background_colour(copy: WorkingCopy, trimap: Trimap, person: F32) -> Trimap:
    """Make background of the wide areas of a trimap that no network is sure of and whose colours are the background's.

    `person` (h, w) 0..1: the probability by the networks. Curls and frizz are narrower, or have the person's colours.
    """
    doubtful = (trimap.known > 0) & (trimap.core == 0) & (person < _SURE)
    parts = doubtful.astype(np.uint8)
    asked = touching(parts, cv2.morphologyEx(parts, cv2.MORPH_OPEN, copy.disc(_WIDE))) > 0
    if not asked.any():
        return trimap
    found = np.zeros(asked.shape, np.uint8)
    found[asked] = _is_background(copy, trimap.background, trimap.person & ~doubtful, asked)
    found = cv2.morphologyEx(found, cv2.MORPH_OPEN, copy.disc(_SMALLEST))
    found = touching(found, cv2.morphologyEx(found, cv2.MORPH_OPEN, copy.disc(_WIDE)))
    return trimap._replace(known=np.where(found > 0, 0, trimap.known).astype(np.float32))


def _is_background(copy: WorkingCopy, background: Mask, person: Mask, asked: Mask) -> Mask:
    """Compare the pixels `asked` (n of h, w) with the colours of both sides anywhere in the working copy: (n,).

    All pixels are counted, none drawn: the answer does not hang on a draw.
    """
    if min(np.count_nonzero(background), np.count_nonzero(person)) < _LEAST:
        return np.zeros(int(asked.sum()), bool)
    cells = colour_cells(smooth_colours(copy.picture))
    wanted, of_pixel = np.unique(cells[asked], return_inverse=True)
    found = share_near(wanted, cells[background], _ALIKE) >= _SEEN
    found[found] = share_near(wanted[found], cells[person], _UNLIKE) < _OWN
    return np.asarray(found[of_pixel], bool)


def smooth_colours(picture: U8) -> U8:
    """Give the 8-bit Lab colours of a picture (h, w, 3) without their grain."""
    return np.asarray(cv2.cvtColor(cv2.GaussianBlur(picture, (0, 0), 0.8), cv2.COLOR_RGB2LAB), np.uint8)


def colour_cells(colours: U8) -> NDArray[np.int64]:
    """Give each 8-bit Lab colour (n, 3) the number of its cell, for `share_near`: (n,)."""
    return np.asarray((colours // _CELL).astype(np.int64) @ _PLACE, np.int64)


def share_near(wanted: NDArray[np.int64], side: NDArray[np.int64], radius: float) -> F64:
    """Work out which share of the pixels of a `side` (n,) lies within `radius` steps of each cell `wanted` (m,)."""
    reach = np.ceil(radius * LAB_STEP / _CELL).astype(int)
    offsets = np.stack(np.meshgrid(*(np.arange(-r, r + 1) for r in reach), indexing="ij"), -1).reshape(-1, 3)
    offsets = offsets[np.linalg.norm(offsets * (_CELL / LAB_STEP), axis=1) < radius]
    margin = int(reach[0] * _PLACE[0])  # in lightness alone: no colour that a screen shows is at the ends of a and b
    counts = np.bincount(side + margin, minlength=(256 // int(_CELL[0]) + 1) * int(_PLACE[0]) + 2 * margin)
    near = np.zeros(len(wanted), np.int64)
    for offset in offsets @ _PLACE:
        near += counts[wanted + margin + offset]
    return np.asarray(near / len(side), np.float64)
