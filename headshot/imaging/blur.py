"""Wide Gaussians."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.types import F32


def wide_blur(values: F32, sigma: float, least: float = 4.0) -> F32:
    """Blur (h, w) or (h, w, 3) float32 by a Gaussian of `sigma` px, a wide one much faster at a smaller size.

    `least`: px of it that are left there, the fewer the coarser.
    """
    smaller = max(1, int(sigma / least))
    if smaller == 1:
        return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma), np.float32)
    height, width = values.shape[:2]
    size = (max(1, width // smaller), max(1, height // smaller))
    blurred = cv2.GaussianBlur(cv2.resize(values, size, interpolation=cv2.INTER_AREA), (0, 0), sigma / smaller)
    return np.asarray(cv2.resize(blurred, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
