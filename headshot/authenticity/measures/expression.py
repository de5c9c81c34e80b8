"""How the expression differs: a note, since a smile is no fault."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headshot.authenticity.measures.aligned_face import Aligned

FLOOR = 4.0  # % of the eye distance: JPEG, light and framing alone move the mesh by up to 3.8


@dataclass(frozen=True)
class Change:
    """`part`: "mouth opening", "mouth width", "eye opening" or "brows"; `percent` of the eye distance, signed."""

    part: str
    percent: float


# Pairs of points in MediaPipe's mesh whose distance each part is (a mean where there are two).
PARTS: dict[str, tuple[tuple[int, int], ...]] = {
    "mouth opening": ((13, 14),),
    "mouth width": ((61, 291),),
    "eye opening": ((159, 145), (386, 374)),
    "brows": ((105, 159), (334, 386)),
}


def expression(face: Aligned) -> dict[str, float]:
    """Measure for each part its distance in the mesh, as % of the eye distance."""
    points = face.landmarks[:, :2].astype(np.float64)
    return {
        part: 100.0 * float(np.mean([np.hypot(*(points[a] - points[b])) for a, b in pairs])) / face.eye_px
        for part, pairs in PARTS.items()
    }


def expression_change(original: Aligned, picture: Aligned) -> Change:
    """Find the part that changed most, picture minus original. The mesh softens small changes, and a turned head moves
    them too: this names a change, it does not measure muscles (FACS action units 25, 12, 43 and 1 in spirit)."""
    before, after = expression(original), expression(picture)
    part = max(PARTS, key=lambda p: abs(after[p] - before[p]))
    return Change(part, after[part] - before[part])
