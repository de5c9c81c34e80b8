"""Soft maps of the frame: face (with neck and ears), hair, clothes, backdrop. They add up to 1 in each pixel."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.types import F32, U8

# The mesh's outline, and the cheeks' middles whose colour is the person's skin.
_OVAL = (
    10,
    338,
    297,
    332,
    284,
    251,
    389,
    356,
    454,
    323,
    361,
    288,
    397,
    365,
    379,
    378,
    400,
    377,
    152,
    148,
    176,
    149,
    150,
    136,
    172,
    58,
    132,
    93,
    234,
    127,
    162,
    21,
    54,
    103,
    67,
    109,
)
_CHEEKS = (50, 280, 205, 425, 187, 411)


def find_regions(own: U8, matte: F32, landmarks: F32) -> dict[str, F32]:
    """`own` (h, w, 3) uint8, `matte` (h, w), `landmarks` (478, 3) in the same frame."""
    height, width = matte.shape
    ied = float(np.hypot(*(landmarks[468, :2] - landmarks[473, :2])))
    y = np.arange(height, dtype=np.float32)[:, None]
    oval = np.zeros((height, width), np.uint8)
    cv2.fillPoly(oval, [np.round(landmarks[list(_OVAL), :2]).astype(np.int32)], 1)
    face = cv2.GaussianBlur(oval.astype(np.float32), (0, 0), max(1.0, 0.06 * ied))
    chin = float(landmarks[152, 1])
    skin = skin_likeness(own, landmarks, ied)
    neck = skin * (y > chin - 0.3 * ied) * (y < chin + 1.6 * ied)
    near = np.abs(np.arange(width, dtype=np.float32)[None, :] - float(landmarks[152, 0])) < 1.3 * ied
    beside = cv2.dilate(oval, np.ones((3, 3), np.uint8), iterations=max(1, round(0.22 * ied)))
    ears = cv2.GaussianBlur((ruddy(own, landmarks, ied) * beside).astype(np.float32), (0, 0), max(0.8, 0.03 * ied))
    face = np.maximum(face, np.maximum(neck * near, ears * (y > float(landmarks[105, 1]))))
    below = np.clip((y - (chin + 0.15 * ied)) / (0.8 * ied), 0, 1)
    rest = 1 - face
    regions = {
        "face": face * matte,
        "hair": rest * (1 - below) * matte,
        "clothes": rest * below * matte,
        "backdrop": 1 - matte,
    }
    return {name: value.astype(np.float32) for name, value in regions.items()}


def skin_likeness(own: U8, landmarks: F32, ied: float) -> F32:
    """How much a pixel has the cheeks' colour, 0..1, smoothed: neck and ears beside cloth and hair."""
    lab = cv2.cvtColor(own, cv2.COLOR_RGB2LAB).astype(np.float32)
    mean = _cheeks(lab, landmarks, ied)
    if mean is None:
        return np.zeros(own.shape[:2], np.float32)
    d = lab - mean
    distance = np.sqrt((d[..., 0] / 50) ** 2 + (d[..., 1] / 12) ** 2 + (d[..., 2] / 14) ** 2)
    alike = np.clip(1.6 - distance, 0, 1).astype(np.float32)
    return cv2.GaussianBlur(cv2.medianBlur(alike, 5), (0, 0), max(0.8, 0.03 * ied))


def ruddy(own: U8, landmarks: F32, ied: float) -> NDArray[np.bool_]:
    """Where a pixel has the cheeks' hue within 35° and half of their redness: ears are redder and in shadow."""
    lab = cv2.cvtColor(own, cv2.COLOR_RGB2LAB).astype(np.float32)
    mean = _cheeks(lab, landmarks, ied)
    if mean is None:
        return np.zeros(own.shape[:2], bool)
    a, b = lab[..., 1] - 128, lab[..., 2] - 128
    turn = np.degrees(np.arctan2(b, a) - np.arctan2(mean[2] - 128, mean[1] - 128))
    return (a > 0.5 * (mean[1] - 128)) & (np.abs((turn + 180) % 360 - 180) < 35)


def _cheeks(lab: F32, landmarks: F32, ied: float) -> F32 | None:
    """The median 8-bit Lab colour of the cheeks, (3,), or None where they lie outside the picture."""
    height, width = lab.shape[:2]
    r = max(1, int(0.12 * ied))
    samples = []
    for i in _CHEEKS:
        x, y = (int(v) for v in landmarks[i, :2])
        patch = lab[max(0, y - r) : max(0, min(height, y + r)), max(0, x - r) : max(0, min(width, x + r))]
        samples.append(patch.reshape(-1, 3))
    cheeks = np.concatenate(samples)
    return np.median(cheeks, axis=0).astype(np.float32) if len(cheeks) else None
