"""What the page of four tabs had wrong, each held in Chromium (the list of the design; the rest has tests of its own:
undo in make/test_tray_page.py, the doubtful cut-out in make/test_controls_page.py, the end in test_keys_page.py).
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.fixtures.app_server import App
from tests.fixtures.browser import HEARD, READY, Visits, give, open_controls

pytestmark = [pytest.mark.browser, pytest.mark.data, pytest.mark.sweep]
PRIMARY = "[...document.querySelectorAll('button.primary')].filter((n) => n.checkVisibility()).map((n) => n.id)"


def top(page: Any, selector: str) -> float:
    return float(page.locator(selector).bounding_box()["y"])


def test_the_page_does_what_it_says(app: App, visit: Visits) -> None:
    page = visit(app.url, height=900)
    page.wait_for_selector("#looks .coming", state="attached")
    page.evaluate(HEARD, ["#looks .coming", "#verdict .sentence"])
    give(page, "ferguson_1.jpg")
    page.wait_for_selector(READY)
    page.wait_for_selector("#verdict .count:not(:empty)")
    page.wait_for_function("document.querySelectorAll('#looks .look img').length >= 40")
    page.wait_for_function("document.querySelector('#looks .coming').textContent === ''")
    heard = page.evaluate("window.heard")
    assert any(re.fullmatch(r"[1-9]\d* of 40 on your face, about \d+ s left", said) for said in heard), heard
    # A look says what one gets now and what a generator would add.
    assert "Your own clothes stay; a generator could paint" in page.inner_text("#looks .summary")
    # The stage stays in sight however far the parts beside it reach, and the wheel over it moves the page.
    open_controls(page)
    page.evaluate("scrollTo(0, 0)")
    box = page.locator("#compare .stage").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, 900)
    page.wait_for_function("scrollY > 500")
    assert top(page, "#stage") >= 0 and top(page, "#save") < 900
    page.mouse.down()  # after a drag of the divider too
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
    page.mouse.up()
    page.mouse.wheel(0, -900)
    page.wait_for_function("scrollY === 0")
    # One button has the accent's colour: it fetches the picture.
    page.click("#setup-open")
    page.wait_for_selector("#setup-go")
    assert page.evaluate(PRIMARY) == ["save"]
    # What is worth it is reckoned for the picture that is there: own pixels cost nothing, and no AI can be noticed.
    page.get_by_role("tab", name="Check a picture").click()
    page.click("#j-worth button >> nth=0")
    page.wait_for_function("document.querySelector('#worth').innerText.includes('from the studio')")
    page.click("#worth-more button >> nth=0")
    for title in ("What this picture costs", "Odds that somebody notices the AI"):
        assert page.locator("#j-worth fieldset", has_text=title).locator("output").inner_text().startswith("0"), title
    # The headshot made last is one click away, and is judged as the file that would be saved.
    page.click("#j-last")
    page.wait_for_selector("#j-verdict .hs-green")
    assert page.locator("#j-other img[src^='data:image/jpeg']").count() == 1
