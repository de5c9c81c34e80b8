"""The matting Laplacian (Levin et al. 2008, eq. 12): how far neighbouring pixels must have matte in common."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.canvas.cutout.trimap import Mask
from headshot.types import F64, U8

_EPSILON = 1e-6  # of the colours' covariance in a window, 0..1 colours
_SIDE = 3  # px of a window
_REACH = 2 * _SIDE - 1  # px of the square of a pixel's windows


class Laplacian(NamedTuple):
    """Rows of the matting Laplacian, one of each of n pixels: the `diagonal` (n,), and `beside` it (n, 24).

    `places` (n, 24): where these 24 pixels stand in the picture, counted along its rows.
    """

    diagonal: F64
    beside: F64
    places: NDArray[np.intp]


def matting_laplacian(picture: U8, asked: Mask) -> Laplacian:
    """Build the rows of the Laplacian of a picture (h, w, 3) for the n pixels `asked` (h, w).

    In each 3 × 3 window the matte is taken to be a linear function of the colour. Windows without such a pixel say
    nothing of it and are left out.
    """
    width, count = asked.shape[1], _SIDE * _SIDE
    windows = cv2.dilate(asked.astype(np.uint8), np.ones((_SIDE, _SIDE), np.uint8))
    windows[[0, -1]] = windows[:, [0, -1]] = 0
    places = np.flatnonzero(windows)[:, None] + _square(_SIDE, width)  # (m, 9)
    off = picture.reshape(-1, 3)[places] / 255.0
    off -= off.mean(1, keepdims=True)
    spread = off.transpose(0, 2, 1) @ off / count + _EPSILON / count * np.eye(3)
    alike = (1 + off @ np.linalg.inv(spread) @ off.transpose(0, 2, 1)) / count  # (m, 9, 9)
    found = np.flatnonzero(asked)
    row = np.full(asked.size, len(found))
    row[found] = np.arange(len(found))
    rows = row[places]
    sums = np.zeros((_REACH * _REACH, len(found) + 1))  # the last: of the pixels that nobody asks for
    middle = len(sums) // 2
    for one in range(count):
        sums[middle] += np.bincount(rows[:, one], minlength=sums.shape[1])
        for other in range(count):
            down, right = (b - a + _SIDE - 1 for a, b in zip(divmod(one, _SIDE), divmod(other, _SIDE), strict=True))
            sums[down * _REACH + right, rows[:, one]] -= alike[:, one, other]  # each pixel is in a window once
    beside = np.delete(sums[:, :-1], middle, axis=0).T
    square = np.delete(_square(_REACH, width), middle)
    # Beyond the picture no window reaches: what stands there counts nothing.
    return Laplacian(sums[middle, :-1], np.ascontiguousarray(beside), (found[:, None] + square).clip(0, asked.size - 1))


def _square(side: int, width: int) -> NDArray[np.intp]:
    """List the places of a square of `side` px around a pixel, from it, in a picture `width` px wide: (side²,)."""
    steps = np.arange(side) - side // 2
    return np.asarray((steps[:, None] * width + steps).ravel())
