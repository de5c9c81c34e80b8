"""The bands beside the sliders that move a feature, held against whole reports of pictures with it moved."""

from __future__ import annotations

import pytest

from headshot.direction.direct import direct
from headshot.direction.settings import SETTINGS
from headshot.studio.feature_bands import feature_bands
from headshot.studio.result_report import judge
from headshot.studio.session import Sitting, headshot
from headshot.types import AuthenticityReport, State
from tests.fixtures.shared_photos import PORTRAITS, sitting

pytestmark = pytest.mark.data
HEIGHT = 1000
NAMES = ("smile", "eyes", "brows", "level", "tilt", "face", "jaw", "nose")


def moved(one: Sitting, **amounts: float) -> AuthenticityReport:
    return judge(headshot(one, direct(overrides={f"shape.{k}": v for k, v in amounts.items()}), height=HEIGHT))


def struck(report: AuthenticityReport, plain: AuthenticityReport) -> set[str]:
    """What is amber or red there and was not before anything moved."""

    def bad(one: AuthenticityReport) -> set[str]:
        return {f.id for f in one.deciding_findings if f.state in (State.AMBER, State.RED)}

    return bad(report) - bad(plain)


@pytest.mark.sweep
@pytest.mark.parametrize("name", PORTRAITS)
def test_nose_and_eyes_within_the_own_range_strike_nobody_and_at_their_ends_they_do(name: str) -> None:
    one = sitting(name)
    plain = judge(headshot(one, direct(), height=HEIGHT))
    bands = feature_bands(one.stage(direct(), HEIGHT))
    assert set(bands) == {f"shape.{n}" for n in NAMES}
    for band in bands.values():
        assert band.noticed[0] <= band.own[0] <= 0 <= band.own[1] <= band.noticed[1]
    nose, eyes = bands["shape.nose"], bands["shape.eyes"]
    assert nose.own[1] < 1 and 0.1 < eyes.own[1] < 0.5 and not struck(moved(one, nose=nose.own[1]), plain)
    # A face whose eyes lie under 40 px apart in its photo is too small for the nose at any size of the picture.
    seen = {"eye_opening"} if plain.verdict == State.GREY else {"nose_width", "eye_opening"}
    assert struck(moved(one, nose=1.0, eyes=-1.0), plain) >= seen


@pytest.mark.sweep
def test_within_the_own_range_hardly_any_report_strikes_and_at_the_far_end_hardly_any_does_not() -> None:
    """Every slider on all portraits: at the ends of the own range 19 of 20 are as green as before, at its own ends
    19 of 20 strike."""
    ends, wrong, far, missed = 0, [], 0, []
    for name in PORTRAITS:
        one = sitting(name)
        plain = judge(headshot(one, direct(), height=HEIGHT))
        for key, band in feature_bands(one.stage(direct(), HEIGHT)).items():
            feature = key.partition(".")[2]
            for end in {*band.own} - {0.0}:
                ends += 1
                if found := struck(moved(one, **{feature: end}), plain):
                    wrong.append((name, feature, end, found))
            for end in {SETTINGS[key].low, SETTINGS[key].high} - {0.0}:
                if (
                    plain.verdict == State.GREY
                    or not headshot(one, direct(overrides={key: end}), height=300).canvas.moved
                ):
                    continue  # too small to tell; eyes of one height, of which there is nothing to level
                far += 1
                if not struck(moved(one, **{feature: end}), plain):
                    missed.append((name, feature, end))
    assert len(wrong) <= 0.05 * ends, (ends, wrong)
    assert len(missed) <= 0.05 * far, (far, missed)
