"""Red eyes: a flash sent back by the retina, taken out of the pupil; the catch-light stays."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.canvas.retouching.face_part import FacePart
from headshot.imaging.colour import luminance
from headshot.imaging.landmarks import IRISES, LEFT_EYE, RIGHT_EYE
from headshot.types import F32

_RED = (1.3, 1.8)  # times the redness of the face's own skin (red over the mean of green and blue, linear light)
_LEAST = 2.2  # of that redness: a brown iris reaches 2
_DARK = 0.08  # linear light: what a flash sends back is bright, the brown of a dark iris is not
_INSIDE = 0.75  # of the iris' radius: a flash comes back through the pupil


def calm_red_eyes(part: FacePart, amount: float) -> F32:
    """Bring a red pupil's red down to its green and blue, linear light (h, w, 3). `amount` 0..1.

    Between the lids, inside the irises, and only where it is redder than the person's skin and than any brown iris. A
    catch-light is white, so it stays.
    """
    made = part.linear
    sure = part.skin > 0.8
    if sure.sum() < 50:
        return made
    others = (made[..., 1] + made[..., 2]) / 2
    redness = made[..., 0] / np.maximum(others, 1e-2)
    usual = max(float(np.median(redness[sure])), _LEAST / _RED[0])
    low, high = (usual * times for times in _RED)
    red = np.clip((redness - low) / (high - low), 0, 1) * np.clip((made[..., 0] - _DARK) / _DARK, 0, 1)
    irises = np.zeros(red.shape, np.float32)
    for centre in IRISES:
        rim = part.points[centre + 1 : centre + 5]
        radius = float(np.hypot(*(rim - part.points[centre]).T).mean())
        x, y = np.round(part.points[centre]).astype(int)
        cv2.circle(irises, (int(x), int(y)), max(1, round(_INSIDE * radius)), 1.0, -1)
    lids = np.ones((3, 3), np.uint8)
    irises *= cv2.erode(part.filled(RIGHT_EYE, LEFT_EYE), lids, iterations=max(1, round(0.01 * part.ied)))
    share = np.float32(amount) * part.soft((red * irises).astype(np.float32), 0.004) * irises
    if not (share > 1e-3).any():
        return made
    calm = made.copy()
    calm[..., 0] += share * np.minimum(others - made[..., 0], 0)
    dark = 1 - 0.3 * share * np.clip(luminance(made) / 0.5, 0, 1)  # a pupil is darker than what it sent back
    return np.where((share > 1e-3)[..., None], calm * dark[..., None], made).astype(np.float32)
