"""BlazeFace: faces of a picture as boxes with six points each (both eyes, nose, mouth, both ears)."""

from __future__ import annotations

import math

from headshot.photo.networks.boxes import Detector, Find
from headshot.photo.networks.region import Region, wrapped

# The thresholds are MediaPipe's own; for full range its graph heeds no other.
FULL_RANGE = Detector("face_detector_full_range", 192, ((4, 1),), 0.6)  # small faces too
SHORT_RANGE = Detector("face_detector_short_range", 128, ((8, 2), (16, 6)), 0.5)  # a face that fills the picture


def mesh_region(face: Find) -> Region:
    """Where the face mesh looks: a square of 1.5 box sides, turned so that the eyes lie level."""
    (ax, ay), (bx, by) = face.points[:2]
    x0, y0, x1, y1 = face.box
    side = 1.5 * max(x1 - x0, y1 - y0)
    return Region((x0 + x1) / 2, (y0 + y1) / 2, side, side, wrapped(math.atan2(by - ay, bx - ax)))
