"""Moved here from headshot/locks.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from headshot.direction.locks import Lock, parse_locks
from headshot.imaging.landmarks import FACE_OVAL
from headshot.types import F32, Canvas

_NOSE_BASE = 2  # MediaPipe FaceMesh


_EYES = (33, 133, 159, 145, 263, 362, 386, 374, 70, 105, 107, 336, 334, 300, 168)  # lids and brows: what glasses cover


_BROWS = (70, 63, 105, 66, 107, 55, 65, 52, 53, 46, 300, 293, 334, 296, 336, 285, 295, 282, 283, 276)


def region(canvas: Canvas, lock: Lock) -> F32:
    """Where the locked thing is, (h, w) float32 0..1: for a generator's change map, 1 = keep. Empty for no place."""
    shape = canvas.matte.shape
    match lock.place:
        case "":
            return np.zeros(shape, np.float32)
        case "face" | "hair" | "clothes":
            return canvas.regions[lock.place]
        case "eyes":
            return _hull(canvas, _EYES, 0.16)
        case "brows":
            # Each brow for itself: one hull of both would take the bridge of the nose.
            half = len(_BROWS) // 2
            return np.maximum(_hull(canvas, _BROWS[:half], 0.06), _hull(canvas, _BROWS[half:], 0.06))
        case _:
            floor = canvas.landmarks[_NOSE_BASE, 1]
            points = [i for i in FACE_OVAL if canvas.landmarks[i, 1] > floor]
            return _hull(canvas, [_NOSE_BASE, *points], 0.05)


def keep_map(canvas: Canvas, kept: Sequence[Lock]) -> F32:
    """All locked regions together, (h, w) float32 0..1."""
    total = np.zeros(canvas.matte.shape, np.float32)
    for lock in kept:
        total = np.maximum(total, region(canvas, lock))
    return total


def with_held(canvas: Canvas, words: str) -> Canvas:
    """The canvas with what the lock list `words` holds, as `Canvas.held`; itself where nothing has a place."""
    kept = [lock for lock in parse_locks(words)[0] if lock.place]
    return replace(canvas, held=keep_map(canvas, kept)) if kept else canvas


def _hull(canvas: Canvas, points: Sequence[int], margin: float) -> F32:
    """The convex hull of landmarks, grown by `margin` IED, with a soft edge."""
    mask = np.zeros(canvas.matte.shape, np.float32)
    hull = cv2.convexHull(np.round(canvas.landmarks[list(points), :2]).astype(np.int32))
    cv2.fillConvexPoly(mask, hull, 1.0)
    # By the distance from the hull: a dilation by so large a disc would cost its area for each pixel.
    away = cv2.distanceTransform(1 - mask.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    grown = (away <= margin * canvas.eye_distance).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(grown, (0, 0), max(0.8, 0.02 * canvas.eye_distance)), np.float32)
