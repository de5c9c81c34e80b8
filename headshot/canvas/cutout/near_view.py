"""Show a network the head from nearer: it sees finer edges there, and mistakes other things for the person."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from headshot.canvas.cutout.logits import logit, sigmoid
from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.photo.head import head_box
from headshot.types import F32, U8

_ACROSS, _UP, _DOWN = 0.8, 0.4, 1.4  # head heights: to each side of its middle, and over and below its top
_FADE = 0.5  # eye distances, over which it begins to count at its borders
_MOST = 0.85  # of the working copy: a larger part is nothing new


def seen_twice(copy: WorkingCopy, far: F32, network: Callable[[U8], F32]) -> F32:
    """Join a network's answer for the whole working copy, `far` (h, w) 0..1, with its answer for the head alone.

    `network` gives (h, w) float32 0..1 for a picture (h, w, 3). The mean of both as log odds, where both were asked.
    """
    rows, columns = near_view(copy)
    shape = (rows.stop - rows.start, columns.stop - columns.start)
    if shape[0] * shape[1] > _MOST * far.size:
        return far
    near = network(np.ascontiguousarray(copy.picture[rows, columns]))
    counts = np.minimum(_rising(rows, copy.size[1], copy.eye_px)[:, None], _rising(columns, copy.size[0], copy.eye_px))
    joined = logit(far)
    joined[rows, columns] = (joined[rows, columns] + counts * logit(near)) / (1 + counts)
    return sigmoid(joined)


def near_view(copy: WorkingCopy) -> tuple[slice, slice]:
    """Find the rows and columns of the working copy that hold the head and little else."""
    left, top, right, bottom = head_box(copy.marks)
    tall, middle = bottom - top, (left + right) / 2
    width, height = copy.size
    return (
        slice(max(0, int(top - _UP * tall)), min(height, int(top + _DOWN * tall))),
        slice(max(0, int(middle - _ACROSS * tall)), min(width, int(middle + _ACROSS * tall))),
    )


def _rising(span: slice, whole: int, eye_px: float) -> F32:
    """Rise from 0 at the borders of a view to 1 inside, but not at those that are the picture's own: (n,)."""
    place = np.arange(span.start, span.stop, dtype=np.float32)
    first = place - span.start if span.start > 0 else np.full_like(place, np.inf)
    last = span.stop - 1 - place if span.stop < whole else np.full_like(place, np.inf)
    return np.asarray(np.clip(np.minimum(first, last) / (_FADE * eye_px), 0, 1), np.float32)
