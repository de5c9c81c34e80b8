"""How the expression differs: a note, since a smile is no fault."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headshot.authenticity.measures.aligned_face import Aligned, Mask
from headshot.authenticity.measures.registration import Registration
from headshot.imaging.masks import pixels_in

FLOOR = 4.0  # % of the eye distance: JPEG, light and framing alone move the mesh by up to 3.8
# The same by the registration: JPEG 60, WebP 35, light, half size and VAEs move the corners by up to .6 on eight faces;
# raised by 4% they read 3.4 to 3.7, by 8% 6.4 to 7.0.
CORNERS, CORNERS_FLOOR = "mouth corners", 1.5


def floor(part: str) -> float:
    """Give the % of the eye distance from which a part's change is worth a word."""
    return CORNERS_FLOOR if part == CORNERS else FLOOR


@dataclass(frozen=True)
class Change:
    """`part`: "mouth corners", "mouth opening", "mouth width", "eye opening" or "brows"; `percent` of the eye distance,
    signed.
    """

    part: str
    percent: float

    @property
    def noticed(self) -> bool:
        """Whether it is more than the measure itself moves by."""
        return abs(self.percent) >= floor(self.part)


_CORNERS, _MIDDLE = (61, 291), (0, 17)
_FOLLOWED = 0.5  # local correlation

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


def corners_raised(original: Aligned, found: Registration) -> float:
    """Measure how far the corners of the mouth went up against the lips' middle, % of the eye distance.

    By the registration, same photo only: the mesh smiles little when the corners alone do. The mean of the flow within
    .06 IED of each; 0 where the mouth could not be followed.
    """
    places = [_around(original, found, point) for point in (*_CORNERS, *_MIDDLE)]
    if any(found.correlation[p].mean() < _FOLLOWED if p.any() else True for p in places):
        return 0.0
    right, left, upper, lower = (float(pixels_in(found.flow, p)[:, 1].mean()) for p in places)
    return 100.0 * ((upper + lower) / 2.0 - (right + left) / 2.0) / found.eye_px


def _around(original: Aligned, found: Registration, point: int) -> Mask:
    height, width = found.flow.shape[:2]
    at = original.landmarks[point, :2]
    squared = (np.arange(width)[None, :] - at[0]) ** 2 + (np.arange(height)[:, None] - at[1]) ** 2
    return np.asarray((squared <= (0.06 * found.eye_px) ** 2) & found.seen)


def expression_change(original: Aligned, picture: Aligned, found: Registration | None = None) -> Change:
    """Find the part that changed most, picture minus original. `found`: their registration, of the same photo.

    The mesh softens small changes, and a turned head moves them too: this names a change, it does not measure muscles
    (FACS action units 25, 12, 43 and 1 in spirit).
    """
    before, after = expression(original), expression(picture)
    changes = [Change(part, after[part] - before[part]) for part in PARTS]
    if found is not None:
        changes.append(Change(CORNERS, corners_raised(original, found)))
    return max(changes, key=lambda c: abs(c.percent) / floor(c.part))
