"""A frame of glasses that came or went: the line that it draws across the bridge of the nose."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.authenticity.measures.aligned_face import EYE_PX, Aligned
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.imaging.landmarks import eyes_middle

MIN_EYE_PX = 45.0  # at 33 px a fringe that reached the brows read as a frame
# In eye distances: half the width looked at, how far above and below the eyes' line, the line's own fineness and
# that of what surrounds it, and the detail that is left in.
HALF_WIDTH, REACH, LINE, AROUND, DETAIL = 0.07, 0.28, 0.025, 0.0625, 40.0


def bridge(face: Aligned) -> float:
    """Measure the strength of the strongest level line across the bridge of the nose, in L* (0 to 100).

    Rows of L* between the eyes are averaged over .14 of the eye distance, which keeps what runs level; then the
    largest |DoG| along the column (the usual edge test at the bridge, as in Jiang et al. 2000, "Towards detection
    of glasses in facial images", https://doi.org/10.1007/s100440070004). Rimless glasses and thin wire are hardly
    seen. Raises Unmeasurable where the picture ends there.
    """
    unit = face.eye_px
    fine = 0.5 * np.sqrt((EYE_PX / DETAIL) ** 2 - 1.0) * unit / EYE_PX
    light = face.lightness
    x, y = eyes_middle(face.landmarks)
    rows = slice(max(0, round(float(y - REACH * unit))), round(float(y + REACH * unit)))
    columns = slice(round(float(x - HALF_WIDTH * unit)), round(float(x + HALF_WIDTH * unit)))
    if not face.inside[rows, columns].all():
        raise Unmeasurable("the picture ends at the bridge of the nose.")
    profile = cv2.GaussianBlur(light, (0, 0), fine)[rows, columns].mean(axis=1)[:, None]
    line = cv2.GaussianBlur(profile, (0, 0), LINE * unit) - cv2.GaussianBlur(profile, (0, 0), AROUND * unit)
    return float(np.abs(line).max())


def glasses_change(original: Aligned, picture: Aligned) -> float:
    """Measure how much stronger the line across the bridge became, in L*: over 0 a frame came, under 0 it went.

    Needs 45 px between the eyes in both.
    """
    return bridge(picture) - bridge(original)
