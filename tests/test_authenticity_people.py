"""Counts, ranges and curves: pure numbers against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from headshot.authenticity import curves, likeness
from headshot.authenticity.own_range import copy_paste, own_range
from headshot.authenticity.people import Answers, wilson
from headshot.authenticity.unmeasurable import Unmeasurable


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    # Newcombe 1998 (Statistics in Medicine 17, 857), table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_against_the_published_table(k: int, n: int, low: float, high: float) -> None:
    assert wilson(k, n) == pytest.approx((low, high), abs=5e-5)


def test_wilson_refuses_nonsense() -> None:
    for k, n in ((1, 0), (3, 2), (-1, 4)):
        with pytest.raises(ValueError, match="no count"):
            wilson(k, n)


def test_nothing_is_claimed_below_eight_answers() -> None:
    few = Answers(7, 7)
    assert not few.claims and "too few" in few.sentence() and "100%" not in few.sentence()
    assert "people could tell" in Answers(8, 8).sentence()
    assert "not shown" in Answers(5, 8).sentence()
    assert "took it for the real one" in Answers(0, 8, choices=2).sentence()


def by_hand(a: np.ndarray, b: np.ndarray) -> float:
    return float(abs(a[0] - b[0]))


def test_own_range_on_a_line() -> None:
    at = lambda x: np.array([x])  # noqa: E731
    further = [at(0.40), at(0.50)]
    inside = own_range(at(0.10), at(0.0), further, by_hand)
    assert inside.own == pytest.approx((0.1, 0.4, 0.5)) and inside.median == pytest.approx(0.35)
    assert inside.state == "green" and "inside your own range" in inside.sentence()
    assert own_range(at(-0.10), at(0.0), further, by_hand).state == "amber"
    assert own_range(at(-0.20), at(0.0), further, by_hand).state == "red"
    with pytest.raises(Unmeasurable, match="at least 2"):
        own_range(at(0.1), at(0.0), further[:1], by_hand)


def test_copy_paste_is_one_for_a_copy_and_nought_half_way() -> None:
    at = lambda x: np.array([x])  # noqa: E731
    assert copy_paste(at(0.0), at(0.0), [at(0.4)], by_hand) == pytest.approx(1.0)
    assert copy_paste(at(0.2), at(0.0), [at(0.4)], by_hand) == pytest.approx(0.0)
    with pytest.raises(Unmeasurable):
        copy_paste(at(0.2), at(0.0), [], by_hand)


def test_curves() -> None:
    assert curves.same_below("auraface", 0.45) == pytest.approx(0.11)
    assert curves.same_below("auraface", 0.475) == pytest.approx(0.145)
    assert curves.same_below("auraface", 0.9) is None and curves.same_below("nobody", 0.5) is None
    assert curves.one_in("auraface", 0.50) == 959
    assert curves.one_in("auraface", 0.99) == 4200  # no rarer rate is known
    assert curves.one_in("auraface", 0.30) is None and curves.one_in("buffalo_l", 0.5) is None


def test_the_embedded_judges_own_curve() -> None:
    assert curves.closer_than(0.0).share == 1.0 and curves.closer_than(2.0).share == 0.0
    assert curves.strangers_as_close(0.45).share == 0.0 < curves.strangers_as_close(0.45).high < 0.05
    assert curves.strangers_as_close(2.0).share == 1.0
    assert curves._read("dlib_curve.toml")["sha256"] == likeness.model_sha256()
