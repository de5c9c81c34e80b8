"""What MediaPipe's detectors share: boxes and points from anchors (SSD, Liu et al. 2016), and weighted suppression.

Reference: Bazarevsky et al., BlazeFace (2019), for the weighted mean instead of the best box alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from headshot.photo.networks.activation import sigmoid
from headshot.photo.networks.region import Region
from headshot.photo.networks.session import run
from headshot.types import F32, F64, U8

_OVERLAP = 0.3  # intersection over union above which two finds are the same


class Find(NamedTuple):
    """`box` (4,) px x0, y0, x1, y1; `points` (n, 2) px; `score` 0..1."""

    box: F64
    points: F64
    score: float


class Detector(NamedTuple):
    """A network that answers for anchors: its input's side in px, and (stride in px, anchors at each place)."""

    name: str
    side: int
    strides: tuple[tuple[int, int], ...]
    least: float  # score

    def find(self, pixels: U8) -> list[Find]:
        """The best first. The picture is seen whole, with black bars beside or above it."""
        whole = Region.around(pixels)
        raw, logits = run(self.name, whole.sample(pixels, self.side, low=-1.0, black_outside=True))
        scores = sigmoid(logits[0, :, 0])
        kept = np.flatnonzero(scores >= self.least)
        pairs = raw[0, kept].reshape(len(kept), raw.shape[2] // 2, 2) / self.side
        at = _anchors(self.side, self.strides)[kept]
        centre, size, points = pairs[:, 0] + at, pairs[:, 1], pairs[:, 2:] + at[:, None]
        rows = np.concatenate([centre - size / 2, centre + size / 2, points.reshape(len(kept), raw.shape[2] - 4)], 1)
        corner = np.array([whole.x, whole.y]) - whole.width / 2
        found = []
        for row, score in _suppressed(rows, scores[kept]):
            xy = row.reshape(-1, 2) * whole.width + corner
            found.append(Find(xy[:2].ravel(), xy[2:], score))
        return found


@cache
def _anchors(side: int, strides: Sequence[tuple[int, int]]) -> F32:
    """(n, 2) float32 centres, 0..1."""
    grids = []
    for stride, each in strides:
        n = side // stride
        y, x = np.mgrid[:n, :n]
        grids.append(np.repeat(np.stack([(x + 0.5) / n, (y + 0.5) / n], -1).reshape(-1, 2), each, 0))
    return np.concatenate(grids).astype(np.float32)


def _suppressed(rows: F32, scores: F32) -> list[tuple[F64, float]]:
    """Rows that begin with a box: each the mean, weighted by score, of all that overlap the best one left."""
    left, found = np.argsort(-scores, kind="stable"), []
    while len(left):
        best = left[0]
        near = _overlaps(rows[best], rows[left]) > _OVERLAP
        if not near.any():  # a box of no size
            found.append((rows[best].astype(np.float64), float(scores[best])))
            left = left[1:]
            continue
        weights = scores[left[near], None]
        mean = (rows[left[near]] * weights).sum(0) / weights.sum()
        found.append((mean.astype(np.float64), float(scores[best])))
        left = left[~near]
    return found


def _overlaps(box: F32, rows: F32) -> F32:
    """Intersection over union of a box with the boxes of all rows."""
    size = np.minimum(box[2:4], rows[:, 2:4]) - np.maximum(box[:2], rows[:, :2])
    common = np.where((size > 0).all(1), size.prod(1), 0.0)
    areas = (rows[:, 2:4] - rows[:, :2]).prod(1)
    union = (box[2:4] - box[:2]).prod() + areas - common
    return np.asarray(np.divide(common, union, out=np.zeros_like(common), where=common > 0), np.float32)
