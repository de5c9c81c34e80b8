"""Weigh the witnesses' answers into one probability that a pixel is the person."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.canvas.cutout.colour_cells import share_near
from headshot.canvas.cutout.logits import logit, sigmoid
from headshot.canvas.cutout.trimap import Mask
from headshot.canvas.cutout.witnesses import Witnesses
from headshot.canvas.cutout.working_copy import WorkingCopy, touching
from headshot.imaging.landmarks import eyes_middle
from headshot.types import F32, U8

_DENIED, _DOUBTED = 0.5, 0.85  # probability by selfie segmentation of what it denies, and of what hangs on to that
_WIDE, _REACH = 0.1, 0.4  # eye distances: half the width of what it denies, and how far that reaches
_BELOW = 1.0  # eye distances below the chin, down to which it is looked for: lower are hands and things in them
_ALIKE, _NEAR = 0.9, 1.5  # steps between colours; eye distances from a piece to the background it is held against
_HAIRS, _RARE = 1.5, 0.007  # times the background that a piece has the colours of the hair, and by what share more


def weighed(copy: WorkingCopy, witnesses: Witnesses) -> F32:
    """Join the witnesses by a weighted mean of their logits: (h, w) float32 0..1.

    In the hair the three count nearly alike; on the body, of which U²-NetP drops shoulders and hands in close
    portraits, it counts least. Pose fills the gap between hair and shoulder: it may claim no more than the bolder of
    the others. What is not connected to the face (somebody else, a poster) becomes 0.
    """
    lead = copy.head_zone
    weights = [0.50 - 0.10 * lead]
    bolder = logit(witnesses.selfie)
    total = weights[0] * bolder
    if witnesses.saliency is not None:
        salient = logit(witnesses.saliency)
        weights.append(0.15 + 0.15 * lead)
        total, bolder = total + weights[-1] * salient, np.maximum(bolder, salient)
    if witnesses.pose is not None:
        weights.append(0.35 - 0.05 * lead)
        total = total + weights[-1] * np.minimum(logit(witnesses.pose), bolder)
    return joined_to_face(copy, _without_denied(copy, witnesses, sigmoid(total / sum(weights))))


def _without_denied(copy: WorkingCopy, witnesses: Witnesses, person: F32) -> F32:
    """Set the probability `person` (h, w) 0..1 to 0 in wide areas beside face and neck that selfie segmentation denies.

    What shows through a visor is salient, and pose fills all beside a neck; the network that knows bodies says no. But
    it says no to ponytails too, which have the colours of the hair and not those of the background.
    """
    selfie = witnesses.selfie
    beside = (copy.rows > float(eyes_middle(copy.marks)[1])) & (copy.rows < copy.chin + _BELOW * copy.eye_px)
    denied = ((person > 0.5) & (selfie < _DENIED) & beside & (copy.face == 0)).astype(np.uint8)
    wide = cv2.morphologyEx(denied, cv2.MORPH_OPEN, copy.disc(_WIDE))
    if not wide.any():
        return person
    doubted = ((selfie < _DOUBTED) & (copy.face == 0)).astype(np.uint8)
    gone = touching(cv2.dilate(wide, copy.disc(_REACH)) & doubted, wide)
    hair = _own_hair(copy, witnesses, gone & (person > 0.5))
    return np.where((gone > 0) & ~hair, 0, person).astype(np.float32)


def _own_hair(copy: WorkingCopy, witnesses: Witnesses, pieces: U8) -> Mask:
    """Mark the `pieces` (h, w) 0 or 1 that have the hair's colours; none where somebody else is there to have them."""
    hair = (witnesses.agreed > 0.9) & (copy.hair_zone > 0.5) & (copy.face == 0) & ~copy.is_skin
    own = np.zeros(pieces.shape, bool)
    if copy.others or not hair.any():
        return own
    nobody = np.maximum.reduce([one for one in witnesses if one is not None]) < 0.1
    count, labels = cv2.connectedComponents(pieces)
    for one in range(1, count):
        piece = labels == one
        behind = nobody & copy.within(_NEAR, piece)
        if behind.any():
            asked = copy.cells[piece]
            by_hair, by_wall = (share_near(asked, copy.cells[side], _ALIKE).mean() for side in (hair, behind))
            own |= piece & bool(by_hair >= _HAIRS * by_wall + _RARE)
    return own


def joined_to_face(copy: WorkingCopy, person: F32) -> F32:
    """Set the probability to 0 where it is not connected to the face."""
    whole = copy.connected(((person > 0.5) | (copy.face > 0)).astype(np.uint8))
    near = cv2.dilate(whole, copy.disc(0.15))
    return np.where(near > 0, person, 0).astype(np.float32)
