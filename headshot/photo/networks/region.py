"""A turned rectangle of a picture: what a network looks at, and the way back."""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np

from headshot.types import F32, F64, U8


class Region(NamedTuple):
    """Centre, width and height in px, and its turn in radians (clockwise on the screen)."""

    x: float
    y: float
    width: float
    height: float
    turn: float = 0.0

    @staticmethod
    def around(pixels: U8) -> Region:
        """The smallest upright square that holds the whole picture."""
        height, width = pixels.shape[:2]
        return Region(width / 2, height / 2, max(height, width), max(height, width))

    def sample(self, pixels: U8, side: int, *, low: float = 0.0, black_outside: bool = False) -> F32:
        """(1, side, side, 3) float32 from `low` to 1. Bilinear; beyond the picture its edge is repeated, or black.

        As MediaPipe's ImageToTensorCalculator does with OpenCV: no averaging where it becomes smaller.
        """
        corners = cv2.boxPoints(((self.x, self.y), (self.width, self.height), math.degrees(self.turn)))
        target = np.array([[0, side], [0, 0], [side, 0], [side, side]], np.float32)
        seen = cv2.warpPerspective(
            pixels,
            cv2.getPerspectiveTransform(corners, target),
            (side, side),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT if black_outside else cv2.BORDER_REPLICATE,
        )
        return (seen.astype(np.float32) * np.float32((1 - low) / 255) + np.float32(low))[None]

    def to_picture(self, points: F64) -> F64:
        """Points (n, 2) or (n, 3) from 0..1 of a square region to the picture's px; depth in px too."""
        cos, sin = math.cos(self.turn), math.sin(self.turn)
        x, y = points[:, 0] - 0.5, points[:, 1] - 0.5
        placed = [self.x + (cos * x - sin * y) * self.width, self.y + (sin * x + cos * y) * self.height]
        return np.stack([*placed, *(points[:, i] * self.width for i in range(2, points.shape[1]))], 1)


def wrapped(angle: float) -> float:
    """An angle in radians, from -π to below π."""
    return angle - 2 * math.pi * math.floor((angle + math.pi) / (2 * math.pi))
