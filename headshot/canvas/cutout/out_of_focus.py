"""Take away who is out of focus behind the wanted person, and what else is there.

Selfie segmentation and BlazePose know people in a blur too, and give them to a body that they touch; U²-NetP sees that
they do not stand out.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.canvas.cutout.working_copy import WorkingCopy, touching
from headshot.types import F32

_CLAIMED, _POSED, _DENIED = 0.75, 0.6, 0.1  # probabilities: claimed by two, and denied by the third
_DOUBTED, _SURE = 0.4, 0.9  # by the third, of what hangs together with that; by all
_WIDE, _LEAST, _RIM = 0.12, 0.3, 0.05  # eye distances: half its width; square eye distances; rim that is left out
_FINE, _COARSE = (0.7, 1.6), (3.0, 6.0)  # σ of the differences of Gaussians, px of the working copy
_TIMES = 2.0  # the working copy's size, at which contrasts are measured
_DETAIL = 0.45  # its fine contrast over its coarse one, in the person's
_EDGES, _MOST = 0.35, 98  # its sharpest places' fine contrast, in the person's; the percentile that they are
_CONTRAST, _SPREAD = 1.0, 20.0  # its coarse contrast, in the person's; standard deviation, 0..255: cloth has little


def without_blurred(copy: WorkingCopy, selfie: F32, saliency: F32, pose: F32) -> tuple[F32, F32]:
    """Take U²-NetP's word in areas that it denies, and that are blurred where the person is sharp.

    All (h, w) float32 0..1; the new answers of selfie segmentation and pose.
    """
    denied = (saliency < _DENIED) & (selfie > _CLAIMED) & (pose > _POSED) & (copy.face == 0)
    wide = cv2.morphologyEx(denied.astype(np.uint8), cv2.MORPH_OPEN, copy.disc(_WIDE))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(wide)
    large = [one for one in range(1, count) if stats[one, cv2.CC_STAT_AREA] > _LEAST * copy.eye_px**2]
    person = (np.minimum(np.minimum(selfie, pose), saliency) > _SURE) | (copy.face > 0)
    if not large or not person.any():
        return selfie, pose
    grey, fine, coarse = _contrasts(copy)
    seed = np.zeros_like(wide)
    for one in large:
        piece = labels == one
        inner = cv2.erode(piece.astype(np.uint8), copy.disc(_RIM)) > 0
        if inner.any() and _is_blurred(grey, fine, coarse, inner, person):
            seed[piece] = 1
    if not seed.any():
        return selfie, pose
    blurred = touching((saliency < _DOUBTED).astype(np.uint8) & (copy.face == 0), seed) > 0
    heard, posed = (np.where(blurred, np.minimum(said, saliency), said).astype(np.float32) for said in (selfie, pose))
    return heard, posed


def _contrasts(copy: WorkingCopy) -> tuple[F32, F32, F32]:
    """Give lightness 0..255 and its contrast at a fine and a coarse scale, each (h, w) float32.

    Of the full photo, at most twice as large: a working copy that was made smaller is sharp everywhere.
    """
    times = min(_TIMES, copy.full.shape[0] / copy.size[1])
    size = (round(times * copy.size[0]), round(times * copy.size[1]))
    seen = cv2.resize(copy.full, size, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY).astype(np.float32)

    def contrast(scales: tuple[float, float]) -> F32:
        one, other = (cv2.GaussianBlur(grey, (0, 0), sigma * times) for sigma in scales)
        return np.asarray(cv2.resize(np.abs(one - other), copy.size, interpolation=cv2.INTER_AREA), np.float32)

    return np.asarray(cv2.resize(grey, copy.size, interpolation=cv2.INTER_AREA)), contrast(_FINE), contrast(_COARSE)


def _is_blurred(grey: F32, fine: F32, coarse: F32, piece: NDArray[np.bool_], person: NDArray[np.bool_]) -> bool:
    """Tell whether a piece has much contrast and nothing sharp, held against the person; plain cloth has little."""

    def detail(part: NDArray[np.bool_]) -> float:
        return float(fine[part].mean() / (coarse[part].mean() + 1))

    return bool(
        grey[piece].std() >= _SPREAD
        and coarse[piece].mean() >= _CONTRAST * coarse[person].mean()
        and detail(piece) <= _DETAIL * detail(person)
        and np.percentile(fine[piece], _MOST) <= _EDGES * np.percentile(fine[person], _MOST)
    )
