"""Open the gap between neck and hair, through which the background is seen and which the networks fill.

At 256 pixels across a whole bust such a gap is a few pixels wide: they are less sure of it than of hair and skin, and
yet call it the person. Its colour is neither skin's nor hair's nor cloth's.
"""

from __future__ import annotations

import cv2
import numpy as np

from headshot.canvas.cutout.colour_cells import share_near
from headshot.canvas.cutout.logits import logit, sigmoid
from headshot.canvas.cutout.trimap import Mask, Trimap
from headshot.canvas.cutout.witnesses import Witnesses
from headshot.canvas.cutout.working_copy import WorkingCopy, touching
from headshot.imaging.landmarks import NOSE_BASE
from headshot.types import F32, U8

_LEANING, _DOUBTED, _TRUSTED = 0.5, 0.93, 0.94  # the lesser of two probabilities: for it, in doubt, an example
_NEAR = 0.8  # eye distances, within which the person's colours are looked for
_UNLIKE = 1.2  # steps to a colour of the person's
_OWN, _SOME = 0.001, 0.01  # of the person near by that may have a gap's colour, and that of what hangs on to it
_BELOW = 0.6  # eye distances below the chin, down to which a gap is looked for
_WIDE, _SMALLEST = 0.06, 0.03  # eye distances: half the width of a gap, and of what hangs on to it
_LEAST = 100  # pixels of examples
_MOST = 1.0  # square eye distances: one that was true has .2, the shoulder of somebody who leans 4
_BESIDE, _NECK, _AMONG = 0.12, 0.05, 0.3  # eye distances round it; how much of that is bare neck, and is the person
_ABOVE, _HAIR = (0.15, 0.3), 0.6  # eye distances over it; how much of that is hair
_RIM = 0.04  # eye distances round it that are unknown again
_MISLED, _WEIGHT = 0.4, 2.0  # eye distances round it in which the networks fill, and the logits by which


def without_neck_gap(copy: WorkingCopy, trimap: Trimap, witnesses: Witnesses, person: F32) -> tuple[Trimap, F32]:
    """Make background of the gaps between bare neck and hair; doubt the networks' `person` (h, w) 0..1 beside them."""
    gap = _gaps(copy, trimap, witnesses)
    if not gap.any():
        return trimap, person
    known = trimap.known.copy()
    rim = cv2.dilate(gap, copy.disc(_RIM)) > 0
    known[rim & trimap.person & (trimap.core == 0)] = 0.5
    known[gap > 0] = 0
    misled = (cv2.dilate(gap, copy.disc(_MISLED)) > 0) & (known != 1)
    doubted = np.where(misled, sigmoid(logit(person) - _WEIGHT), person)
    return trimap._replace(known=known), np.asarray(doubted, np.float32)


def _gaps(copy: WorkingCopy, trimap: Trimap, witnesses: Witnesses) -> U8:
    """Find the gaps between neck and hair, 0 or 1."""
    none = np.zeros(copy.picture.shape[:2], np.uint8)
    least = witnesses.selfie if witnesses.saliency is None else np.minimum(witnesses.selfie, witnesses.saliency)
    beside = (copy.rows > float(copy.marks[NOSE_BASE, 1])) & (copy.rows < copy.chin + _BELOW * copy.eye_px)
    doubtful = (least > _LEANING) & (least < _DOUBTED) & (trimap.known > 0) & (trimap.core == 0) & (copy.face == 0)
    doubtful = (doubtful & beside).astype(np.uint8)
    asked = touching(doubtful, cv2.morphologyEx(doubtful, cv2.MORPH_OPEN, copy.disc(_WIDE))) > 0
    if not asked.any():
        return none
    away = cv2.distanceTransform((~asked).astype(np.uint8), cv2.DIST_L2, 3)
    examples = trimap.person & (least > _TRUSTED) & (away < _NEAR * copy.eye_px)
    if np.count_nonzero(examples) < _LEAST:
        return none
    cells = copy.cells
    own = np.ones(none.shape)
    own[asked] = share_near(cells[asked], cells[examples], _UNLIKE)
    found = cv2.morphologyEx((own < _OWN).astype(np.uint8), cv2.MORPH_OPEN, copy.disc(_WIDE))
    gap = _between_neck_and_hair(copy, trimap, np.asarray(found, np.uint8))
    if not gap.any():
        return none
    along = cv2.morphologyEx((own < _SOME).astype(np.uint8), cv2.MORPH_OPEN, copy.disc(_SMALLEST))
    whole = touching(np.asarray(along | gap, np.uint8), gap)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(whole)
    small = stats[:, cv2.CC_STAT_AREA] <= _MOST * copy.eye_px**2
    return np.where(small[labels], whole, np.uint8(0))


def _between_neck_and_hair(copy: WorkingCopy, trimap: Trimap, found: U8) -> U8:
    """Keep the pieces of `found` (h, w) 0 or 1 that have sure bare neck beside them and sure hair over them.

    The dark inside of a helmet's ring lies beside the neck too, and so does a collar; over those is no hair.
    """
    if not found.any():
        return found
    skin = trimap.person & copy.is_skin
    hair = trimap.person & ~skin & (copy.face == 0)
    count, labels = cv2.connectedComponents(found)
    keep = np.zeros(count, np.uint8)
    for one in range(1, count):
        piece = np.asarray(labels == one, np.uint8)
        around = (cv2.dilate(piece, copy.disc(_BESIDE)) > 0) & (piece == 0)
        over = _over(copy, piece)
        keep[one] = (
            around.any()
            and over.any()
            and skin[around].mean() >= _NECK
            and trimap.person[around].mean() >= _AMONG
            and hair[over].mean() >= _HAIR
        )
    return np.asarray(keep[labels], np.uint8)


def _over(copy: WorkingCopy, piece: U8) -> Mask:
    """Mark what lies a little above a piece (h, w) 0 or 1, and not in it."""
    least, most = (max(1, round(share * copy.eye_px)) for share in _ABOVE)
    over = np.zeros_like(piece)
    for up in range(least, most + 1):
        over[:-up] |= piece[up:]
    return np.asarray((over > 0) & (piece == 0))
