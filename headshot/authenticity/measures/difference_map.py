"""Where two pictures differ: a perceptual difference map and arrows of what moved, on the aligned pair."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from headshot.authenticity.measures.aligned_face import Aligned, Mask
from headshot.authenticity.measures.registration import Registration
from headshot.types import F32, U8

PIXELS_PER_DEGREE = 67.0  # FLIP's own default: a 0.7 m distant 4K monitor of 0.7 m width
# Points that people read a face by: brows, eyes, nose, mouth, jaw.
ARROWS = (
    70,
    105,
    107,
    336,
    334,
    300,
    33,
    159,
    133,
    145,
    362,
    386,
    263,
    374,
    168,
    4,
    98,
    327,
    2,
    61,
    0,
    291,
    17,
    132,
    58,
    136,
    150,
    176,
    152,
    400,
    379,
    365,
    288,
    361,
)


@dataclass(frozen=True, eq=False)
class Difference:
    """`errors`: (h, w) float32 0..1, 0 outside `where`; `mean` over `where`; `picture`: errors in colours."""

    errors: F32
    mean: float
    picture: U8


def difference_map(original: U8, picture: U8, where: Mask | F32 | None = None) -> Difference:
    """Map FLIP (Andersson et al. 2020, https://doi.org/10.1145/3406183) of an aligned, equal-size pair.

    (h, w, 3) uint8 RGB each; `where` (h, w) leaves the background out (a mask or a matte, taken from .5).
    Raises ValueError when the sizes differ.
    """
    import flip_evaluator

    if original.shape != picture.shape:
        raise ValueError(f"the pair must be of equal size, not {original.shape} and {picture.shape}")
    reference, test = (p.astype(np.float32) / 255.0 for p in (original, picture))
    errors, _, _ = flip_evaluator.evaluate(
        reference,
        test,
        "LDR",
        applyMagma=False,
        computeMeanError=False,
        parameters={"ppd": PIXELS_PER_DEGREE},
    )
    errors = np.asarray(errors, np.float32).reshape(original.shape[:2])
    inside = np.ones(errors.shape, bool) if where is None else np.asarray(where, np.float32) >= 0.5
    errors = np.where(inside, errors, 0.0).astype(np.float32)
    mean = float(errors[inside].mean()) if inside.any() else 0.0
    shown = cv2.applyColorMap(np.round(np.clip(errors, 0, 1) * 255).astype(np.uint8), cv2.COLORMAP_MAGMA)
    return Difference(errors, mean, np.ascontiguousarray(shown[:, :, ::-1]))


def arrows(original: Aligned, found: Registration, gain: float = 8.0, least: float = 0.15) -> U8:
    """Draw the original, twice as large, with an arrow at each point that moved, `gain` times as long as the motion.

    Points that moved by less than `least` % of the eye distance get a dot. Same photo only (see same_photo.py).
    """
    size = (2 * original.pixels.shape[1], 2 * original.pixels.shape[0])
    picture = cv2.resize(original.pixels, size, interpolation=cv2.INTER_CUBIC)
    smooth = cv2.GaussianBlur(found.flow, (0, 0), 0.02 * original.eye_px)
    for index in ARROWS:
        x, y = original.landmarks[index, :2]
        column = int(np.clip(round(float(x)), 0, smooth.shape[1] - 1))
        row = int(np.clip(round(float(y)), 0, smooth.shape[0] - 1))
        if not found.seen[row, column]:
            continue
        motion = smooth[row, column]
        start = (round(2 * float(x)), round(2 * float(y)))
        if 100.0 * float(np.hypot(*motion)) / original.eye_px < least:
            cv2.circle(picture, start, 5, (0, 0, 0), -1, cv2.LINE_AA)
            cv2.circle(picture, start, 4, (255, 255, 255), -1, cv2.LINE_AA)
            continue
        length = 2 * gain * float(np.hypot(*motion))
        end = (round(2 * float(x + gain * motion[0])), round(2 * float(y + gain * motion[1])))
        tip = min(0.5, 14 / max(length, 1.0))  # heads of one size, whatever the length
        cv2.arrowedLine(picture, start, end, (0, 0, 0), 9, cv2.LINE_AA, tipLength=tip)
        cv2.arrowedLine(picture, start, end, (255, 190, 60), 5, cv2.LINE_AA, tipLength=tip)
    return np.asarray(picture, np.uint8)


def mark_crop(face: Aligned, at: tuple[float, float], ied: float = 0.4, enlarged: int = 3) -> U8:
    """Cut out a patch of skin, `ied` eye distances wide, `enlarged` times as large; a ring round `at`, crop px."""
    half = round(ied * face.eye_px / 2)
    height, width = face.pixels.shape[:2]
    x, y = (int(np.clip(round(v), half, size - half)) for v, size in zip(at, (width, height), strict=True))
    patch = face.pixels[y - half : y + half, x - half : x + half]
    patch = cv2.resize(patch, None, fx=enlarged, fy=enlarged, interpolation=cv2.INTER_CUBIC)
    centre = tuple(round(enlarged * (v - start + half)) for v, start in zip(at, (x, y), strict=True))
    for colour, line in (((0, 0, 0), 4), ((255, 255, 255), 2)):
        cv2.circle(patch, centre, round(enlarged * 0.3 * half), colour, line, cv2.LINE_AA)
    return np.asarray(patch, np.uint8)
