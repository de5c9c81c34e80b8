"""How much wider and higher a part of the face became, by the flow of its pixels: a robust local affine."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from headshot.authenticity.measures.aligned_face import Mask
from headshot.authenticity.measures.head_view import agreed
from headshot.authenticity.measures.registration import Registration
from headshot.imaging.masks import places_in
from headshot.imaging.median import median
from headshot.types import F64

Indices = NDArray[np.intp]

STEADY = 0.75  # halves of planted edits have .9 of the whole's change and more


def steady_scale(found: Registration, where: Mask) -> tuple[float, float]:
    """Measure the change of width and height inside `where`, %, as far as its four halves agree.

    0 where one of them disagrees, the smallest of them where one has less than STEADY of the whole's.

    What was made wider is wider on each side of it, to .6% in planted edits. What a codec or a generator's decoder did
    to the pixels leads the flow in one half and not in the other.
    """
    y, x = places_in(where)
    halves = (x < x.mean(), x >= x.mean(), y < y.mean(), y >= y.mean())
    parts = [(y, x), *((y[half][::2], x[half][::2]) for half in halves)]
    scales = [100.0 * np.diag(_gradient_at(found, *part)) for part in parts]
    width, height = (steady([float(s[axis]) for s in scales]) for axis in (0, 1))
    return width, height


def steady(changes: Sequence[float]) -> float:
    """Give a change of a whole, the first of `changes`, as far as those of its parts, the others, bear it out."""
    least = reduce(agreed, changes)
    return changes[0] if abs(least) >= STEADY * abs(changes[0]) else least


def local_gradient(found: Registration, where: Mask) -> F64:
    """(2, 2) gradient G of the flow inside `where`: flow ≈ G·(x − mean) + shift, by reweighted least squares.

    Pixels that could not be followed (low correlation) count little.
    """
    return _gradient_at(found, *places_in(where))


def _gradient_at(found: Registration, y: Indices, x: Indices) -> F64:
    trust = np.clip(found.correlation[y, x], 0.0, 1.0).astype(np.float64) ** 2 + 1e-3
    design = np.stack([x - x.mean(), y - y.mean(), np.ones(len(x))])
    target = np.ascontiguousarray(found.flow[y, x].T, np.float64)
    weight = trust
    solution = np.zeros((2, 3))
    for _ in range(6):
        weighted = design * weight
        solution = np.linalg.solve(weighted @ design.T, weighted @ target.T).T
        squares = ((target - solution @ design) ** 2).sum(axis=0)
        spread = max(0.05, 1.4826 * math.sqrt(float(median(squares))))
        weight = trust / (1.0 + squares / (2.0 * spread) ** 2)
    gradient: F64 = solution[:, :2]
    return gradient
