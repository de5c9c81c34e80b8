"""A verdict that is grey says why and what the person can do; no other one does."""

from __future__ import annotations

import pytest

from headshot.authenticity.findings import Findings
from headshot.authenticity.measures import unmeasurable as u
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.report import TOO_FEW, next_step, summary
from headshot.authenticity.thresholds import Kind, deciding
from headshot.types import AuthenticityReport
from headshot.ui.components.verdict.verdict import verdict_value


def report_of(kind: Kind, figures: dict[str, float | Unmeasurable]) -> AuthenticityReport:
    """A report in which each measure has the figure, or the reason for none, that it is given here."""
    report = Findings(kind)

    def given(name: str) -> float:
        figure = figures[name]
        if isinstance(figure, Unmeasurable):
            raise figure
        return figure

    for name in figures:
        report.add(name, lambda name=name: given(name), lambda _, s: f"It is {s}.", "")  # type: ignore[misc]
    return AuthenticityReport(tuple(report.found), kind, deciding(kind) & figures.keys())


def test_a_face_that_is_too_small_asks_for_the_original_file() -> None:
    report = report_of("another photo", {"likeness": u.too_small(9.7, 45.0), "glasses": 0.2})
    why = "Whether this is still you could not be measured: the face is too small: its eyes are 9 pixels apart, and 45"
    assert report.verdict == "grey" and summary(report).startswith(f"{why} are needed. {u.LARGER} Asked: glasses.")
    assert verdict_value(report)["sentence"] == f"{why} are needed. {u.LARGER}"


def test_too_few_answers_ask_for_what_most_of_them_lack() -> None:
    dark, cut = Unmeasurable("one of the pictures has coloured light.", u.LIGHT), Unmeasurable("cut off.", u.WHOLE)
    green = {"likeness": 0.05, "nose_width": 0.1, "marks": 0.0}
    report = report_of("own pixels", {**green, "lips": dark, "hair": dark, "jaw_width": cut})
    assert report.verdict == "grey" and summary(report).startswith(f"{TOO_FEW} {u.LIGHT} ")
    # Where no reason knows a way: another photo.
    unknown = dict.fromkeys(("lips", "hair", "jaw_width"), Unmeasurable("nobody knows why."))
    assert next_step(report_of("own pixels", {**green, **unknown})) == u.ANOTHER
    # Nothing at all: the reason leads.
    report = report_of("own pixels", {"lips": dark})
    assert summary(report) == f"Nothing could be measured here: one of the pictures has coloured light. {u.LIGHT}"


@pytest.mark.parametrize("likeness", [0.05, 0.15, 0.9])
def test_no_other_verdict_has_one(likeness: float) -> None:
    report = report_of("own pixels", {"likeness": likeness, "lips": Unmeasurable("cut off.", u.WHOLE), "hair": 0.1})
    assert report.verdict != "grey" and next_step(report) == "" and u.WHOLE not in summary(report)


def test_what_is_fine_has_wider_cuts_in_a_small_painted_face() -> None:
    """Some px wide is what a decoder leaves undecided, whatever the size of the face."""

    def edges(name: str, kind: Kind, eye_px: float) -> tuple[float, ...]:
        limit = Findings(kind, eye_px).threshold(name)
        assert limit is not None
        return limit.edges

    for kind, name, at in (("generator", "nose_width", 2.0), ("generator", "iris", 10.0), ("same frame", "lips", 0.4)):
        assert edges(name, kind, 53.5)[0] == pytest.approx(2 * at)  # type: ignore[arg-type]
        assert edges(name, kind, 107.0)[0] == edges(name, kind, 400.0)[0] == at  # type: ignore[arg-type]
    assert edges("asymmetry", "generator", 53.5) == pytest.approx((0.74, 1.26, 0.5, 1.5))
    # A colour over a large part, and own pixels, keep theirs.
    assert edges("hair", "generator", 53.5) == edges("hair", "generator", 107.0)
    assert edges("nose_width", "own pixels", 80.0) == edges("nose_width", "own pixels", 400.0)
