"""Take a person's word for a place: it belongs to them or does not, with what hangs together with it by colour."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from headshot.canvas.cutout.trimap import Trimap
from headshot.canvas.cutout.working_copy import WorkingCopy, touching
from headshot.direction.places import read_places
from headshot.types import F32, U8, CutoutSettings

_REACH = 1.2  # eye distances from the click, at most
_ALIKE = (26, 10, 10)  # 8-bit Lab units that a colour may differ from the clicked one
_LEAST = 0.08  # eye distances round the click that are taken in any case
_RING = 0.12  # eye distances round it all that are solved anew


class Clicked(NamedTuple):
    """Masks (h, w) uint8 of the working copy, 0 or 1: `keep` is the person, `drop` is not, `ring` is open anew."""

    keep: U8
    drop: U8
    ring: U8

    @property
    def settled(self) -> U8:
        """All that the person has answered for."""
        return np.asarray(self.keep | self.drop | self.ring, np.uint8)


def read_clicks(copy: WorkingCopy, settings: CutoutSettings) -> Clicked | None:
    """Grow the clicks that lie in the working copy to areas; None where there is none. A face is never dropped."""
    keep, drop = _grown(copy, settings.keep), _grown(copy, settings.drop)
    drop &= cv2.erode(copy.face, copy.disc(0.10)) == 0
    keep &= drop == 0
    both = keep | drop
    if not both.any():
        return None
    ring = cv2.dilate(both, copy.disc(_RING)) & (both == 0) & (copy.face == 0)
    return Clicked(keep, drop, ring)


def settle(trimap: Trimap, clicked: Clicked) -> Trimap:
    """Make sure what was clicked, and unknown what lies round it."""
    known = np.where(clicked.keep > 0, 1.0, np.where(clicked.drop > 0, 0.0, trimap.known))
    open_again = (clicked.ring > 0) & (trimap.core == 0)
    core = np.asarray(trimap.core & (clicked.drop == 0), np.uint8)
    return trimap._replace(known=np.where(open_again, 0.5, known).astype(np.float32), core=core)


def undecided(person: F32, clicked: Clicked) -> F32:
    """Take the networks' word away where they were corrected, so that the colours decide: (h, w) float32 0..1."""
    person = np.where(clicked.keep > 0, 1, np.where(clicked.drop > 0, 0, person))
    return np.where(clicked.ring > 0, 0.5 + 0.3 * (person - 0.5), person).astype(np.float32)


def _grown(copy: WorkingCopy, text: str) -> U8:
    """Flood the working copy from each place by colour: (h, w) uint8, 0 or 1."""
    width, height = copy.size
    smooth = cv2.cvtColor(cv2.medianBlur(copy.picture, 5), cv2.COLOR_RGB2LAB)
    area = np.zeros((height, width), np.uint8)
    for x, y in read_places(text):
        at = copy.place(x, y)
        if not (0 <= at[0] < width and 0 <= at[1] < height):
            continue
        barred = np.ones((height + 2, width + 2), np.uint8)
        cv2.circle(barred, (at[0] + 1, at[1] + 1), round(_REACH * copy.eye_px), 0, -1)
        barred[[0, -1]], barred[:, [0, -1]] = 1, 1
        before = barred.copy()
        cv2.floodFill(smooth, barred, at, 0, _ALIKE, _ALIKE, 8 | cv2.FLOODFILL_FIXED_RANGE | cv2.FLOODFILL_MASK_ONLY)
        found = (barred != before)[1:-1, 1:-1].astype(np.uint8)
        solid = cv2.morphologyEx(found, cv2.MORPH_OPEN, copy.disc(0.03))
        least = np.zeros_like(area)
        cv2.circle(least, at, max(2, round(_LEAST * copy.eye_px)), 1, -1)
        reached = touching(solid | least, least)
        area |= cv2.morphologyEx(reached, cv2.MORPH_CLOSE, copy.disc(0.06))
    return area
