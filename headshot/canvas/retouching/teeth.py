"""Teeth made no whiter than the whites of the person's own eyes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.canvas.retouching.face_part import FacePart
from headshot.imaging.colour import linear_to_srgb, srgb_to_linear
from headshot.imaging.landmarks import INNER_LIPS, IRISES, LEFT_EYE, LIPS, RIGHT_EYE
from headshot.imaging.median import median, medians
from headshot.types import F32

Mask = NDArray[np.bool_]

_ROOM = 0.1  # eye distances round mouth and eyes that are looked at
_LEAST = 30  # px of teeth and of the whites of the eyes: below that neither's colour is known
_MOST_YELLOW, _MOST_LIGHT = 14.0, 6.0  # CIELAB: what is taken of b*, and added to L*


def whiten_teeth(part: FacePart, amount: float) -> F32:
    """Take yellow from the teeth and lighten them a little, linear light (h, w, 3). `amount` 0..1.

    At 1 their median colour reaches the yellow of the whites of the eyes, and half of their lightness; where no teeth
    or no whites are seen, nothing changes.
    """
    mouth, eyes = part.around(_ROOM, LIPS), part.around(_ROOM, RIGHT_EYE, LEFT_EYE)
    lab, lab_of_eyes = _lab(mouth), _lab(eyes)
    teeth, whites = _teeth(mouth, lab), _whites(eyes, lab_of_eyes)
    if teeth.sum() < _LEAST or whites.sum() < _LEAST:
        return part.linear
    mine, goal = medians(lab[teeth]), medians(lab_of_eyes[whites])
    yellow = np.clip(mine[2] - goal[2], 0, _MOST_YELLOW)
    light = np.clip((goal[0] - mine[0]) / 2, 0, _MOST_LIGHT)
    where = mouth.soft(teeth.astype(np.float32), 0.008) * mouth.filled(INNER_LIPS) * np.float32(amount)
    # No tooth bluer than the whites: those that are as white already stay so.
    beyond = mouth.soft(lab[..., 2], 0.015) - goal[2]
    lab[..., 2] -= np.clip(beyond, 0, yellow) * where
    lab[..., 0] += light * where
    made = srgb_to_linear(np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), 0, 1))
    return part.with_box(mouth, np.where((where > 1e-3)[..., None], made, mouth.linear))


def _lab(part: FacePart) -> F32:
    """Convert a part to CIELAB, (h, w, 3)."""
    return cv2.cvtColor(linear_to_srgb(part.linear).astype(np.float32), cv2.COLOR_RGB2LAB)


def _teeth(part: FacePart, lab: F32) -> Mask:
    """Find what between the lips is bright and less red than they are."""
    mouth = cv2.erode(part.filled(INNER_LIPS), np.ones((3, 3), np.uint8), iterations=max(1, round(0.01 * part.ied))) > 0
    lips = (part.filled(LIPS) > 0) & ~(part.filled(INNER_LIPS) > 0)
    if mouth.sum() < _LEAST or not lips.any():
        return np.zeros(mouth.shape, bool)
    least, red = 0.7 * np.quantile(lab[..., 0][mouth], 0.95), median(lab[..., 1][lips]) - 4
    bright: Mask = mouth & (lab[..., 0] > max(least, 35)) & (lab[..., 1] < red)
    return bright


def _whites(part: FacePart, lab: F32) -> Mask:
    """Find the brighter half of what lies between the lids beside the irises."""
    eyes = cv2.erode(part.filled(RIGHT_EYE, LEFT_EYE), np.ones((3, 3), np.uint8)) > 0
    for centre in IRISES:
        rim = part.points[centre + 1 : centre + 5]
        radius = float(np.hypot(*(rim - part.points[centre]).T).mean())
        x, y = np.round(part.points[centre]).astype(int)
        iris = cv2.circle(np.zeros(eyes.shape, np.uint8), (int(x), int(y)), round(1.15 * radius) + 1, 1, -1)
        eyes &= iris == 0
    if not eyes.any():
        return eyes
    whites: Mask = eyes & (lab[..., 0] >= median(lab[..., 0][eyes]))
    return whites
