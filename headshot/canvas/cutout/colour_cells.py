"""Count colours in cells of Lab: which share of an area's pixels has nearly a given colour."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.types import F64, U8

LAB_STEP = np.array([16, 6, 6], np.float32)  # 8-bit Lab units that count as one step of distance
_CELL = np.array([4, 2, 2], np.uint8)  # 8-bit Lab units: the pixels of one cell count as one colour
_PLACE = np.array([128 * 128, 128, 1], np.int64)  # from a cell in L, a and b to its number


def smooth_colours(picture: U8) -> U8:
    """Give the 8-bit Lab colours of a picture (h, w, 3) without their grain."""
    return np.asarray(cv2.cvtColor(cv2.GaussianBlur(picture, (0, 0), 0.8), cv2.COLOR_RGB2LAB), np.uint8)


def colour_cells(colours: U8) -> NDArray[np.int32]:
    """Give each 8-bit Lab colour (h, w, 3) the number of its cell, for `share_near`: (h, w)."""
    number = np.zeros(colours.shape[:2], np.int32)
    for channel, cell, place in zip(cv2.split(colours), _CELL, _PLACE, strict=True):
        number += (channel // cell) * np.int32(place)
    return number


def share_near(asked: NDArray[np.int32], side: NDArray[np.int32], radius: float) -> F64:
    """Work out which share of the pixels of a `side` (n,) lies within `radius` steps of each of those `asked` (m,).

    Both are numbers of cells of `colour_cells`.
    """
    wanted, of_pixel = np.unique(asked, return_inverse=True)
    reach = np.ceil(radius * LAB_STEP / _CELL).astype(int)
    offsets = np.stack(np.meshgrid(*(np.arange(-r, r + 1) for r in reach), indexing="ij"), -1).reshape(-1, 3)
    offsets = offsets[np.linalg.norm(offsets * (_CELL / LAB_STEP), axis=1) < radius]
    margin = int(reach[0] * _PLACE[0])  # in lightness alone: no colour that a screen shows is at the ends of a and b
    counts = np.bincount(side + margin, minlength=(256 // int(_CELL[0]) + 1) * int(_PLACE[0]) + 2 * margin)
    near = np.zeros(len(wanted), np.int64)
    for offset in offsets @ _PLACE:
        near += counts[wanted + margin + offset]
    return np.asarray((near / len(side))[of_pixel], np.float64)
