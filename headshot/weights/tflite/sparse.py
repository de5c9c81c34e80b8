"""Unpacks TensorFlow Lite's sparse tensors (the TACO format of Kjolstad et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Level:
    """One dimension: `size` entries where it is dense, else `indices` cut into `segments`, as in a CSR matrix."""

    size: int
    segments: Array | None = None
    indices: Array | None = None


def densify(
    values: Array, shape: Sequence[int], levels: Sequence[Level], order: Sequence[int], blocks: Sequence[int]
) -> Array:
    """The full tensor of `shape` from its stored `values` (n,).

    `levels` come in storage order: first the dimensions `order[:len(shape)]`, then the inside of each block,
    whose dimension is `blocks[order[i] - len(shape)]`. Raises ValueError where the numbers do not fit.
    """
    at: Array = np.zeros(1, np.int64)  # where each path through the levels stands in the level that was read last
    places: list[Array] = []
    for level in levels:
        if level.segments is None or level.indices is None:
            counts = np.full(len(at), level.size)
            own = np.tile(np.arange(level.size), len(at))
            at = np.repeat(at, level.size) * level.size + own
        else:
            counts = level.segments[at + 1] - level.segments[at]
            first = np.repeat(level.segments[at] - np.concatenate([[0], counts.cumsum()[:-1]]), counts)
            at = first + np.arange(counts.sum())
            own = level.indices[at]
        places = [*(np.repeat(p, counts) for p in places), own]
    if len(at) != len(values):
        raise ValueError(f"a sparse tensor has {len(values)} values for {len(at)} places")
    n = len(shape)
    index: list[Array] = [np.zeros(0, np.int64) for _ in range(n)]
    for axis, place in zip(order[:n], places[:n], strict=True):
        index[axis] = place
    for axis, level, place in zip(order[n:], levels[n:], places[n:], strict=True):
        outer = blocks[axis - n]
        index[outer] = index[outer] * level.size + place
    dense = np.zeros(shape, values.dtype)
    dense[tuple(index)] = values
    return dense
