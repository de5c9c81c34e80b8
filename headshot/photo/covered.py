"""Whether dark glasses hide the eyes, or a mask, a scarf or a hand the mouth: the face mesh draws both all the same.

Eyes: what lies round the irises is skin for the most part, so that three quarters of it are never much darker than the
face. Mouth: on the way from nose to chin lips differ from skin and beard in colour, and their line is dark. The cuts
stand between 56 photos as they are and the same with lenses and cloths drawn on them (docs/log.md, "Covered faces").
"""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np

from headshot.imaging.landmarks import IRISES, eye_distance
from headshot.imaging.masks import pixels_in
from headshot.imaging.median import medians
from headshot.types import F32, U8

Region = Literal["eyes", "mouth"]
_EYE_PX = 80.0  # px between the eyes of the crop that is looked at
_LEAST, _LEAST_MOUTH = 24.0, 40.0  # px between the eyes, below which nothing is told of eyes, of the mouth
_BRIGHT = 0.6  # of a face's brightest channel: darker ones are brightened so far first, four times at most
_DARK = 0.45  # of the face's lightness
_FLAT, _FOREIGN = 5.0, 25.0  # lightness of an eye's surroundings: its spread; ΔE to the face
_LIP_COLOUR, _LIP_LINE = 5.0, 19.0  # ΔE in a, b and in L off the straight line from nose to chin
_GREY, _GREY_LINE = 4.0, 6.5  # chroma of a face in a picture without colour, and its cut
_FACE = (151, 4, 50, 280, 199)  # forehead, nose, cheeks, chin
_ABOVE, _BELOW = 164, 200  # the lip's groove, the chin's


def covered(pixels: U8, landmarks: F32) -> frozenset[Region]:
    """Tell which of eyes and mouth are hidden in a picture (h, w, 3) uint8, by the face's (478, 3) px."""
    eye = eye_distance(landmarks)
    if eye < _LEAST:
        return frozenset()
    scale = min(1.0, _EYE_PX / eye)
    x0, y0 = np.maximum(np.floor(landmarks[:, :2].min(0) - 0.3 * eye), 0).astype(int)
    x1, y1 = np.ceil(landmarks[:, :2].max(0) + 0.3 * eye).astype(int)
    crop = np.ascontiguousarray(pixels[y0:y1, x0:x1])
    if min(crop.shape[:2]) < 8:
        return frozenset()
    size = (max(8, round(crop.shape[1] * scale)), max(8, round(crop.shape[0] * scale)))
    small = cv2.resize(crop, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    points = ((landmarks[:, :2] - (x0, y0)) * scale).astype(np.float32)
    plain = [colour for i in _FACE if (colour := _colour(small, points[i], 0.07 * eye * scale)) is not None]
    if len(plain) < len(_FACE):
        return frozenset()  # part of the face lies outside
    bright = max(float(np.median(plain, axis=0).max()), float(plain[0].max()))  # a black cloth leaves the forehead
    gain = np.clip(_BRIGHT / max(bright, 1e-3), 1, 4)
    lab = np.asarray(cv2.cvtColor(np.minimum(small * np.float32(gain), 1), cv2.COLOR_RGB2LAB), np.float32)
    seen = [colour for i in _FACE if (colour := _colour(lab, points[i], 0.07 * eye * scale)) is not None]
    face = np.median(seen, axis=0)
    found: set[Region] = set()
    if _eyes_hidden(lab, points, eye * scale, face, float(seen[0][0])):
        found.add("eyes")
    if eye >= _LEAST_MOUTH and _mouth_hidden(lab, points, eye * scale, float(np.hypot(*seen[0][1:]))):
        found.add("mouth")
    return frozenset(found)


def _eyes_hidden(lab: F32, points: F32, eye: float, face: F32, forehead: float) -> bool:
    light = max(5.0, min(float(face[0]), forehead))  # a cloth that covers half of the face may be white
    dark = flat = True
    for centre in IRISES:
        around = _within(lab, points[centre], 0.24 * eye, 0.16 * eye)
        if not len(around):
            return False
        dark &= bool(np.percentile(around[:, 0], 75) < _DARK * light)
        foreign = float(np.linalg.norm(medians(around) - face))
        flat &= bool(around[:, 0].std() < _FLAT) and foreign > _FOREIGN
    return dark or flat


def _mouth_hidden(lab: F32, points: F32, eye: float, chroma: float) -> bool:
    way = np.linspace(points[_ABOVE], points[_BELOW], 25)
    rows = []
    for x, y in way:
        row, left, right = int(np.clip(y, 0, len(lab) - 1)), max(0, int(x - 0.12 * eye)), int(x + 0.12 * eye) + 1
        part = lab[row, left:right]
        if not len(part):
            return False
        rows.append(part.mean(axis=0))
    profile = np.asarray(rows)
    profile = profile - np.linspace(profile[0], profile[-1], len(profile))
    line = float(np.abs(profile[:, 0]).max())
    if chroma < _GREY:
        return line < _GREY_LINE
    return line < _LIP_LINE and float(np.hypot(profile[:, 1], profile[:, 2]).max()) < _LIP_COLOUR


def _colour(lab: F32, at: F32, radius: float) -> F32 | None:
    inside = _within(lab, at, radius, radius)
    return np.asarray(medians(inside), np.float32) if len(inside) else None


def _within(lab: F32, at: F32, wide: float, high: float) -> F32:
    """The pixels (n, 3) in an ellipse of these radii."""
    mask = np.zeros(lab.shape[:2], np.uint8)
    cv2.ellipse(
        mask, (round(float(at[0])), round(float(at[1]))), (max(1, int(wide)), max(1, int(high))), 0, 0, 360, 1, -1
    )
    return np.asarray(pixels_in(lab, mask > 0), np.float32)
