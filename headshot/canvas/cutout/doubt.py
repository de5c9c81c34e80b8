"""Say where a cut-out may be wrong, by signs that cost nothing and need no truth.

The limits are our judgement from 53 shared photos that were looked at (docs/log.md): each one that could not be used
shows one of the signs, and none of the 27 that are good as they are. Anew on 239 photos of strangers.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.canvas.cutout.witnesses import Witnesses
from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.imaging.landmarks import NOSE_TIP
from headshot.types import F32, U8, Doubt

# Shares of the face's oval from which a sign counts.
_NEIGHBOUR = 0.5  # of somebody else cut away beside the person
_HEAD_SALIENCY, _HEAD_POSE = 0.13, 0.11  # about the head, on which the networks disagree, in one piece
_HALF_CLEAR = 0.10  # of half-clear area wider than a strand
VEIL = "half clear"  # the id of the sign that has a remedy (headshot/canvas/cutout/veil.py)
_FACE_INSIDE = 0.10  # of another face's own box
_ROUND = 0.2  # of a face's width: the surroundings in which its outline lies


def find_doubts(
    copy: WorkingCopy, witnesses: Witnesses, others: F32, matte: F32, settled: U8 | None = None
) -> tuple[Doubt, ...]:
    """List the signs against a small matte (h, w), the strongest first.

    `others` (h, w): the probability that was taken away as somebody else's; `settled` (h, w) 0 or 1: where the person
    has said by a click what is theirs.
    """
    left = np.ones(matte.shape, bool) if settled is None else settled == 0
    doubts = (Doubt(*sign) for sign in _signs(copy, witnesses, others, matte, left))
    return tuple(sorted((d for d in doubts if d.size >= 1), key=lambda d: -d.size))


def _signs(
    copy: WorkingCopy, witnesses: Witnesses, others: F32, matte: F32, left: NDArray[np.bool_]
) -> Iterator[tuple[str, float, str, U8]]:
    face = float(max(copy.face.sum(), 1))

    def share(mask: NDArray[np.bool_], opened: float = 0.0) -> tuple[float, U8]:
        """The mask's area in face ovals, without what is narrower than twice `opened` eye distances; and the mask."""
        mask = mask & left
        solid = cv2.erode(mask.astype(np.uint8), copy.disc(opened)) if opened else mask.astype(np.uint8)
        where = cv2.dilate(solid, copy.disc(opened)) if opened else solid
        return float(solid.sum()) / face, where & (copy.face == 0)  # a face is nobody else's, whatever a network says

    beside, where = share(others > 0.3)
    yield "neighbour", beside / _NEIGHBOUR, "somebody beside you had to be cut away", where
    hair = "it is not clear what belongs to your hair, a hat or your collar"
    if witnesses.saliency is not None:
        unlike, where = share(_disputed(copy, witnesses.selfie, witnesses.saliency, witnesses.pose, matte), 0.06)
        yield "head", unlike / _HEAD_SALIENCY, hair, where
    if witnesses.pose is not None:
        unlike, where = share(_disputed(copy, witnesses.selfie, witnesses.pose, witnesses.saliency, matte), 0.12)
        yield "head", unlike / _HEAD_POSE, hair, where
    else:
        below = (matte > 0.1) & (copy.rows > copy.chin)
        yield "body", 1.0, "your shoulders were not recognised as one person's", below.astype(np.uint8)
    veil, where = share((matte > 0.1) & (matte < 0.9), 0.04)
    yield VEIL, veil / _HALF_CLEAR, "parts of the edge are half clear", where
    inside, where = 0.0, np.zeros(matte.shape, np.uint8)
    for box in _face_boxes(copy, matte):
        if (mean := float(matte[box].mean())) >= inside:
            inside, where = mean, np.zeros(matte.shape, np.uint8)
            where[box] = 1
    yield "face", inside / _FACE_INSIDE, "part of somebody else's face is left", where


def _disputed(copy: WorkingCopy, one: F32, other: F32, third: F32 | None, matte: F32) -> NDArray[np.bool_]:
    """Mark where about the head two networks contradict each other, but for where the third bears the cut-out out.

    Of 32 photos in which the other alone contradicted the selfie network, the third and the cut-out, 29 were right.
    """
    apart = (copy.head_zone > 0.5) & (np.abs(one - other) > 0.5)
    if third is None:
        return np.asarray(apart)
    cut = matte > 0.5
    return np.asarray(apart & ~(((one > 0.5) == cut) & ((third > 0.5) == cut)))


def _face_boxes(copy: WorkingCopy, matte: F32) -> Iterator[tuple[slice, slice]]:
    """The other faces as far as they lie in the working copy, but for what looks like one in the person's own clothes.

    There the person is all round it, and it has no mesh: folds and stains, a print. A face has a mesh, or an edge.
    """
    width, height = copy.size

    def within(x0: float, y0: float, x1: float, y1: float) -> tuple[slice, slice]:
        return slice(max(0, int(y0)), min(height, int(y1))), slice(max(0, int(x0)), min(width, int(x1)))

    for x0, y0, x1, y1 in copy.other_boxes:
        rows, columns = within(x0, y0, x1, y1)
        if rows.start >= rows.stop or columns.start >= columns.stop:
            continue
        rim = _ROUND * (x1 - x0)
        has_mesh = any(x0 < x < x1 and y0 < y < y1 for x, y in (marks[NOSE_TIP, :2] for marks in copy.others))
        if has_mesh or y0 < copy.chin or matte[within(x0 - rim, y0 - rim, x1 + rim, y1 + rim)].min() < 0.5:
            yield rows, columns
