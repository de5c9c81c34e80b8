"""Find where on the canvas the things lie that the user locked, so that no generator paints there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from headshot.direction.locks import Lock, parse_locks
from headshot.imaging.landmarks import FACE_OVAL, LEFT_BROW, NOSE_BASE, RIGHT_BROW
from headshot.imaging.masks import hull_mask
from headshot.types import F32, Canvas

_EYES = (33, 133, 159, 145, 263, 362, 386, 374, 70, 105, 107, 336, 334, 300, 168)  # lids and brows: what glasses cover


def locked_region(canvas: Canvas, lock: Lock) -> F32:
    """Map where the locked thing is, (h, w) float32 0..1; 0 everywhere for a lock without a place."""
    match lock.place:
        case "":
            return np.zeros(canvas.matte.shape, np.float32)
        case "face" | "hair" | "clothes":
            return canvas.regions[lock.place]
        case "eyes":
            return _hull(canvas, _EYES, 0.16)
        case "brows":
            # Each brow for itself: one hull of both would take the bridge of the nose.
            return np.maximum(_hull(canvas, RIGHT_BROW, 0.06), _hull(canvas, LEFT_BROW, 0.06))
        case _:
            below = [i for i in FACE_OVAL if canvas.landmarks[i, 1] > canvas.landmarks[NOSE_BASE, 1]]
            return _hull(canvas, [NOSE_BASE, *below], 0.05)


def locked_map(canvas: Canvas, locks: Sequence[Lock]) -> F32:
    """Map all locked regions together, (h, w) float32 0..1."""
    total = np.zeros(canvas.matte.shape, np.float32)
    for lock in locks:
        total = np.maximum(total, locked_region(canvas, lock))
    return total


def with_locked(canvas: Canvas, words: str) -> Canvas:
    """Add the places of the things in the lock list `words` as `Canvas.locked`; the same canvas where none has one."""
    found = [lock for lock in parse_locks(words)[0] if lock.place]
    if not found:
        return canvas
    return canvas.steps.get("locked", (words,), lambda: replace(canvas, locked=locked_map(canvas, found)))


def _hull(canvas: Canvas, points: Sequence[int], margin: float) -> F32:
    """The convex hull of landmarks, grown by `margin` eye distances, with a soft edge."""
    hull = hull_mask(np.round(canvas.landmarks[list(points), :2]), canvas.matte.shape)
    # By the distance from the hull: a dilation by so large a disc would cost its area for each pixel.
    away = cv2.distanceTransform(1 - hull, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    grown = (away <= margin * canvas.eye_distance).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(grown, (0, 0), max(0.8, 0.02 * canvas.eye_distance)), np.float32)
