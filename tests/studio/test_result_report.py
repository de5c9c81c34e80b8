"""The report on one's own headshot: what a new backdrop alone does to a face strikes nobody."""

from __future__ import annotations

import pytest

from headshot.direction.direct import direct
from headshot.studio.result_report import judge
from headshot.studio.session import headshot
from headshot.types import Finding
from tests.fixtures.shared_photos import sitting

pytestmark = [pytest.mark.data, pytest.mark.sweep]


@pytest.mark.parametrize("name", ["whitson_1.jpg", "../people/azwhite.jpg", "../people/vlado.jpg"])
def test_a_new_backdrop_makes_nobody_younger(name: str) -> None:
    """The network, which sees the backdrop too, says 11 to 13 years of these three; smoothed skin is still found."""
    one = sitting(name)

    def age(**retouch: float) -> Finding:
        given = {f"retouch.{key}": value for key, value in retouch.items()}
        return judge(headshot(one, direct(overrides=given), height=720)).get("age")

    found = age()
    assert found.state in ("green", "grey")
    if "vlado" in name and found.value is not None:
        assert age(skin=1.0, under_eyes=1.0, shine=1.0).state == "amber"
