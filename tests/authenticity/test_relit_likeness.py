"""The likeness of own pixels: what a look's light does to the embedded judge alone is no change of the face."""

from __future__ import annotations

from functools import partial

import pytest

from headshot.authenticity.recognition import dlib_judge
from headshot.authenticity.recognition.judges import Judge, Panel
from headshot.authenticity.report import judge
from headshot.authenticity.thresholds import threshold
from headshot.direction.direct import direct
from headshot.direction.settings import SETTINGS
from headshot.studio.quick_report import QuickReport
from headshot.studio.result_report import report_on
from headshot.studio.session import Sitting, headshot
from tests.fixtures import faces, judges

pytestmark = [pytest.mark.data, pytest.mark.skipif(not faces.PHOTOS.is_dir(), reason="no shared photos")]


@pytest.mark.parametrize(
    ("distance", "cosine", "state"),
    [(0.13, 0.98, "green"), (0.13, 0.95, "amber"), (0.17, 0.98, "amber"), (0.26, 0.98, "red"), (0.13, None, "amber")],
)
def test_what_light_does_to_one_judge_alone_is_no_change(
    distance: float, cosine: float | None, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Own pixels, .10 to .16 apart: green where OpenCV SFace saw no more than a look's light does."""
    monkeypatch.setattr(dlib_judge, "distance", lambda *_: distance)
    said = {"auraface": 0.99, "sface": cosine}  # the first of the panel is not asked
    panel = Panel(
        tuple(
            Judge(role, judges.Told(at, role), threshold(role, "another photo"), role)
            for role, at in said.items()
            if at is not None
        )
    )
    face = faces.photo("garan_1.jpg"), faces.landmarks("garan_1.jpg")
    found = judge(*face, *face, own_pixels=True, judges=panel).get("likeness")
    assert found.value == distance and found.state == state
    assert found.threshold.startswith("green up to 0.16" if cosine == 0.98 else "green up to 0.1,")


def test_a_dark_light_is_no_other_person_in_the_quick_report_either() -> None:
    """The embedded judge alone puts it .11 to .13 away."""
    one = Sitting.open(faces.PHOTOS / "ferguson_1.jpg")
    dark = headshot(one, direct(overrides={"light.exposure": SETTINGS["light.exposure"].low}), height=800)
    whole, quick = (report(dark).get("likeness") for report in (partial(report_on, one), QuickReport(one)))
    assert whole.value == pytest.approx(quick.value, abs=1e-6) and whole.value > 0.1
    assert whole.state == quick.state == "green"
