"""The matting Laplacian (Levin et al. 2008, eq. 12): how far neighbouring pixels must have matte in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from headshot.canvas.cutout.trimap import Mask
from headshot.types import U8

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_EPSILON = 1e-6  # of the colours' covariance in a window, 0..1 colours
_SIDE = 3  # px of a window


def matting_laplacian(picture: U8, asked: Mask) -> csr_array:
    """Build the rows of the Laplacian of a picture (h, w, 3) for the n pixels `asked` (h, w): (n, h·w) float64.

    In each 3 × 3 window the matte is taken to be a linear function of the colour. Windows without such a pixel say
    nothing of it and are left out.
    """
    from scipy.sparse import csr_array

    width, count = asked.shape[1], _SIDE * _SIDE
    windows = cv2.dilate(asked.astype(np.uint8), np.ones((_SIDE, _SIDE), np.uint8))
    windows[[0, -1]] = windows[:, [0, -1]] = 0
    steps = np.arange(-1, 2)
    places = np.flatnonzero(windows)[:, None] + (steps[:, None] * width + steps).ravel()  # (m, 9)
    off = picture.reshape(-1, 3)[places] / 255.0
    off -= off.mean(1, keepdims=True)
    spread = off.transpose(0, 2, 1) @ off / count + _EPSILON / count * np.eye(3)
    weights = np.eye(count) - (1 + off @ np.linalg.inv(spread) @ off.transpose(0, 2, 1)) / count
    row = np.full(asked.size, -1)
    row[asked.ravel()] = np.arange(asked.sum())
    rows, columns = row[np.repeat(places, count, axis=1)], np.tile(places, (1, count))
    own = rows >= 0
    return csr_array((weights.reshape(rows.shape)[own], (rows[own], columns[own])), (int(asked.sum()), asked.size))
