"""Divide the frame into soft maps: face (with neck and ears), hair, clothes, backdrop."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.canvas.reshape.motion import Motion
from headshot.imaging.landmarks import CHIN, FACE_OVAL, eye_distance
from headshot.imaging.masks import polygon_mask
from headshot.imaging.median import medians
from headshot.types import F32, U8

# The cheeks' middles, whose colour is the person's skin.
_CHEEKS = (50, 280, 205, 425, 187, 411)
_EYES = 60  # px
_HUE = math.cos(math.radians(35))
_SOFT = 0.2  # eye distances to either side of a bound, over which a map begins and ends


def find_regions(foreground: U8, matte: F32, landmarks: F32) -> dict[str, F32]:
    """Divide a frame into "face", "hair", "clothes" and "backdrop": (h, w) float32 each, 1 together in each pixel.

    `foreground` (h, w, 3) uint8: the person's colours; `matte` (h, w), `landmarks` (478, 3) px in the same frame.
    """
    height, width = matte.shape
    eye_px = eye_distance(landmarks)
    # The face's bounds are soft: they are found where the eyes lie about _EYES px apart, at every size of the frame.
    size = tuple(max(1, side // max(1, round(eye_px / _EYES))) for side in (width, height))
    scale = np.array([size[0] / width, size[1] / height, 1], np.float32)
    small = cv2.resize(foreground, size, interpolation=cv2.INTER_AREA)
    face = cv2.resize(_face(np.asarray(small, np.uint8), landmarks * scale), (width, height))
    chin = float(landmarks[CHIN, 1])
    below = np.clip((np.arange(height, dtype=np.float32) - (chin + 0.15 * eye_px)) / (0.8 * eye_px), 0, 1)[:, None]
    faces = face * matte
    rest = matte - faces
    clothes = rest * below
    return {"face": faces, "hair": rest - clothes, "clothes": clothes, "backdrop": 1 - matte}


class MovedRegions(Mapping[str, F32]):
    """The soft maps of a frame after a `motion`, each moved when it is asked for; they divide its moved `matte`."""

    def __init__(self, before: Mapping[str, F32], motion: Motion, matte: F32) -> None:
        self._before, self._motion, self._matte = before, motion, matte
        self._moved: dict[str, F32] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._before)

    def __len__(self) -> int:
        return len(self._before)

    def __getitem__(self, name: str) -> F32:
        if name not in self._moved:
            self._moved[name] = self._map(name)
        return self._moved[name]

    def _map(self, name: str) -> F32:
        match name:
            case "face":
                return np.minimum(self._motion.moved(self._before[name], cv2.INTER_LINEAR), self._matte)
            case "clothes":
                rest = self._matte - self["face"]
                return np.minimum(self._motion.moved(self._before[name], cv2.INTER_LINEAR), rest)
            case "hair":
                return self._matte - self["face"] - self["clothes"]
            case "backdrop":
                return 1 - self._matte
        raise KeyError(name)


def _face(foreground: U8, landmarks: F32) -> F32:
    """Map the face with neck and ears: (h, w) float32, 0..1."""
    height, width = foreground.shape[:2]
    eye_px = eye_distance(landmarks)
    y = np.arange(height, dtype=np.float32)[:, None]
    oval = polygon_mask(landmarks[list(FACE_OVAL), :2], (height, width))
    face = cv2.GaussianBlur(oval.astype(np.float32), (0, 0), max(1.0, 0.06 * eye_px))
    chin = float(landmarks[CHIN, 1])
    skin = skin_similarity(foreground, landmarks, eye_px)
    # Each bound is soft: what is done to a face would end in a line there.
    aside = np.abs(np.arange(width, dtype=np.float32)[None, :] - float(landmarks[CHIN, 0]))
    neck = skin * _above(y - chin, -0.3 * eye_px, eye_px) * _above(chin - y, -1.6 * eye_px, eye_px)
    near = _above(-aside, -1.3 * eye_px, eye_px)
    beside = cv2.dilate(oval, np.ones((3, 3), np.uint8), iterations=max(1, round(0.22 * eye_px)))
    ears = (has_cheek_hue(foreground, landmarks, eye_px) * beside).astype(np.float32)
    ears = cv2.GaussianBlur(ears, (0, 0), max(0.8, 0.03 * eye_px))
    ears *= _above(y, float(landmarks[105, 1]), eye_px)
    return np.maximum(face, np.maximum(neck * near, ears)).clip(0, 1)


def _above(values: F32, bound: float, eye_px: float) -> F32:
    """Weigh 0..1 what lies above a bound, over _SOFT eye distances to either side of it."""
    t = np.clip((values - np.float32(bound)) / np.float32(2 * _SOFT * eye_px) + np.float32(0.5), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def skin_similarity(foreground: U8, landmarks: F32, eye_px: float) -> F32:
    """Measure how near each pixel is to the cheeks' colour, 0..1, smoothed: tells neck and ears from cloth and hair."""
    lab = cv2.cvtColor(foreground, cv2.COLOR_RGB2LAB).astype(np.float32)
    mean = _cheeks(lab, landmarks, eye_px)
    if mean is None:
        return np.zeros(foreground.shape[:2], np.float32)
    d = lab - mean
    distance = np.sqrt((d[..., 0] / 50) ** 2 + (d[..., 1] / 12) ** 2 + (d[..., 2] / 14) ** 2)
    alike = np.clip(1.6 - distance, 0, 1).astype(np.float32)
    return cv2.GaussianBlur(cv2.medianBlur(alike, 5), (0, 0), max(0.8, 0.03 * eye_px))


def has_cheek_hue(foreground: U8, landmarks: F32, eye_px: float) -> NDArray[np.bool_]:
    """Mark pixels within 35° of the cheeks' hue and with half of their redness: ears are redder and in shadow."""
    lab = cv2.cvtColor(foreground, cv2.COLOR_RGB2LAB).astype(np.float32)
    mean = _cheeks(lab, landmarks, eye_px)
    if mean is None:
        return np.zeros(foreground.shape[:2], bool)
    a, b = lab[..., 1] - 128, lab[..., 2] - 128
    cheek_a, cheek_b = mean[1:] - 128
    along = a * cheek_a + b * cheek_b  # the product of both chromas and the cosine between them
    least = np.float32(_HUE) * np.hypot(cheek_a, cheek_b) * np.sqrt(a * a + b * b)
    return np.asarray((a > 0.5 * cheek_a) & (along > least), bool)


def _cheeks(lab: F32, landmarks: F32, eye_px: float) -> F32 | None:
    """The median 8-bit Lab colour of the cheeks, (3,), or None where they lie outside the picture."""
    height, width = lab.shape[:2]
    r = max(1, int(0.12 * eye_px))
    samples = []
    for i in _CHEEKS:
        x, y = (int(v) for v in landmarks[i, :2])
        patch = lab[max(0, y - r) : max(0, min(height, y + r)), max(0, x - r) : max(0, min(width, x + r))]
        samples.append(patch.reshape(-1, 3))
    cheeks = np.concatenate(samples)
    return medians(cheeks).astype(np.float32) if len(cheeks) else None
