"""The person's photos as a generator takes them that looks at the photos themselves: square crops of the face."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headshot.types import F32, U8

_ROOM = 2.2  # side of the square, of the face's height: all of the hair, a little of the shoulders
_LEAST = 64  # px; the models take no smaller ones


@dataclass(frozen=True, eq=False, repr=False)
class References:
    """The person's photos, for one request only: square (s, s, 3) uint8 crops, the main photo's first."""

    pictures: tuple[U8, ...]

    def __repr__(self) -> str:
        return "References(…)"  # nobody's face by accident in a log


def square_crop(pixels: U8, landmarks: F32) -> U8:
    """Crop a square around the face of (h, w, 3) uint8; `landmarks` (n, 2..3) px. Never squashed: likeness suffers.

    Beyond the photo's edge the edge's pixels are repeated.
    """
    points = landmarks[:, :2]
    low, high = points.min(0), points.max(0)
    side = max(_LEAST, round(_ROOM * float((high - low).max())))
    x, y = (np.round((low + high) / 2) - side / 2).astype(int)
    rows = np.clip(np.arange(y, y + side), 0, pixels.shape[0] - 1)
    columns = np.clip(np.arange(x, x + side), 0, pixels.shape[1] - 1)
    return np.ascontiguousarray(pixels[rows[:, None], columns[None]])
