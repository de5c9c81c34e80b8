"""TFLite's sparse tensors: unpacked as a plain reading of the format would."""

from __future__ import annotations

import numpy as np
import pytest

from headshot.weights.tflite.sparse import Level, densify


def compressed(flat: np.ndarray) -> tuple[Level, np.ndarray]:
    """A matrix (rows, columns) whose columns are kept sparse, and its values."""
    segments = np.concatenate([[0], (flat != 0).sum(1).cumsum()])
    return Level(0, segments, np.nonzero(flat)[1]), flat[flat != 0]


def test_rows_of_a_matrix() -> None:
    rng = np.random.default_rng(1)
    dense = rng.integers(1, 9, (5, 7)) * (rng.random((5, 7)) < 0.4)
    level, values = compressed(dense)
    assert np.array_equal(densify(values, (5, 7), [Level(5), level], [0, 1], []), dense)


def test_blocks_of_a_convolutions_channels() -> None:
    """As in MediaPipe's files: (out, 1, 1, in), the in-channels in blocks."""
    rng = np.random.default_rng(2)
    kept = rng.random((6, 3)) < 0.5  # which blocks of 2 in-channels are there
    dense = rng.integers(1, 9, (6, 1, 1, 6)) * np.repeat(kept, 2, axis=1)[:, None, None]
    segments = np.concatenate([[0], kept.sum(1).cumsum()])
    levels = [Level(6), Level(1), Level(1), Level(0, segments, np.nonzero(kept)[1]), Level(2)]
    values = dense.reshape(6, 3, 2)[kept].ravel()
    assert np.array_equal(densify(values, dense.shape, levels, [0, 1, 2, 3, 4], [3]), dense)


def test_the_order_of_storage_may_be_another() -> None:
    dense = np.arange(1, 7).reshape(2, 3)
    assert np.array_equal(densify(dense.T.ravel(), (2, 3), [Level(3), Level(2)], [1, 0], []), dense)


def test_values_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="3 values for 6 places"):
        densify(np.ones(3), (2, 3), [Level(2), Level(3)], [0, 1], [])
