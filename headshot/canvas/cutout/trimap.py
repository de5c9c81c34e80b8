"""Make the trimap: sure person and sure background only where the witnesses agree, unknown in between."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.canvas.cutout.witnesses import Witnesses
from headshot.canvas.cutout.working_copy import WorkingCopy, nearest_is
from headshot.types import F32, U8

Mask = NDArray[np.bool_]


class Trimap(NamedTuple):
    """`known` (h, w) float32: 1 person, 0 background, .5 unknown. `core`: face and ears, which stay person whatever
    else is found; `hair` (bool): where strands are to be expected.
    """

    known: F32
    core: U8
    hair: Mask

    @property
    def person(self) -> Mask:
        return np.asarray(self.known == 1)

    @property
    def background(self) -> Mask:
        return np.asarray(self.known == 0)

    @property
    def unknown(self) -> Mask:
        return np.asarray(self.known == 0.5)


def make_trimap(copy: WorkingCopy, witnesses: Witnesses, person: F32, others: F32) -> Trimap:
    """Decide what is sure. `person`: the joined probability; `others`: how much of it was somebody else's, 0..1.

    The unknown band is wide where hair is, and narrow along clothes and bare skin, where edges are firm.
    """
    hair, head = copy.hair_zone >= 0.5, copy.head_zone >= 0.5
    selfie = witnesses.selfie
    saliency = witnesses.saliency if witnesses.saliency is not None else selfie
    pose = witnesses.pose if witnesses.pose is not None else selfie
    two = (selfie > 0.75).astype(np.uint8) + (saliency > 0.75) + (pose > 0.6) >= 2
    least, most = np.minimum(selfie, saliency), np.maximum(selfie, saliency)
    sure = np.where(head, (least > 0.8) & (pose > 0.35) & (person > 0.85), two & (person > 0.75))
    far = np.where(head, (person < 0.08) & (most < 0.25), (person < 0.25) & (selfie < 0.5))
    somebody = (others > 0.3).astype(np.uint8)
    sure &= somebody == 0
    far |= cv2.erode(somebody, copy.disc(0.05)) > 0
    sure, far = sure.astype(np.uint8), far.astype(np.uint8)
    core = copy.head_core(person)
    inside = np.where(hair, cv2.erode(sure, copy.disc(0.06)), cv2.erode(sure, copy.disc(0.03))) | core
    # What hangs together with the face by way of what is likely: a neck in doubt does not cost the body.
    reached = copy.connected(((person > 0.5) | (copy.face > 0)).astype(np.uint8))
    inside = inside.astype(np.uint8) & reached
    outside = np.where(hair, cv2.erode(far, copy.disc(0.10)), cv2.erode(far, copy.disc(0.035)))
    outside[_beside_bare_skin(copy, inside, core, person)] = 1
    known = np.where(inside > 0, 1.0, np.where(outside > 0, 0.0, 0.5))
    return Trimap(known.astype(np.float32), core, hair)


def _beside_bare_skin(copy: WorkingCopy, inside: U8, core: U8, person: F32) -> Mask:
    """Mark what lies beyond the edge where the nearest sure person is face or ear: bare skin has no strands."""
    beyond = cv2.dilate((person > 0.5).astype(np.uint8), copy.disc(0.04)) == 0
    return np.asarray(nearest_is(inside > 0, core > 0) & (inside == 0) & beyond)
