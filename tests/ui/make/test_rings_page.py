"""Suggested spots as rings on the picture, in a real browser: a click on one heals it, the others stay."""

from __future__ import annotations

from typing import Any

import pytest

from tests import SHARED
from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, Visits, changed, give_file, shown

pytestmark = [pytest.mark.browser, pytest.mark.data, pytest.mark.sweep]
PIMPLES = SHARED / "data" / "people" / "u1695.png"
_RINGS = "#compare .ring:not([hidden])"


def test_a_click_on_a_ring_heals_that_spot_and_the_others_stay(app: App, visit: Visits) -> None:
    if not PIMPLES.is_file():
        pytest.skip("the shared photos of people are not here (HEADSHOT_SHARED)")
    page: Any = visit(app.url)
    give_file(page, str(PIMPLES))
    page.wait_for_selector(READY)
    before = shown(page)
    page.click("#compare [data-act=mend]")
    page.click("#compare [data-belongs=heal]")
    page.wait_for_selector(_RINGS)
    rings = page.locator(_RINGS)
    count = rings.count()
    assert count >= 4 and "leave what stays" in page.locator("#compare").inner_text()
    place = rings.first.get_attribute("data-at")
    rings.first.click()
    changed(page, before)
    page.wait_for_function("([s, n]) => document.querySelectorAll(s).length === n", arg=[_RINGS, count - 1])
    assert place not in [one.get_attribute("data-at") for one in page.locator(_RINGS).all()]
