"""Resize pictures: by area averaging where they get smaller, so that nothing aliases, else by interpolation."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.types import U8


def resized(picture: U8, size: tuple[int, int], enlarge: int = cv2.INTER_LANCZOS4) -> U8:
    """Resize to (width, height) px; `enlarge`: OpenCV's interpolation upwards. The same array if it has that size."""
    height, width = picture.shape[:2]
    if (width, height) == size:
        return picture
    method = cv2.INTER_AREA if size[0] * size[1] < width * height else enlarge
    return np.asarray(cv2.resize(picture, size, interpolation=method), np.uint8)


def scaled(picture: U8, scale: float) -> U8:
    """Resize by a factor, each side to whole px."""
    height, width = picture.shape[:2]
    return resized(picture, (round(width * scale), round(height * scale)))


def scaled_to_height(picture: U8, height: int) -> U8:
    """Resize to `height` px, by cubic interpolation upwards."""
    width = round(picture.shape[1] * height / picture.shape[0])
    return resized(picture, (width, height), cv2.INTER_CUBIC)
