"""Take other people out of the person mask.

The segmentation sees one blob of people. GrabCut (Rother et al. 2004, OpenCV) splits it by colour, seeded with
each face and the body below it.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from headshot.photo.head import head_box
from headshot.types import F32, U8

_HEIGHT = 320  # px: the split is coarse, the matting that follows is fine


def without_other_people(part: U8, soft: F32, marks: F32, others: Sequence[F32]) -> F32:
    """Set other people to 0 in the person probability `soft` (h, w) of a picture.

    `marks` of the main person, `others` of each other one: (n, 2) px in the picture.
    """
    height, width = soft.shape
    boxes = [head_box(o) for o in others]
    near = [b for b in boxes if b[2] > 0 and b[0] < width and b[3] > 0 and b[1] < height]
    if not near:
        return soft
    scale = min(1.0, _HEIGHT / height)
    size = (max(2, round(width * scale)), max(2, round(height * scale)))
    small = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
    person = cv2.resize(soft, size, interpolation=cv2.INTER_AREA)
    own = np.array(head_box(marks)) * scale
    rivals = [np.array(b) * scale for b in near]

    mine = _distance(size, own) <= np.min([_distance(size, r) for r in rivals], axis=0)
    labels = np.where(mine, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    for rival in rivals:
        _fill(labels, rival, cv2.GC_BGD)
    _fill(labels, own, cv2.GC_FGD)
    labels[person < 0.2] = cv2.GC_BGD
    if not (labels == cv2.GC_FGD).any():
        return soft
    cv2.setRNGSeed(1)
    cv2.grabCut(small[..., ::-1].copy(), labels, None, np.zeros((1, 65)), np.zeros((1, 65)), 4, cv2.GC_INIT_WITH_MASK)
    keep = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.float32)
    keep = cv2.GaussianBlur(cv2.medianBlur(keep.astype(np.uint8), 5).astype(np.float32), (0, 0), 1.5)
    return soft * cv2.resize(keep, (width, height), interpolation=cv2.INTER_LINEAR)


def _distance(size: tuple[int, int], box: F32) -> F32:
    """Distance of each pixel to the box's middle column, in head widths: a body is below its head."""
    x = np.arange(size[0], dtype=np.float32)[None, :]
    across = np.abs(x - (box[0] + box[2]) / 2) / max(float(box[2] - box[0]), 1.0)
    return np.broadcast_to(across, (size[1], size[0]))


def _fill(labels: U8, box: F32, value: int) -> None:
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
