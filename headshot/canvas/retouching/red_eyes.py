"""Red eyes: a flash sent back by the retina, taken out of the pupil; the catch-light stays."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.canvas.retouching.face_part import FacePart
from headshot.imaging.colour import luminance
from headshot.imaging.landmarks import IRISES, LEFT_EYE, RIGHT_EYE
from headshot.imaging.median import median
from headshot.types import F32

_RED = (1.3, 1.8)  # times the redness of the face's own skin (red over the mean of green and blue, linear light)
_LEAST = 2.2  # of that redness: a brown iris reaches 2
_DARK = 0.08  # linear light: what a flash sends back is bright, the brown of a dark iris is not
_ROOM = 0.2  # eye distances round the eyes that are worked on
_INSIDE = 0.75  # of the iris' radius: a flash comes back through the pupil


def calm_red_eyes(part: FacePart, amount: float) -> F32:
    """Bring a red pupil's red down to its green and blue, linear light (h, w, 3). `amount` 0..1.

    Between the lids, inside the irises, and only where it is redder than the person's skin and than any brown iris. A
    catch-light is white, so it stays.
    """
    sure = part.linear[part.skin > 0.8]
    if len(sure) < 50:
        return part.linear
    usual = max(float(median(_redness(sure))), _LEAST / _RED[0])
    eyes = part.around(_ROOM, RIGHT_EYE, LEFT_EYE)
    made, redness = eyes.linear, _redness(eyes.linear)
    low, high = (usual * times for times in _RED)
    red = np.clip((redness - low) / (high - low), 0, 1) * np.clip((made[..., 0] - _DARK) / _DARK, 0, 1)
    irises = np.zeros(red.shape, np.float32)
    for centre in IRISES:
        rim = eyes.points[centre + 1 : centre + 5]
        radius = float(np.hypot(*(rim - eyes.points[centre]).T).mean())
        x, y = np.round(eyes.points[centre]).astype(int)
        cv2.circle(irises, (int(x), int(y)), max(1, round(_INSIDE * radius)), 1.0, -1)
    lids = np.ones((3, 3), np.uint8)
    irises *= cv2.erode(eyes.filled(RIGHT_EYE, LEFT_EYE), lids, iterations=max(1, round(0.01 * part.ied)))
    share = np.float32(amount) * eyes.soft((red * irises).astype(np.float32), 0.004) * irises
    if not (share > 1e-3).any():
        return part.linear
    calm = made.copy()
    calm[..., 0] += share * np.minimum((made[..., 1] + made[..., 2]) / 2 - made[..., 0], 0)
    dark = 1 - 0.3 * share * np.clip(luminance(made) / 0.5, 0, 1)  # a pupil is darker than what it sent back
    return part.with_box(eyes, np.where((share > 1e-3)[..., None], calm * dark[..., None], made))


def _redness(linear: F32) -> F32:
    """Measure red over the mean of green and blue, linear light (…, 3)."""
    return np.asarray(linear[..., 0] / np.maximum((linear[..., 1] + linear[..., 2]) / 2, 1e-2), np.float32)
