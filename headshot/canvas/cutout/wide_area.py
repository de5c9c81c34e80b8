"""Wide unknown areas of the body: there the outline is that of what is likely, made calm, and not the solver's.

A white suit before its white pack, a hatch behind a shoulder, a dark collar before a dark room: the solver follows
seams and folds of the background to a ragged shoulder, and each pixel's own colour makes it mottled. Strands are none.
"""

from __future__ import annotations

import cv2
import numpy as np

from headshot.canvas.cutout.colour_seeds import hair_apart
from headshot.canvas.cutout.trimap import Mask, Trimap
from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.imaging.landmarks import NOSE_BASE
from headshot.types import F32

_WIDE = 0.18  # eye distances: half the width from which an unknown area is no edge
_CHIN, _NOSE = 0.4, 0.2  # eye distances over which it begins round the chin, and below the nose's base
_OFF_HAIR, _FADE = 0.5, 0.15  # hair zone below which no strands are expected, and over which that begins
_BESIDE = 0.7  # least of 90% of an area's pixels: how plainly the nearest sure person is no hair
_CALM, _FIRM = 0.1, 2.0  # eye distances over which what is likely is averaged, and what its contrast is raised by


def wide_of_body(copy: WorkingCopy, trimap: Trimap) -> F32:
    """Measure 1 in wide unknown areas where no strands are to be expected, else 0: (h, w).

    From the chin down; from the nose's base down where that is off the hair, or where all that is sure beside it
    is plainly no hair.
    """
    wide = cv2.morphologyEx(trimap.unknown.astype(np.uint8), cv2.MORPH_OPEN, copy.disc(_WIDE))
    below_chin = np.clip((copy.rows - copy.chin) / (_CHIN * copy.eye_px) + 0.5, 0, 1)
    below_nose = np.clip((copy.rows - float(copy.marks[NOSE_BASE, 1])) / (_NOSE * copy.eye_px), 0, 1)
    off_hair = np.clip((_OFF_HAIR - copy.hair_zone) / _FADE, 0, 1)
    beside = (wide > 0) & (below_nose > 0) & (below_chin < 1)
    if beside.any():
        off_hair = np.maximum(off_hair, _beside_no_hair(copy, trimap, beside))
    return np.asarray(wide * np.maximum(below_chin, below_nose * off_hair), np.float32)


def calmed(copy: WorkingCopy, trimap: Trimap, likely: F32, wide: F32) -> F32:
    """Average what is `likely` (h, w) 0..1 over the areas that are `wide`, and make it firmer."""
    if not (wide > 0).any():
        return likely
    settled = np.where(trimap.person, 1, np.where(trimap.background, 0, likely)).astype(np.float32)
    mean = cv2.GaussianBlur(settled, (0, 0), _CALM * copy.eye_px)
    calm = np.clip(0.5 + _FIRM * (mean - 0.5), 0, 1)
    return np.asarray(likely + wide * (calm - likely), np.float32)


def _beside_no_hair(copy: WorkingCopy, trimap: Trimap, wide: Mask) -> Mask:
    """Mark the pieces of `wide` (h, w) whose nearest sure person has none of the hair's colours."""
    person = trimap.person
    _, nearest = cv2.distanceTransformWithLabels(
        (~person).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    of_label = np.zeros((int(nearest.max()) + 1, 3), np.float32)
    of_label[nearest[person]] = cv2.blur(copy.colours, (3, 3))[person]
    labels, at = np.unique(nearest[wide], return_inverse=True)
    apart = np.zeros(wide.shape, np.float32)
    higher = np.where(copy.rows < float(copy.marks[NOSE_BASE, 1]), person, 0).astype(np.float32)  # no collar is hair
    apart[wide] = hair_apart(copy, higher, of_label[labels])[at]
    count, pieces = cv2.connectedComponents(wide.astype(np.uint8))
    keep = [0 < one and np.percentile(apart[pieces == one], 10) > _BESIDE for one in range(count)]
    return np.asarray(np.array(keep)[pieces], bool)
