"""Counts, ranges and curves: pure numbers against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from headshot.authenticity.line_up_answers import Answers, wilson
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.recognition import curves, dlib_judge
from headshot.authenticity.recognition.own_range import copy_paste, own_range
from headshot.authenticity.thresholds import threshold


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
    assert "took a real photo for it instead" in Answers(0, 8, choices=2).sentence()
    # The report's JSON has the same words, and no figure that nobody may claim.
    assert few.finding().value is None and few.finding().sentence == few.sentence()
    assert Answers(4, 10, choices=4).finding().value == pytest.approx(0.4)


def by_hand(a: np.ndarray, b: np.ndarray) -> float:
    return float(abs(a[0] - b[0]))


def test_own_range_on_a_line() -> None:
    at = lambda x: np.array([x])  # noqa: E731
    further = [at(0.40), at(0.50)]
    inside = own_range(at(0.10), at(0.0), further, by_hand)
    assert inside.own == pytest.approx((0.1, 0.4, 0.5)) and inside.median == pytest.approx(0.35)
    assert inside.state == "green" and "inside your own range" in inside.sentence()
    assert "only 3 pairs" in inside.sentence()
    # However far: three pairs and a cut that nobody has calibrated turn nothing red.
    for far in (-0.10, -0.20, -5.0):
        outside = own_range(at(far), at(0.0), further, by_hand)
        assert outside.state == "amber" and outside.sentence().endswith(": outside your own range.")
    edge = own_range(at(-0.05), at(0.0), further, by_hand)
    assert edge.median == pytest.approx(edge.own[-1]) and edge.state == "green"
    assert "never red" in edge.threshold.words() and "not calibrated" in edge.threshold.source
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
    assert curves._read("dlib_curve.toml")["sha256"] == dlib_judge.model_sha256()


def test_the_likeness_cut_says_what_the_shipped_pairs_are() -> None:
    """The cut's source once spoke of 22 pairs up to .47; the data had 5 up to .478, which the cut called amber."""
    rule, pairs = threshold("likeness", "another photo"), curves._read("dlib_curve.toml")
    same, other = pairs["same_person"], pairs["different_persons"]
    assert {rule.state(d) for d in same} == {"green"} and not any(rule.state(d) == "green" for d in other)
    assert sum(rule.state(d) == "red" for d in other) >= 0.99 * len(other)
    least, most, nearest = (f".{100 * d:.0f}" for d in (min(same), max(same), min(other)))
    assert f"{len(same)} ordinary pairs of other photos of one person lie {least} to {most} apart" in rule.source
    assert f"{len(other):,} pairs of strangers {nearest} and more" in rule.source
