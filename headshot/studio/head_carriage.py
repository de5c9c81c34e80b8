"""How a picture carries the head against its photo, framed alike: tilted, the eyes brought to one height or opened."""

from __future__ import annotations

from headshot.canvas.reshape.face_axes import FaceAxes
from headshot.imaging.landmarks import MID_LIDS
from headshot.types import F32


def head_tilt(before: F32, after: F32) -> float:
    """Measure how far the head was turned, degrees, to the viewer's right above 0; landmarks (478, 3) px."""
    return (FaceAxes(after).roll - FaceAxes(before).roll + 180) % 360 - 180


def eyes_levelled(before: F32, after: F32) -> float:
    """Measure how much of the eyes' difference in height was taken, % of the eye distance; landmarks as `head_tilt`."""
    return 100 * abs(FaceAxes(before).unlevel - FaceAxes(after).unlevel)


def eyes_opened(before: F32, after: F32) -> float:
    """Measure how much higher the eyes are between their lids, %, lower below 0; landmarks as `head_tilt`."""
    opening = [
        sum(abs(float(face.points[a, 1] - face.points[b, 1])) for a, b in MID_LIDS)
        for face in (FaceAxes(before), FaceAxes(after))
    ]
    return 100 * (opening[1] / max(opening[0], 1e-6) - 1)
