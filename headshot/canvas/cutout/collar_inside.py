"""Keep the inside of a wide collar or a helmet's ring beside the neck: it is dark, and the networks differ on it.

What lies between a neck and what is worn beside it is a gap where hair hangs there, and the inside of clothes where the
networks that know bodies take it for the person, though it is not salient.
"""

from __future__ import annotations

import cv2
import numpy as np

from headshot.canvas.cutout.colour_cells import share_near
from headshot.canvas.cutout.witnesses import Witnesses
from headshot.canvas.cutout.working_copy import WorkingCopy, touching
from headshot.imaging.landmarks import NOSE_BASE
from headshot.types import F32, U8

_ACROSS, _BELOW = 1.6, 1.2  # eye distances: the widest such gap, and how far below the chin it is looked for
_WIDE, _LEAST = 0.06, 0.05  # eye distances: half the width of a gap; its least share of the face's oval
_LIKELY, _DOUBTED = 0.5, 0.1  # mean probability of a gap, and that of each pixel of what hangs on to it
_ALIKE, _SOME = 1.0, 0.01  # steps between colours, and share of a gap that has a colour of it
_REACH = 0.5  # eye distances that the inside goes on over the gap


def with_collar_inside(copy: WorkingCopy, matte: F32, witnesses: Witnesses) -> F32:
    """Fill the gaps of a matte (h, w) 0..1 between neck and collar which both networks of bodies call the person."""
    if witnesses.pose is None:
        return matte
    found = _gaps_beside_neck(copy, matte)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(found)
    inside = np.zeros(matte.shape, np.uint8)
    for one in range(1, count):
        gap = labels == one
        likely = min(float(witnesses.selfie[gap].mean()), float(witnesses.pose[gap].mean())) > _LIKELY
        if likely and stats[one, cv2.CC_STAT_AREA] > _LEAST * float(copy.face.sum()):
            inside |= _whole(copy, gap.astype(np.uint8), witnesses.selfie)
    if not inside.any():
        return matte
    solid = cv2.morphologyEx(inside | (matte > 0.5).astype(np.uint8), cv2.MORPH_CLOSE, copy.disc(_WIDE))
    solid &= cv2.dilate(inside, copy.disc(_WIDE))
    soft = cv2.GaussianBlur(solid.astype(np.float32), (0, 0), 0.02 * copy.eye_px)
    return np.asarray(np.maximum(matte, soft.clip(0, 1)), np.float32)


def _gaps_beside_neck(copy: WorkingCopy, matte: F32) -> U8:
    """Mark what is not the person and has the person near by to its left and right: (h, w) 0 or 1."""
    person, columns = matte > 0.5, np.arange(matte.shape[1])
    left = np.maximum.accumulate(np.where(person, columns, -(10**6)), axis=1)
    right = np.minimum.accumulate(np.where(person, columns, 10**6)[:, ::-1], axis=1)[:, ::-1]
    beside = (copy.rows > float(copy.marks[NOSE_BASE, 1])) & (copy.rows < copy.chin + _BELOW * copy.eye_px)
    gap = ~person & (right - left < _ACROSS * copy.eye_px) & beside
    return np.asarray(cv2.morphologyEx(gap.astype(np.uint8), cv2.MORPH_OPEN, copy.disc(_WIDE)), np.uint8)


def _whole(copy: WorkingCopy, gap: U8, selfie: F32) -> U8:
    """Add to a gap (h, w) 0 or 1 what goes on in its colours."""
    cells = copy.cells
    asked = (cv2.dilate(gap, copy.disc(_REACH)) > 0) & (selfie > _DOUBTED)
    more = gap.copy()
    more[asked] |= (share_near(cells[asked], cells[gap > 0], _ALIKE) > _SOME).astype(np.uint8)
    more = cv2.morphologyEx(more, cv2.MORPH_OPEN, copy.disc(_WIDE)) | gap
    return np.asarray(touching(more, gap), np.uint8)
