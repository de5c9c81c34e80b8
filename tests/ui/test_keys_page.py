"""What the page does by itself: a look from the address, the sheet of keys, the count-down before a photo goes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, Visits, opened

pytestmark = [pytest.mark.browser]


def said(page: Any) -> str:
    return str(page.locator("#keys .soon").inner_text())


@pytest.mark.sweep
def test_a_look_as_a_link_the_keys_and_the_photo_that_is_forgotten(app: App, visit: Visits) -> None:
    """With the browser's clock in the test's hand: nothing is waited for."""
    page = visit(app.url)
    page.clock.install()
    page.goto(app.url + "/?look=mono")
    opened(page)
    page.keyboard.press("?")
    assert page.locator("#keys dialog").is_visible() and "star the picture" in page.locator("#keys dialog").inner_text()
    page.click("#keys [data-theme=dark]")
    assert page.evaluate("document.body.classList.contains('dark')")
    page.click("#keys [data-theme=system]")
    page.keyboard.press("Escape")
    assert not page.locator("#keys dialog").is_visible()

    page.click("#examples button >> nth=0")
    page.wait_for_selector(READY)
    page.wait_for_selector("#looks .look[data-name=mono][aria-checked=true]")
    page.click("#panels [data-panel=save]")
    assert page.locator("#look-link input, #look-link textarea").first.input_value() == app.url + "/?look=mono"
    page.wait_for_selector("#verdict .count:not(:empty)", state="attached")
    page.wait_for_function("document.querySelectorAll('#looks .look img').length >= 40")  # all that was asked for came
    page.clock.fast_forward(485_000)
    page.wait_for_selector("#keys .soon:visible")
    assert "forgotten in 1:" in said(page)
    page.click("#keys .soon button")
    assert not page.locator("#keys .soon").is_visible()
    page.clock.fast_forward(602_000)
    page.wait_for_selector("#checks >> text=was forgotten, as promised")
    assert page.locator("#photo input[type=file]").count() == 1 and not page.locator("#work").is_visible()
    assert page.locator("#looks .look img").count() == 0, "no look shows the face any more"
    assert page.locator("#photo img").count() == 0 and page.locator("#history .tile").count() == 0
