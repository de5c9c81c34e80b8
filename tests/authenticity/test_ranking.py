"""Best of n: the nearest is not the best, and the order is the one a person would draw on paper."""

from __future__ import annotations

import numpy as np
import pytest

from headshot.authenticity.ranking import USUAL, rank

ORIGINAL = np.zeros(2)


def at(x: float, y: float = 0.0) -> np.ndarray:
    return np.array([x, y])


def indexes(ranking) -> list[int]:
    return [r.index for r in ranking.order]


def test_without_further_photos_a_copy_is_not_the_best() -> None:
    ranking = rank([at(0.05), at(0.6), at(0.3), None, at(0.25), at(0.12)], ORIGINAL)
    # Within .20 to .47: .25, .30. Then copies, the least clinging first: .12, .05. Then somebody else; then no face.
    assert indexes(ranking) == [4, 2, 5, 0, 1, 3]
    assert [r.copied for r in ranking.order] == [False, False, True, True, False, False]
    assert (ranking.low, ranking.high) == USUAL
    assert "copies" in ranking.reason and "somebody else" in ranking.reason and "without a face" in ranking.reason
    assert "\n" not in ranking.reason and "partly a copy" in ranking.order[2].sentence


def test_the_persons_own_range_decides() -> None:
    # The person's photos lie on a circle of .4 round the middle (.4, 0): own pairs are .566 or .8 apart.
    further = [at(0.4, 0.4), at(0.8, 0.0), at(0.4, -0.4)]
    middle, copy, stranger = at(0.4), at(0.01), at(2.0)
    ranking = rank([copy, stranger, middle, at(0.6)], ORIGINAL, further)
    assert (ranking.low, ranking.high) == pytest.approx((0.4 * 2**0.5, 0.8))
    # All within .566 of the original count as copies; the middle is nearest to the others of them.
    assert ranking.best.index == 3 and not ranking.best.copied
    assert indexes(ranking)[1:3] == [2, 0] and ranking.order[1].copied
    assert indexes(ranking)[-1] == 1 and ranking.order[-1].off > 0
    assert "your own photos" in ranking.reason


def test_own_pixels_nearest_first() -> None:
    ranking = rank([at(0.2), at(0.01), at(0.1)], ORIGINAL, copies=False)
    assert indexes(ranking) == [1, 2, 0] and not any(r.copied for r in ranking.order)
    assert ranking.reason == "Nearest to your photo first."


def test_ties_and_nothing() -> None:
    assert indexes(rank([at(0.3), at(0, 0.3), at(-0.3)], ORIGINAL)) == [0, 1, 2]
    assert indexes(rank([None, None], ORIGINAL)) == [0, 1]
    assert "No face" in rank([None], ORIGINAL).reason
    with pytest.raises(ValueError, match="nothing"):
        rank([], ORIGINAL)


def test_another_judges_distance() -> None:
    def cosine(a: np.ndarray, b: np.ndarray) -> float:
        return float(1 - a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    ranking = rank([at(1, 1), at(1, 0.9), at(0, 1)], at(1, 0), distance=cosine)
    assert indexes(ranking) == [1, 0, 2] and ranking.order[-1].off == pytest.approx(1 - USUAL[1])
