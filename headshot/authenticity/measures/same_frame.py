"""The same frame, repainted? Told by the head's pose and by the face's place or what lies round it.

A generator that works inside a photo leaves head and surroundings where they are, even where it changes so much of the
face that its pixels no longer match (same_photo.py). Two photos of one person agree in that only by chance.
"""

from __future__ import annotations

import cv2
import numpy as np

from headshot.authenticity.measures.head_view import HeadView
from headshot.authenticity.measures.registration import lightness, locally_normalised
from headshot.imaging.landmarks import FACE_OVAL
from headshot.types import F32, F64

# Degrees between the two heads; IED of place, and log2 of size and of the pictures' aspect; correlation round the face.
# AI edits of one frame: turned up to 5.4, place up to .046, size up to .127. One person's other photos: turned 2.4 and
# more, place .057 and more, surroundings up to .22 (strangers' up to .36).
TURNED, PLACE, SIZE, ASPECT, AROUND = 6.0, 0.05, 0.15, 0.10, 0.40
_MIN_AROUND = 800  # px of the window that surroundings need
_SHIFT = 3  # px of the window by which the eyes may be off
# Points of MediaPipe's mesh that an expression hardly moves.
STABLE = (33, 133, 362, 263, 168, 6, 197, 195, 5, 4, 10, 109, 338, 127, 356, 234, 454)


def rotation(original: HeadView, picture: HeadView) -> float:
    """Measure the angle between the two heads' poses in degrees (Kabsch 1976 on the mesh's stable points)."""
    p, q = (h.face.landmarks[list(STABLE)].astype(np.float64) for h in (original, picture))
    u, _, vt = np.linalg.svd((p - p.mean(axis=0)).T @ (q - q.mean(axis=0)))
    turn = u @ np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))]) @ vt
    return float(np.degrees(np.arccos(np.clip((np.trace(turn) - 1) / 2, -1, 1))))


def same_frame(original: HeadView, picture: HeadView) -> bool:
    """Tell whether the picture keeps the photo's frame: pose alike, and the face's place or its surroundings."""
    if rotation(original, picture) > TURNED:
        return False
    return _same_place(original, picture) or around(original, picture) >= AROUND


def around(original: HeadView, picture: HeadView) -> float:
    """Correlate (−1..1) what lies round both faces, eyes laid on eyes; −1 where too little of it is seen."""
    (a, a_inside), (b, b_inside) = original.window, picture.window
    one, other = (_pattern(lightness(w)) for w in (a, b))
    ovals = original.window_region(FACE_OVAL) | picture.window_region(FACE_OVAL)
    where = a_inside & b_inside & ~(cv2.dilate(ovals.astype(np.uint8), np.ones((13, 13), np.uint8)) > 0)
    if np.count_nonzero(where) < _MIN_AROUND:
        return -1.0
    steps = range(-_SHIFT, _SHIFT + 1)
    shifted = (np.roll(other, (dy, dx), (0, 1))[where].astype(np.float64) for dx in steps for dy in steps)
    here = one[where].astype(np.float64)
    norm = float(here @ here)
    return max(float(here @ there) / float(np.sqrt(norm * (there @ there) + 1e-6)) for there in shifted)


def _pattern(light: F32) -> F32:
    return locally_normalised(cv2.GaussianBlur(light, (0, 0), 1.5), 8.0)


def _same_place(original: HeadView, picture: HeadView) -> bool:
    (a_middle, a_size), (b_middle, b_size) = _box(original), _box(picture)
    aspects = [np.log2(h.picture.shape[0] / h.picture.shape[1]) for h in (original, picture)]
    return bool(
        np.abs(a_middle - b_middle).max() <= PLACE * a_size.max()
        and np.abs(np.log2(b_size / a_size)).max() <= SIZE
        and abs(aspects[0] - aspects[1]) <= ASPECT
    )


def _box(head: HeadView) -> tuple[F64, F64]:
    """Middle and size of the mesh's box in shares of the picture's width and height, (2,) each."""
    points = head.landmarks[:, :2].astype(np.float64) / head.picture.shape[1::-1]
    low, high = points.min(axis=0), points.max(axis=0)
    return (low + high) / 2, np.maximum(high - low, 1e-6)
