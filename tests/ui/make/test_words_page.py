"""The card "Direct it" in a real browser: a sentence, a click, another picture; a lock, and its line in the report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, Visits, changed, give, give_file, open_controls, part, save, shown

pytestmark = [pytest.mark.browser, pytest.mark.data]
PROFESSOR = "like a calm university professor, window light, no tie"


def box(page: Any, name: str) -> Any:
    return page.locator(f"#{name} textarea, #{name} input").first


def line(page: Any, panel: str, said: str) -> Any:
    return page.locator(f"#{panel} .row").filter(has=page.locator(".said", has_text=said)).first


@pytest.mark.sweep
@pytest.mark.parametrize("width", [1440, pytest.param(390, marks=pytest.mark.sweep)])
def test_words_become_a_control_and_a_lock_is_reported(app: App, visit: Visits, width: int, output: Path) -> None:
    page = visit(app.url, width=width, has_touch=width < 600)
    give(page, "garan_1.jpg")
    page.wait_for_selector(READY)
    before = shown(page)
    if width < 600:
        part(page, "adjust")

    box(page, "words").fill(PROFESSOR)
    use = line(page, "words-chips", "window light").locator("button")
    use.wait_for()
    # What own pixels cannot do, and what no control stands for, is there with its reason.
    assert "generator" in line(page, "words-chips", "no tie").inner_text()
    assert "generator" in line(page, "words-chips", "like a calm university professor").inner_text()
    assert not page.locator("#words-chips .meter").is_visible()  # tokens are no matter of own pixels

    open_controls(page)
    softness = page.locator("#set-light-softness input[type=range]")
    stood = float(softness.evaluate("n => n.value"))
    use.click()
    changed(page, before)
    assert float(softness.evaluate("n => n.value")) > stood
    line(page, "words-chips", "window light").locator(".done").wait_for()
    assert box(page, "words").input_value() == PROFESSOR  # what was written stays

    page.locator("#keep-chips .ready button", has_text="freckles").click()
    line(page, "keep-chips", "freckles").wait_for()
    box(page, "keep").fill(box(page, "keep").input_value() + ", lucky charm")
    page.wait_for_selector("#report .hs-kept >> text=Lucky charm", state="attached")
    block = page.locator("#report .hs-kept").text_content()
    assert "What you asked to keep" in block and "Freckles" in block and "Kept" in block

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=output / f"direct-{width}.png", full_page=True)

    page.click("#kind input")
    page.get_by_role("option", name="Report, JSON").click()
    kept = json.loads(save(page)[1])["kept"]
    assert [k["said"] for k in kept] == ["freckles", "lucky charm"]

    line(page, "keep-chips", "lucky charm").locator("button").click()
    page.wait_for_function("document.querySelectorAll('#keep-chips .row').length === 1")
    assert box(page, "keep").input_value() == "freckles"


@pytest.mark.sweep
def test_a_saved_picture_brings_the_list_back(app: App, visit: Visits, tmp_path: Path) -> None:
    page = visit(app.url)
    page.click("#examples button >> nth=0")
    page.wait_for_selector(READY)
    open_controls(page)
    box(page, "keep").fill("my mole")
    line(page, "keep-chips", "mole").wait_for()
    page.wait_for_selector("#report .hs-kept", state="attached")
    saved = tmp_path / "headshot.jpg"
    saved.write_bytes(save(page)[1])
    box(page, "keep").fill("")
    page.wait_for_function("!document.querySelector('#keep-chips .row')")
    give_file(page, str(saved))
    line(page, "keep-chips", "mole").wait_for()
    assert box(page, "keep").input_value() == "my mole"
