"""Photo quality after BSI OFIQ (MIT, https://github.com/BSI-OFIQ/OFIQ-Project), reference of ISO/IEC 29794-5.

The scores (0..100, higher is better) are pure functions of numbers, so that they can be checked by hand; the
functions below them read these numbers from pixels and landmarks. Pictures are (h, w, 3) uint8 RGB, landmarks
(478, 3) float32 px in MediaPipe's topology. T is the distance from the midpoint of the eyes to the chin.
"""

from __future__ import annotations

import math

import numpy as np

from headshot.imaging.colour import picture_luminance
from headshot.imaging.landmarks import (
    FACE_OVAL,
    IRISES,
    MID_LIDS,
    MID_LIPS,
    MOUTH,
    between,
    eye_distance,
    eye_to_chin,
)
from headshot.imaging.masks import polygon_mask
from headshot.types import F32, F64, U8

OVER, UNDER = 247.0, 25.0  # luminance 0..255 from and to which a pixel is burnt out or black


def sigmoid(x: float, x0: float, w: float) -> float:
    """Map a figure to 0..1 as OFIQ does: S(x; x0, w) = 1 / (1 + e^((x0 − x) / w))."""
    return 1.0 / (1.0 + math.exp(min(700.0, (x0 - x) / w)))


def _percent(x: float) -> float:
    return min(100.0, max(0.0, x))


# ------------------------------------------------------------------ scores


def inter_eye(eye_px: float, yaw: float = 0.0) -> float:
    """Score the eye distance, px, of a head turned by `yaw` °: 100·S(eye_px / cos yaw; 70, 20)."""
    cos = math.cos(math.radians(yaw))
    if cos < 1e-9:
        return 0.0
    return 100.0 * sigmoid(eye_px / cos, 70.0, 20.0)


def eyes_open(gap: float) -> float:
    """Score the smaller lid gap / T: 100·S(gap; .02, .01)."""
    return 100.0 * sigmoid(gap, 0.02, 0.01)


def mouth_closed(gap: float) -> float:
    """Score the inner lip gap / T: 100·(1 − S(gap; .2, .06))."""
    return 100.0 * (1.0 - sigmoid(gap, 0.2, 0.06))


def over_exposed(share: float) -> float:
    """Score the share 0..1 of the face with luminance ≥ 247: min(100, 1 / (share + .01))."""
    return _percent(1.0 / (share + 0.01))


def under_exposed(share: float) -> float:
    """Score the share 0..1 of the face with luminance ≤ 25: 120·(.832 − S(share; .92, .05)).

    Dark skin counts toward the share, so a low share of light is no fault: warn only above .9.
    """
    return _percent(120.0 * (0.832 - sigmoid(share, 0.92, 0.05)))


def even_light(overlap: float) -> float:
    """Score the overlap 0..1 of the two cheeks' luminance histograms, Σ min(left, right): 100·overlap^.3."""
    return 100.0 * math.pow(min(1.0, max(0.0, overlap)), 0.3)


def dynamic_range(entropy_bits: float) -> float:
    """Score the entropy 0..8 bits of the face's luminance: 12.5·entropy."""
    return _percent(12.5 * entropy_bits)


# ------------------------------------------------------------------ what they are computed from


def lid_gap(landmarks: F32) -> float:
    """Measure the smaller of the two gaps between the lids, as a share of T."""
    return min(between(landmarks, *pair) for pair in MID_LIDS) / max(eye_to_chin(landmarks), 1e-6)


def lip_gap(landmarks: F32) -> float:
    """Measure the gap between the lips' inner edges, as a share of T."""
    return between(landmarks, *MID_LIPS) / max(eye_to_chin(landmarks), 1e-6)


def face_luminance(picture: U8, landmarks: F32) -> F32:
    """Read the luminance 0..255 of the pixels inside the face's oval, (n,) float32; empty if it lies outside."""
    x0, y0, x1, y1 = _clip_box(landmarks[:, :2], picture.shape)
    if x1 <= x0 or y1 <= y0:
        return np.zeros(0, np.float32)
    mask = polygon_mask(landmarks[list(FACE_OVAL), :2] - (x0, y0), (y1 - y0, x1 - x0))
    values: F32 = picture_luminance(picture[y0:y1, x0:x1])[mask > 0]
    return values


def over_exposed_share(face: F32) -> float:
    """Measure the share 0..1 of `face_luminance` at 247 or more."""
    return float(np.mean(face >= OVER)) if face.size else 0.0


def under_exposed_share(face: F32) -> float:
    """Measure the share 0..1 of `face_luminance` at 25 or less."""
    return float(np.mean(face <= UNDER)) if face.size else 0.0


def entropy(face: F32) -> float:
    """Measure the Shannon entropy, 0..8 bits, of `face_luminance` in 256 bins."""
    share = _histogram(face)
    share = share[share > 0]
    return float(-(share * np.log2(share)).sum()) + 0.0


def cheek_squares(landmarks: F32) -> tuple[tuple[int, int, int, int], tuple[int, int, int, int]]:
    """Place OFIQ's two squares of .3 eye distances, (x0, y0, x1, y1) px, the picture's left one first.

    They start half-way from the eyes to the mouth and reach downward, and outward from the eye's centre. They
    follow the face's roll, so that a tilt does not move them onto the nose.
    """
    eyes = landmarks[list(IRISES), :2]
    mouth = landmarks[list(MOUTH), :2]
    if eyes[0, 0] > eyes[1, 0]:
        eyes, mouth = eyes[::-1], mouth[::-1]
    half = 0.15 * eye_distance(landmarks)
    down = mouth.mean(axis=0) - eyes.mean(axis=0)
    down = down / 2.0 + half * down / max(float(np.hypot(*down)), 1e-6)
    along = (eyes[1] - eyes[0]) / max(float(np.hypot(*(eyes[1] - eyes[0]))), 1e-6)
    boxes = []
    for eye, outward in zip(eyes, (-half, half), strict=True):
        cx, cy = eye + down + outward * along
        boxes.append((round(cx - half), round(cy - half), round(cx + half), round(cy + half)))
    return boxes[0], boxes[1]


def cheek_overlap(picture: U8, landmarks: F32) -> float:
    """Measure the overlap 0..1 of the cheeks' luminance histograms, Σ min(left, right); 0 where one lies outside."""
    histograms = []
    for x0, y0, x1, y1 in cheek_squares(landmarks):
        patch = picture[max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)]
        if patch.size == 0:
            return 0.0
        histograms.append(_histogram(picture_luminance(np.ascontiguousarray(patch)).ravel()))
    return float(np.minimum(histograms[0], histograms[1]).sum())


def _histogram(values: F32) -> F64:
    counts = np.bincount(np.clip(np.round(values), 0, 255).astype(np.int64), minlength=256)
    share: F64 = counts / max(1, values.size)
    return share


def _clip_box(points: F32, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    x0, y0 = np.floor(points.min(axis=0)).astype(int)
    x1, y1 = np.ceil(points.max(axis=0)).astype(int) + 1
    return max(int(x0), 0), max(int(y0), 0), min(int(x1), shape[1]), min(int(y1), shape[0])
