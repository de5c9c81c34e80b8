"""Two pictures of one person in one frame: eyes level, equally far apart and at one place, equal in size.

A similarity warp by the eyes' corners alone: no face is bent to fit the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from headshot.imaging.landmarks import eye_centre_distance, eye_centres, eyes_box
from headshot.imaging.warp import level_eyes, transform_points, warp_low_passed
from headshot.language import tr
from headshot.types import F32, U8

# The frame in eye distances from the eyes' middle: the least that shows the face, and the most that is useful.
LEAST = (1.6, 1.6, 2.4)  # to each side, up, down
MOST = (3.4, 3.1, 5.2)
TURNED_BACK = "The second picture is the first with left and right swapped; it is shown turned back."
SURROUND = (217, 214, 209)  # where a picture has no pixels: the page's own surround, so that nothing is made up


@dataclass(frozen=True, eq=False)
class AlignedPair:
    """`original`, `picture`: (h, w, 3) uint8 of one size; landmarks (478, 3) float32 in their px.

    `eye_px`: between the eyes' middles, px, the same in both. `enlarged`: frame px for one px of each source,
    original first (above 1: the source has fewer pixels than are shown). `mirrored`: the picture is the original with
    left and right swapped, and is shown turned back.
    """

    original: U8
    picture: U8
    original_landmarks: F32
    picture_landmarks: F32
    eye_px: float
    enlarged: tuple[float, float]
    mirrored: bool = False

    @property
    def eyes(self) -> tuple[float, float, float, float]:
        """(x0, y0, x1, y1) round both eyes, px."""
        return eyes_box(eye_centres(self.original_landmarks), self.eye_px)

    @property
    def note(self) -> str:
        """One plain line on how the two were brought together."""
        least, most = min(self.enlarged), max(self.enlarged)
        line = f"{tr(TURNED_BACK)} " if self.mirrored else ""
        line += tr("Eyes on one line and equally far apart, nothing bent.")
        if most > 1.5 * max(least, 1.0):
            words = (
                tr("The original has fewer pixels and is shown {most:.1f} times as large.")
                if self.enlarged[0] > self.enlarged[1]
                else tr("The picture has fewer pixels and is shown {most:.1f} times as large.")
            )
            line += f" {tr(words, most=most)}"
        return line


def align_pair(
    original: U8,
    original_landmarks: F32,
    picture: U8,
    picture_landmarks: F32,
    *,
    longest: int = 1200,
    mirrored: bool = False,
) -> AlignedPair:
    """Bring both into one frame, as wide as both pictures have pixels for, between LEAST and MOST.

    Pictures (h, w, 3) uint8 of any sizes, landmarks (478, 3) px in each; `longest` side of the frame, px. The
    finer of the two keeps its pixels where `longest` allows. `mirrored`: the picture given was turned back already.
    Raises ValueError when two eyes coincide.
    """
    pairs = ((original, original_landmarks), (picture, picture_landmarks))
    side, up, down = _frame([(p.shape[1], p.shape[0], m) for p, m in pairs])
    eye_px = min(max(eye_centre_distance(m) for _, m in pairs), longest / max(2 * side, up + down))
    size = (round(2 * side * eye_px), round((up + down) * eye_px))
    middle = (size[0] / 2, up * eye_px)
    (first, points, scale), (second, others, zoom) = (_warp(p, m, eye_px, middle, size) for p, m in pairs)
    return AlignedPair(first, second, points, others, eye_px, (scale, zoom), mirrored)


def portrait(pixels: U8, landmarks: F32, height: int = 420) -> U8:
    """Frame one face as in every other call: (height, 0.8 height, 3) uint8, for line-ups."""
    eye_px = height / 4.6
    size = (round(0.8 * height), height)
    return _warp(pixels, landmarks, eye_px, (size[0] / 2, 0.42 * height), size)[0]


def _frame(pictures: Sequence[tuple[int, int, F32]]) -> tuple[float, float, float]:
    """To each side, up and down from the eyes' middle, in eye distances: the most for which all (width, height,
    landmarks) have pixels up to the frame's corners, within MOST; LEAST where they have none.
    """
    reach = []
    for width, height, marks in pictures:
        middle, eye_px = eye_centres(marks).mean(axis=0), eye_centre_distance(marks)
        reach.append((min(middle[0], width - middle[0]) / eye_px, middle[1] / eye_px, (height - middle[1]) / eye_px))
    low = np.array(LEAST)
    high = np.clip(np.min(reach, axis=0), LEAST, MOST)
    for share in np.linspace(1, 0, 26):
        side, up, down = low + share * (high - low)
        if all(_covers(picture, side, up, down) for picture in pictures):
            break
    return float(side), float(up), float(down)


def _covers(picture: tuple[int, int, F32], side: float, up: float, down: float) -> bool:
    """Whether the frame, tilted as the eyes are, lies inside the picture."""
    width, height, marks = picture
    eyes = eye_centres(marks)
    across = eyes[1] - eyes[0]
    below = np.array([-across[1], across[0]])
    corners = np.array([eyes.mean(axis=0) + x * across + y * below for x in (-side, side) for y in (-up, down)])
    return bool((corners >= 0).all() and (corners <= (width, height)).all())


def _warp(
    picture: U8, landmarks: F32, eye_px: float, middle: tuple[float, float], size: tuple[int, int]
) -> tuple[U8, F32, float]:
    matrix, scale = level_eyes(landmarks, eye_px, middle)
    out = warp_low_passed(picture, matrix, size, scale, border=cv2.BORDER_CONSTANT, colour=SURROUND)
    return out, transform_points(landmarks.astype(np.float64), matrix), scale
