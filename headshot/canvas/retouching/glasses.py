"""Whether the face wears glasses: the lines that a frame draws across the bridge of the nose and below the eyes."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.canvas.retouching.face_part import FacePart
from headshot.imaging.colour import linear_to_srgb
from headshot.imaging.landmarks import IRISES
from headshot.types import F32

_EYE_PX = 100.0  # px between the eyes of the crop that is looked at
_CROP, _EYES = (300, 200), (150.0, 90.0)  # px: its width and height, where the middle of the eyes lies in it
_BRIDGE = ((-10, 26), (-16, 17))  # px below and beside that middle: where a frame crosses the nose
_RIM = (22, 56)  # px from an iris: where a frame runs round it
_ROUND = (-25, 150, 3)  # degrees below the outward level: the part of it that no brow and no nose lies on
_FLAT = 0.9  # of its width: a lens' height
_LINE = ((1.2, 4.0), (1.6, 4.5))  # sigma in px of a line and of what is round it: on the bridge, of a rim
_STEP = ((-3.0, 9.0), (-2.0, 6.0))  # L* that a piece of a line counts for at least and at most, likewise
_WORN = (3.2, 3.9)  # L*, the geometric mean of both lines: from a face without to one with glasses


def glasses_worn(part: FacePart) -> float:
    """Weigh 0..1 whether a frame of glasses is seen on the face. Rimless ones are not.

    A line that is darker than what lies above and below it, followed from one side of the bridge to the other (the
    best path), and one round the outer and lower side of the eye where it is clearer. Either alone is a fold, a
    fringe or a shadow: docs/log.md has both on 52 photos.
    """
    light, eyes = _upright(part)
    (top, bottom), (left, right) = _BRIDGE
    x, y = round(_EYES[0]), round(_EYES[1])
    bridge = _darker(light[: y + 60, x + left : x + right], (1.5, 1.5), _LINE[0])[y + top : y + bottom]
    across = _path(np.clip(bridge.T, *_STEP[0]))
    turn = np.radians(np.arange(*_ROUND))[:, None]
    away = np.arange(_RIM[0] - 4, _RIM[1] + 4, dtype=np.float32)
    rims = []
    for (ex, ey), outwards in zip(eyes, (-1, 1), strict=True):
        columns, rows = ex + outwards * np.cos(turn) * away, ey + _FLAT * np.sin(turn) * away
        rays = cv2.remap(
            light,
            np.asarray(columns, np.float32),
            np.asarray(rows, np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        smooth = cv2.GaussianBlur(np.asarray(rays, np.float32), (1, 7), sigmaX=0.1, sigmaY=1.0)
        rims.append(_path(np.clip(_darker(smooth.T, (0.1, 0.1), _LINE[1]).T[:, 4:-4], *_STEP[1])))
    seen = float(np.sqrt(max(across, 0) * max(*rims, 0)))
    return float(np.clip((seen - _WORN[0]) / (_WORN[1] - _WORN[0]), 0, 1))


def _upright(part: FacePart) -> tuple[F32, F32]:
    """The eyes' surroundings in L* (h, w), level and at one size, and the irises in it, (2, 2) px."""
    first, second = (part.points[i].astype(np.float64) for i in IRISES)
    middle, across = (first + second) / 2, second - first
    size = max(float(np.hypot(*across)), 1e-3)
    turn = cv2.getRotationMatrix2D(
        (float(middle[0]), float(middle[1])), float(np.degrees(np.arctan2(across[1], across[0]))), _EYE_PX / size
    )
    turn[:, 2] += np.array(_EYES) - middle
    codes = linear_to_srgb(part.linear).astype(np.float32)
    if size > 1.2 * _EYE_PX:
        codes = cv2.GaussianBlur(codes, (0, 0), 0.45 * size / _EYE_PX)
    crop = cv2.warpAffine(codes, turn, _CROP, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    eyes = np.stack([first, second]) @ turn[:, :2].T + turn[:, 2]
    return np.asarray(cv2.cvtColor(crop, cv2.COLOR_RGB2LAB)[..., 0], np.float32), eyes.astype(np.float32)


def _darker(light: F32, along: tuple[float, float], across: tuple[float, float]) -> F32:
    """How much darker each place is than right above and below it, L* (h, w)."""
    near, far = (cv2.GaussianBlur(light, (0, 0), sigmaX=a, sigmaY=b) for a, b in zip(along, across, strict=True))
    return np.asarray(far - near, np.float32)


def _path(line: F32) -> float:
    """The mean along the best way through the rows of (n, m), a step to the side at most in each."""
    best = line[0]
    for row in line[1:]:
        sides = np.pad(best, 1, constant_values=-np.inf)
        best = np.maximum.reduce([sides[:-2], sides[1:-1], sides[2:]]) + row
    return float(best.max()) / len(line)
