"""Locked things in the picture: where they are, and whether they are still there. The list itself is `lock_list`'s.

The check takes a measure of the report where there
is one. Where there is none it says so, unless the region was kept by construction: own pixels that no step may change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from headshot.authenticity.quality import FACE_OVAL
from headshot.lock_list import Lock, locks, prompt_words
from headshot.types import F32, AuthenticityReport, Canvas, Headshot, Kept

__all__ = ["Lock", "check", "checked", "keep_map", "locks", "prompt_words", "region", "with_held"]

_NOSE_BASE = 2  # MediaPipe FaceMesh
_EYES = (33, 133, 159, 145, 263, 362, 386, 374, 70, 105, 107, 336, 334, 300, 168)  # lids and brows: what glasses cover
_BROWS = (70, 63, 105, 66, 107, 55, 65, 52, 53, 46, 300, 293, 334, 296, 336, 285, 295, 282, 283, 276)
_KEPT = 0.98  # of the region must be own pixels for "kept by construction"


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
    kept = [lock for lock in locks(words)[0] if lock.place]
    return replace(canvas, held=keep_map(canvas, kept)) if kept else canvas


def checked(result: Headshot, report: AuthenticityReport) -> AuthenticityReport:
    """The report with a line for each thing that the result's lock list asked to keep."""
    found, rest = locks(result.direction.keep)
    lines = [*check(found, result, report), *(_unknown(said, result) for said in rest.split(", ") if said)]
    return replace(report, kept=tuple(lines))


def check(kept: Sequence[Lock], result: Headshot, report: AuthenticityReport) -> tuple[Kept, ...]:
    """Each lock in the finished picture: by the report's measures, by construction, or honestly not measured."""
    return tuple(_check(lock, result, report) for lock in kept)


def _check(lock: Lock, result: Headshot, report: AuthenticityReport) -> Kept:
    findings = [f for f in (report.get(m) for m in lock.measures) if f is not None and f.state != "grey"]
    for state in ("red", "amber"):
        bad = [f for f in findings if f.state == state]
        if bad:
            return Kept(lock.name, lock.said, "lost" if state == "red" else "look here", bad[0].sentence)
    if _untouched(lock, result):
        own = "These are your photo’s own pixels."
        return Kept(lock.name, lock.said, "kept", f"{findings[0].sentence} {own}" if findings else own)
    if findings:
        return Kept(lock.name, lock.said, "kept", findings[0].sentence)
    why = "The report could not measure it here." if lock.measures else "Nothing here measures it: look for yourself."
    return Kept(lock.name, lock.said, "not measured", why)


def _unknown(said: str, result: Headshot) -> Kept:
    if result.engine == "retouch":
        return Kept("", said, "kept", "Your photo’s own pixels: nothing here repaints what the frame shows.")
    return Kept("", said, "not measured", "Said to the generator, and checked by nothing: look for yourself.")


def _untouched(lock: Lock, result: Headshot) -> bool:
    """Whether no step of the engine could change the lock's region, each pixel only as far as it is something else."""
    if result.engine == "retouch":
        return True
    if not lock.place or not result.canvas.regions:
        return False
    from headshot.engines.ladder import allowance_map

    where = region(result.canvas, lock)
    if where.sum() < 1:
        return False
    free = allowance_map(result.canvas.regions, result.direction.change, result.canvas.held)
    return float((where * (free <= 1 - where + 1e-4)).sum() / where.sum()) >= _KEPT


def _hull(canvas: Canvas, points: Sequence[int], margin: float) -> F32:
    """The convex hull of landmarks, grown by `margin` IED, with a soft edge."""
    mask = np.zeros(canvas.matte.shape, np.float32)
    hull = cv2.convexHull(np.round(canvas.landmarks[list(points), :2]).astype(np.int32))
    cv2.fillConvexPoly(mask, hull, 1.0)
    # By the distance from the hull: a dilation by so large a disc would cost its area for each pixel.
    away = cv2.distanceTransform(1 - mask.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    grown = (away <= margin * canvas.eye_distance).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(grown, (0, 0), max(0.8, 0.02 * canvas.eye_distance)), np.float32)
