"""Light and grading that act on the whole picture: one rising curve a channel, from the photo's codes to the picture's.

Exposure, contrast, warmth, faded blacks and a film's look are such curves; paint on lips or hair is none. What a
measure looks at is left out of the curve that it is held against, so that no edit explains itself.
"""

from __future__ import annotations

import cv2
import numpy as np

from headshot.authenticity.measures.aligned_face import Mask
from headshot.imaging.masks import pixels_in
from headshot.types import F64, U8

_STEP = 8  # codes that share a point of the curve
_LEAST = 40  # px for a point of the curve
_SOFT = 1.5  # px of blur: what registration leaves at edges is no tone
COARSE = 6.0  # px of blur that leaves no skin texture, which smoothing would otherwise flatten the curve by
_GREYS = np.array((64, 96, 128, 160, 192))  # sRGB codes at which a curve's size is read


def joint_codes(original: U8, picture: U8, soft: float = _SOFT) -> U8:
    """Put two registered pictures (h, w, 3) side by side for `curves`, softened by `soft` px: (h, w, 6) uint8."""
    return np.dstack([cv2.GaussianBlur(p, (0, 0), soft) for p in (original, picture)])


def curves(codes: U8, where: Mask) -> U8 | None:
    """Fit the curves over `where` of `joint_codes`: (256, 3) uint8, code → code; None where too few px are left.

    Each point is the median of the picture's codes where the photo has about this one; between them lines, beyond them
    the same share of what is left to black and to white.
    """
    chosen = pixels_in(codes, where).astype(np.int64)
    if len(chosen) < 20 * _LEAST:
        return None
    out = np.empty((256, 3), np.uint8)
    for channel in range(3):
        before, after = chosen[:, channel], chosen[:, channel + 3]
        counts = np.bincount(before * 256 + after, minlength=65536).reshape(256 // _STEP, _STEP, 256)
        bins = counts.sum(axis=1)
        size = bins.sum(axis=1)
        enough = size >= _LEAST
        if not enough.any():
            return None
        x = (counts.sum(axis=2) * np.arange(256).reshape(-1, _STEP)).sum(axis=1)[enough] / size[enough]
        out[:, channel] = _curve(x, _medians(bins[enough]))
    return out


def toned(pixels: U8, curve: U8) -> U8:
    """Give a picture (h, w, 3) the tones of `curves`."""
    return np.asarray(cv2.LUT(np.ascontiguousarray(pixels), curve[:, None, :].reshape(256, 1, 3)), np.uint8)


def change(curve: U8) -> tuple[float, float, float]:
    """Read what the curves do to a grey: brighter by (L*), warmer by (b*), contrast (L* range after over before)."""
    greys = np.repeat(_GREYS[:, None], 3, axis=1).astype(np.uint8)[None]
    before, after = (
        cv2.cvtColor(p.astype(np.float32) / 255.0, cv2.COLOR_RGB2LAB)[0] for p in (greys, toned(greys, curve))
    )
    lighter, contrast = (after - before)[:, 0].mean(), np.ptp(after[:, 0]) / np.ptp(before[:, 0])
    return float(lighter), float((after - before)[:, 2].mean()), float(contrast)


def _medians(bins: F64) -> F64:
    """The median code of each row of counts (n, 256), to a part of a code."""
    total = np.cumsum(bins, axis=1)
    half = total[:, -1:] / 2
    at = (total >= half).argmax(axis=1)
    rows = np.arange(len(bins))
    below = total[rows, at] - bins[rows, at]
    return np.asarray(at - 0.5 + (half[:, 0] - below) / bins[rows, at], np.float64)


def _curve(x: F64, y: F64) -> U8:
    y = np.maximum.accumulate(y)
    codes = np.arange(256.0)
    out = np.interp(codes, x, y)
    low, high = codes < x[0], codes > x[-1]
    out[low] = codes[low] * y[0] / max(x[0], 1.0)
    if y[-1] > x[-1]:
        out[high] = 255.0 - (255.0 - codes[high]) * (255.0 - y[-1]) / max(255.0 - x[-1], 1.0)
    else:
        out[high] = codes[high] * y[-1] / x[-1]
    return np.asarray(np.clip(np.round(out), 0, 255), np.uint8)
