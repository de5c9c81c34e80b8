"""Take other people out of the person's probability.

Most networks see one blob of people. GrabCut (Rother et al. 2004, OpenCV) splits it by colour, seeded with each face
and the body below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from headshot.canvas.cutout.leaning_over import above_shoulders
from headshot.canvas.cutout.near_view import near_view
from headshot.canvas.cutout.witnesses import Witnesses, one_person
from headshot.canvas.cutout.working_copy import WorkingCopy, without_holes
from headshot.imaging.masks import hull_mask
from headshot.imaging.median import median
from headshot.photo.head import head_box
from headshot.types import F32, U8

_HEAD, _HAIR = 1.4, 2.0  # how far a head reaches, in its box, and above the chin the hair beside it
_NOBODY = 0.15  # probability in a face that is none
_SHOULDERS = 1.2  # head widths from the middle of a body
Box = tuple[float, float, float, float]


def without_false_faces(copy: WorkingCopy, witnesses: Witnesses) -> WorkingCopy:
    """Forget other faces in which no network sees anybody: windows and patterns that look like one have no body."""
    told = [one for one in witnesses if one is not None]

    def is_somebody(marks: F32) -> bool:
        oval = hull_mask(marks[:, :2], copy.picture.shape) > 0
        return not oval.any() or max(float(median(one[oval])) for one in told) >= _NOBODY

    others = tuple(marks for marks in copy.others if is_somebody(marks))
    return copy if len(others) == len(copy.others) else replace(copy, others=others)


def without_other_people(copy: WorkingCopy, person: F32) -> F32:
    """Set other people to 0 in the probability `person` (h, w) of the working copy.

    Down to a little under the chin by the pose network's segmentation of a crop round the wanted head, where it
    follows one person; below by colour. Only people whose face has landmarks are known.
    """
    height, width = person.shape
    boxes = [head_box(o) for o in copy.others]
    near = [b for b in boxes if b[2] > 0 and b[0] < width and b[3] > 0 and b[1] < height]
    if not near:
        return person
    mine = _with_head_by_pose(copy, person, _split_by_colour(copy, person, near))
    return np.where(above_shoulders(copy, person, mine) > 0, 0, mine).astype(np.float32)


def _split_by_colour(copy: WorkingCopy, person: F32, rivals: Sequence[Box]) -> F32:
    own = head_box(copy.marks)
    mine = _distance(copy.size, own) <= np.min([_distance(copy.size, r) for r in rivals], axis=0)
    labels = np.where(mine, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    for rival in rivals:
        _fill(labels, rival, cv2.GC_BGD)
    # Who stands behind, by the height of the chin, has no body in front of the wanted shoulders: these are likely, and
    # the colours decide.
    across = _distance(copy.size, own)
    shoulders = (copy.rows > own[3]) & (across < _SHOULDERS)
    for rival in rivals:
        if rival[3] > own[3] - 0.25 * (own[3] - own[1]):
            shoulders &= across <= _distance(copy.size, rival)
    labels[shoulders] = cv2.GC_PR_FGD
    _fill(labels, own, cv2.GC_FGD)
    labels[person < 0.2] = cv2.GC_BGD
    if not (labels == cv2.GC_FGD).any():
        return person
    cv2.setRNGSeed(1)
    bgr = copy.picture[..., ::-1].copy()
    cv2.grabCut(bgr, labels, None, np.zeros((1, 65)), np.zeros((1, 65)), 4, cv2.GC_INIT_WITH_MASK)
    keep = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.uint8)
    # Nobody stands in the middle of somebody's chest.
    soft = cv2.GaussianBlur(without_holes(cv2.medianBlur(keep, 5)).astype(np.float32), (0, 0), 1.5)
    return np.asarray(person * soft, np.float32)


def _with_head_by_pose(copy: WorkingCopy, person: F32, mine: F32) -> F32:
    _, top, _, bottom = head_box(copy.marks)
    tall = bottom - top
    rows, columns = near_view(copy)
    tight = one_person(np.ascontiguousarray(copy.picture[rows, columns]))
    if tight is None:
        return mine
    one = mine / np.maximum(person, 1e-3)  # beyond the crop the colours decide
    one[rows, columns] = np.clip((tight - 0.25) / 0.35, 0, 1)
    head = np.clip((bottom + 0.15 * tall - copy.rows) / (0.2 * tall), 0, 1)
    joined = head * person * one + (1 - head) * mine
    # What lies between two heads belongs to the nearer one, in the size of each: hair hangs beside a head too.
    own = _from_head(copy, head_box(copy.marks))
    for other in copy.others:
        box = head_box(other)
        theirs = _from_head(copy, box)
        joined[(theirs < own) & (theirs < np.where(copy.rows < box[3], _HAIR, _HEAD))] = 0
        joined[hull_mask(other[:, :2], person.shape) > 0] = 0
    enclosed = without_holes((joined > 0.5).astype(np.uint8))
    return np.asarray(np.where(enclosed, np.maximum(joined, person), joined), np.float32)


def _from_head(copy: WorkingCopy, box: Box) -> F32:
    """Measure each pixel's distance from a head's middle, 1 on the ellipse in its box: (h, w)."""
    x0, y0, x1, y1 = box
    x = np.arange(copy.size[0], dtype=np.float32)[None, :]
    across, down = (x - (x0 + x1) / 2) / (x1 - x0), (copy.rows - (y0 + y1) / 2) / (y1 - y0)
    return np.asarray(2 * np.hypot(across, down), np.float32)


def _distance(size: tuple[int, int], box: Box) -> F32:
    """Distance of each pixel to the box's middle column, in head widths: a body is below its head."""
    x = np.arange(size[0], dtype=np.float32)[None, :]
    across = np.abs(x - (box[0] + box[2]) / 2) / max(float(box[2] - box[0]), 1.0)
    return np.broadcast_to(across, (size[1], size[0]))


def _fill(labels: U8, box: Box, value: int) -> None:
    """Label the face in `box`, and a narrow column of the body below it."""
    x0, y0, x1, y1 = box
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    axes = (max(1, int(0.38 * (x1 - x0))), max(1, int(0.42 * (y1 - y0))))
    cv2.ellipse(labels, (int(cx), int(cy)), axes, 0, 0, 360, int(value), -1)
    collar = (max(1, int(0.36 * (x1 - x0))), max(1, int(0.22 * (y1 - y0))))
    cv2.ellipse(labels, (int(cx), int(y1 + 0.12 * (y1 - y0))), collar, 0, 0, 360, int(value), -1)
    half = 0.25 * (x1 - x0)
    top, foot = int(y1 + 0.3 * (y1 - y0)), labels.shape[0]
    cv2.rectangle(labels, (int(cx - half), top), (int(cx + half), foot), int(value), -1)
