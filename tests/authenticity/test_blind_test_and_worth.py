"""Blind before numbers, and the calculator: pure records, checked by hand and by brute force."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest

from headshot.authenticity.blind_test import BlindPair, LineUp
from headshot.authenticity.recognition.own_range import OwnRange, Placed
from headshot.authenticity.thresholds import threshold
from headshot.errors import UserError
from headshot.files.own_range_plot import own_range_html, strip_plot_svg, strip_plot_text
from headshot.studio.worth import ASSUMPTIONS, RINGOVER, Range, defaults, worth
from headshot.types import AuthenticityReport, Finding, State
from headshot.ui.judge.session import JudgeSession
from headshot.ui.judge.worth_card import newest_report


def test_a_blind_pair_tells_what_was_what() -> None:
    original, picture = np.zeros((2, 2, 3), np.uint8), np.ones((2, 2, 3), np.uint8)
    first, second = BlindPair(True), BlindPair(False)
    assert first.order(original, picture)[0] is picture and second.order(original, picture)[0] is original
    said = first.sentence("A", "A")
    assert "use A, which is the headshot" in said and "wrong" in said
    said = second.sentence("A", "A")
    assert "use A, which is your photo" in said and "right" in said
    assert "neither" in first.sentence("-", None) and "could not tell" in first.sentence(None, "-")
    assert first.sentence(None, None) == ""
    assert {BlindPair.draw().picture_first for _ in range(60)} == {True, False}  # wrong once in 2^59


def test_a_line_up_counts_and_shuffles() -> None:
    line_up = LineUp.begin(3)
    assert line_up.letters == ("A", "B", "C", "D")
    seen = set()
    for n in range(40):
        assert sorted(line_up.order) == [0, 1, 2, 3] and line_up.order[line_up.letters.index(line_up.picture_at)] == 0
        seen.add(line_up.picture_at)
        right = n % 4 == 0
        wrong = next(x for x in line_up.letters if x != line_up.picture_at)
        line_up = line_up.answer(line_up.picture_at if right else wrong)
        if n < 7:
            assert "too few" in line_up.answers.sentence() and "%" not in line_up.answers.sentence()
    assert seen == set("ABCD")
    assert (line_up.answers.k, line_up.answers.n, line_up.answers.choices) == (10, 40, 4)
    assert "guessing gives 25%" in line_up.answers.sentence() and "not shown" in line_up.answers.sentence()
    with pytest.raises(ValueError, match="not in the line-up"):
        line_up.answer("E")
    with pytest.raises(ValueError, match="1 to 5"):
        LineUp.begin(6)


# ------------------------------------------------------------------ worth it?


def by_hand(v: dict[str, float]) -> tuple[float, float]:
    """The two sums of the specification, written out once more."""
    cost = v["price"] + v["minutes"] / 60 * v["hour"] + v["noticed"] / 100 * v["put_off"] / 100 * v["loss"]
    return v["benefit"] - cost, v["photographer"] + v["hours"] * v["hour"] - cost


@pytest.mark.parametrize("seed", range(4))
def test_the_ranges_are_the_worst_and_best_of_all_corners(seed: int) -> None:
    random = np.random.default_rng(seed)
    given = {a.key: tuple(sorted(random.uniform(a.low, a.high, 2))) for a in ASSUMPTIONS}
    corners = [by_hand(dict(zip(given, case, strict=True))) for case in itertools.product(*given.values())]
    found = worth(given)  # type: ignore[arg-type]
    for span, sums in zip((found.over_present, found.over_photographer), zip(*corners, strict=True), strict=True):
        assert span == pytest.approx((min(sums), max(sums)))


def test_a_single_case_is_a_single_sum() -> None:
    one: dict[str, Range] = {
        "benefit": (300, 300),
        "price": (50, 50),
        "minutes": (30, 30),
        "hour": (40, 40),
        "noticed": (40, 40),
        "put_off": (50, 50),
        "loss": (100, 100),
        "photographer": (200, 200),
        "hours": (2, 2),
    }
    found = worth(one)
    assert found.over_present == pytest.approx((210, 210))  # 300 − 50 − 20 − 20
    assert found.over_photographer == pytest.approx((190, 190))  # 200 + 80 − 90
    assert found.headline.startswith("Worth it")
    assert "single sum" in " ".join(found.lines)
    # Even where .2 · loss = 200 + 80 − 50 − 20, so at 1,050: two digits are all that is claimed.
    assert re.search(r"about 1,0(00|50)|about 1,1", " ".join(found.lines))
    assert worth({**one, "loss": (5000, 5000)}).headline.startswith("Not worth it")


def test_defaults_have_sources_and_leave_it_open() -> None:
    found = worth(defaults())
    assert found.over_present[0] < 0 < found.over_present[1] and "either way" in found.headline
    assert all(a.source and a.low <= a.default[0] <= a.default[1] <= a.high for a in ASSUMPTIONS)
    sources = {a.key: a.source for a in ASSUMPTIONS}
    assert all(RINGOVER in sources[k] for k in ("benefit", "noticed", "put_off"))
    assert "58.9%" in sources["noticed"] and "66%" in sources["put_off"]
    assert RINGOVER in sources["price"] and "imageexpertindia.com" in sources["photographer"]
    assert not re.search(r"\d{2,}\.\d", " ".join(found.lines))  # no digit pretends to know


@pytest.mark.parametrize("bad", [{"loss": (500, 50)}, {"noticed": (0, 140)}, {"hour": None}])
def test_impossible_ranges_are_refused_by_name(bad: dict[str, Range]) -> None:
    title = next(a.title for a in ASSUMPTIONS if a.key in bad)
    with pytest.raises(UserError, match=re.escape(title)):
        worth({**defaults(), **bad})


def report(likeness: State, regime: str = "another photo") -> AuthenticityReport:
    findings = (
        Finding("likeness", 0.7, "distance", State(likeness), "It looks like another person.", "m"),
        Finding("texture", 0.3, "", State.RED, "Your skin was smoothed.", "m"),
    )
    return AuthenticityReport(findings, regime, frozenset({"likeness", "texture"}))


def test_a_red_likeness_ends_the_sum() -> None:
    rich: dict[str, Range] = {**defaults(), "benefit": (2000, 2000), "loss": (0, 0)}
    assert worth(rich).headline.startswith("Better than") or worth(rich).headline.startswith("Worth it")
    found = worth(rich, report("red"))
    assert found.not_as_it_is and found.headline == "Not worth it as it is."
    assert "It looks like another person." in found.lines and "USD" not in " ".join(found.lines)
    assert "smoothed" in " ".join(found.changes) and any("own pixels" in c for c in found.changes)
    assert not worth(rich, report("amber")).not_as_it_is
    assert any("nothing in it was painted" in x for x in worth(rich, report("green", "own pixels")).lines)


def test_the_report_that_counts_is_named_by_its_tab() -> None:
    judged = JudgeSession()
    judged.report = report("green")
    assert newest_report(None, judged) == (judged.report, "With the report on the picture that was checked here.")


# ------------------------------------------------------------------ the own range, drawn


@pytest.mark.parametrize(
    ("to_picture", "word"),
    [((0.4, 0.5), "inside your own range"), ((0.6, 0.62), "outside your own"), ((0.8, 0.9), "outside your own range")],
)
def test_the_strip_plot_says_and_shows_where_the_picture_lies(to_picture: tuple[float, float], word: str) -> None:
    found = OwnRange((0.35, 0.45, 0.55), to_picture)
    assert word in strip_plot_text(found)
    assert word in found.sentence()  # one wording for one figure
    svg = strip_plot_svg(found)
    assert f'aria-label="{strip_plot_text(found)}"' in svg
    x = [float(v) for v in re.findall(r'<circle cx="([\d.]+)%"', svg)]
    band = re.search(r'<rect x="([\d.]+)%" y="\d+" width="([\d.]+)%"', svg)
    diamond = re.search(r'<svg x="([\d.]+)%"', svg)
    assert band and diamond and len(x) == 5
    low, high = float(band[1]), float(band[1]) + float(band[2])
    assert x[0] == pytest.approx(low, abs=0.02) and x[2] == pytest.approx(high, abs=0.02)
    assert (low <= float(diamond[1]) <= high) == ("inside" in word)
    assert float(diamond[1]) == pytest.approx((x[3] + x[4]) / 2, abs=0.02)  # the median of two


def test_a_copied_photo_is_warned_of_above_the_plot() -> None:
    copied = Placed(OwnRange((0.4, 0.5, 0.55), (0.5, 0.5)), 0.7)
    html = own_range_html(copied, another_photo=True)
    assert html.index("copies your original photo") < html.index("<svg")
    assert "copies" not in own_range_html(copied, another_photo=False)  # the same photo copies itself by nature
    assert own_range_html(None, another_photo=True) == ""
    # A single further photo is no range, and still enough to warn.
    html = own_range_html(Placed(None, 0.4), another_photo=True)
    assert "clings somewhat to your original photo" in html and "<svg" not in html
    assert own_range_html(Placed(None, 0.2), another_photo=True) == ""


@pytest.mark.parametrize("copying", [-0.4, 0.0, 0.29, 0.31, 0.7])
def test_the_page_warns_of_a_copy_where_the_report_does(copying: float) -> None:
    rule = threshold("copy_paste", "another photo")
    assert Placed(None, copying).clings == (rule.state(max(0.0, copying)) == "amber")
    assert ("Look here" in own_range_html(Placed(None, copying), another_photo=True)) == (copying > 0.3)
