"""A turned rectangle of a picture: what a network looks at, and the way back."""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np

from headshot.types import F32, F64, U8

_FINEST = 8  # samples along each side of an averaged one


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
        matrix = cv2.getPerspectiveTransform(corners, target)
        border = cv2.BORDER_CONSTANT if black_outside else cv2.BORDER_REPLICATE
        return _scaled(cv2.warpPerspective(np.ascontiguousarray(pixels), matrix, (side, side), borderMode=border), low)

    def sample_averaged(self, pixels: U8, side: int) -> F32:
        """As `sample` from 0 to 1, each value the mean of the pixels that it stands for: no aliasing of large faces."""
        return _scaled(self.crop_averaged(pixels, side), 0.0)

    def crop_averaged(self, pixels: U8, side: int) -> U8:
        """The region as a picture (side, side, 3) uint8, each pixel the mean of those that it stands for."""
        fine = min(_FINEST, math.ceil(self.width / (1.25 * side)))  # a bilinear sample spans two pixels itself
        scale = side * fine / self.width
        cos, sin = math.cos(self.turn) * scale, math.sin(self.turn) * scale
        linear = np.array([[cos, sin], [-sin, cos]])
        # The middle of a block of samples lies half a block less half a sample after its first.
        shift = (side * fine + fine - 1) / 2 - linear @ [self.x, self.y]
        matrix, size = np.column_stack([linear, shift]), (side * fine, side * fine)
        samples = cv2.warpAffine(np.ascontiguousarray(pixels), matrix, size, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(cv2.resize(samples, (side, side), interpolation=cv2.INTER_AREA), np.uint8)

    def inner(self, part: Region, side: int) -> Region:
        """Where a region `part` of this one's own picture (side, side) lies in the whole picture."""
        scale = self.width / side
        (x, y), *_ = self.to_picture(np.array([[part.x / side, part.y / side]]))
        return Region(float(x), float(y), part.width * scale, part.height * scale, wrapped(self.turn + part.turn))

    def to_picture(self, points: F64) -> F64:
        """Points (n, 2) or (n, 3) from 0..1 of a square region to the picture's px; depth in px too."""
        cos, sin = math.cos(self.turn), math.sin(self.turn)
        x, y = points[:, 0] - 0.5, points[:, 1] - 0.5
        placed = [self.x + (cos * x - sin * y) * self.width, self.y + (sin * x + cos * y) * self.height]
        return np.stack([*placed, *(points[:, i] * self.width for i in range(2, points.shape[1]))], 1)


def _scaled(picture: U8, low: float) -> F32:
    return (picture.astype(np.float32) * np.float32((1 - low) / 255) + np.float32(low))[None]


def wrapped(angle: float) -> float:
    """An angle in radians, from -π to below π."""
    return angle - 2 * math.pi * math.floor((angle + math.pi) / (2 * math.pi))
