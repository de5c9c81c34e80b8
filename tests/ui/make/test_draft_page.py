"""Draft first on the page: FaceID's tiny weights from a hub folder paint by themselves once the machine is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.app_server import App
from tests.fixtures.browser import HEARD, Visits, give, open_controls

OLDER = "#compare .compare[data-older=true]"


@pytest.fixture
def own_app(machine: dict[str, str], tmp_path: Path) -> Iterator[App]:
    app = App(tmp_path, machine)
    yield app
    app.end()


def badge(page: Any, said: str) -> None:
    page.wait_for_function("said => document.querySelector('#badge')?.innerText.includes(said)", arg=said)


@pytest.mark.data
@pytest.mark.sweep
@pytest.mark.browser
def test_a_draft_by_itself_the_final_on_a_click_and_the_newest_wins(own_app: App, visit: Visits) -> None:
    page = visit(own_app.url)
    give(page, "coleman_1.jpg")
    page.wait_for_selector("#badge .hs-engine", state="attached")
    open_controls(page)
    page.locator("#set-generate-mode").get_by_text("Fast", exact=True).click()
    page.locator("#ladder [role=radio]").last.click()
    page.wait_for_selector("#make", state="visible")
    page.wait_for_selector(OLDER)
    assert page.is_visible("#compare .older"), "own pixels stay, marked as older"
    page.click("#make")
    badge(page, "Painted by faceid-sd15")
    assert not page.locator(OLDER).count()

    # From now on the machine's real steps are known, and they are quick.
    identity = page.locator("#set-generate-identity input[type=range]")
    identity.focus()
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    asked = identity.input_value()
    page.wait_for_selector(OLDER)
    badge(page, "Draft by faceid-sd15")
    page.wait_for_selector("#make", state="visible")
    assert not page.locator(OLDER).count() and identity.input_value() == asked
    said = "document.querySelector('#compare .note').innerText.includes('makes the final')"
    page.wait_for_function(said)
    page.click("#make")
    badge(page, "Painted by faceid-sd15")
    page.wait_for_selector("#make", state="visible")
    assert not page.locator(OLDER).count(), "the final of what was asked for"
    page.wait_for_selector("#verdict .hs-grey, #verdict .hs-red")

    # Enter in the words: the controls follow what is understood, and one picture is painted of it.
    many = page.locator("#history .tile").count()
    page.evaluate(HEARD, ["#compare .veil .what"])
    page.fill("#words textarea, #words input", "darker, in a library")
    page.press("#words textarea, #words input", "Enter")
    page.wait_for_selector(f"#history .tile >> nth={many}", state="attached")
    badge(page, "Painted by faceid-sd15")
    page.wait_for_selector("#verdict .hs-grey, #verdict .hs-red")
    assert float(page.input_value("#set-light-exposure input[type=range]")) < 0
    assert page.locator("#history .tile").count() == many + 1 and not page.locator(OLDER).count()
    steps = [said for said in page.evaluate("window.heard") if said.startswith("step ")]
    assert any(re.fullmatch(r"step \d+ of \d+, \d+ s left", said) for said in steps), steps
