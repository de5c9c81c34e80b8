"""The card "Direct it" in a real browser: a sentence, a click, another picture; a lock, and its line in the report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.app_server import CHROMIUM, browser_page, serve
from tests.fixtures.shared_photos import photo_path

pytestmark = [
    pytest.mark.browser,
    pytest.mark.data,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="chromium is not installed"),
]
READY = "#compare .compare[data-state=ready][data-busy=false]"
RESULT = "#compare .pane.result img"
WAIT = 60_000  # ms: a machine under load
PROFESSOR = "like a calm university professor, window light, no tie"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    pytest.importorskip("playwright.sync_api")
    with serve() as address:
        yield address


def box(page: Any, name: str) -> Any:
    return page.locator(f"#{name} textarea, #{name} input").first


def line(page: Any, panel: str, said: str) -> Any:
    return page.locator(f"#{panel} .row").filter(has=page.locator(".said", has_text=said)).first


@pytest.mark.parametrize("width", [1440, 390])
def test_words_become_a_control_and_a_lock_is_reported(url: str, width: int, output: Path) -> None:
    with browser_page(url, width=width, has_touch=width < 600) as page:
        page.set_default_timeout(WAIT)
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.set_input_files("#photo input[type=file]", str(photo_path("garan_1.jpg")))
        page.wait_for_selector(READY)
        before = page.locator(RESULT).get_attribute("src")

        box(page, "words").fill(PROFESSOR)
        use = line(page, "words-chips", "window light").locator("button")
        use.wait_for()
        # What own pixels cannot do, and what no control stands for, is there with its reason.
        assert "generator" in line(page, "words-chips", "no tie").inner_text()
        assert "generator" in line(page, "words-chips", "like a calm university professor").inner_text()
        assert " of 77" in page.locator("#words-chips .meter").inner_text()

        page.click("#group-light > button, #group-light .label-wrap")
        softness = page.locator("#set-light-softness input[type=range]")
        stood = float(softness.evaluate("n => n.value"))
        use.click()
        page.wait_for_function("([s, b]) => document.querySelector(s)?.getAttribute('src') !== b", arg=[RESULT, before])
        page.wait_for_selector(READY)
        assert float(softness.evaluate("n => n.value")) > stood
        line(page, "words-chips", "window light").locator(".done").wait_for()
        assert box(page, "words").input_value() == PROFESSOR  # what was written stays

        page.locator("#keep-chips .ready button", has_text="freckles").click()
        line(page, "keep-chips", "freckles").wait_for()
        box(page, "keep").fill(box(page, "keep").input_value() + ", lucky charm")
        page.wait_for_selector("#report .hs-kept >> text=Lucky charm")
        block = page.locator("#report .hs-kept").inner_text()
        assert "What you asked to keep" in block and "Freckles" in block and "Kept" in block

        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=output / f"direct-{width}.png", full_page=True)

        page.click("#kind input")
        page.get_by_role("option", name="Report, JSON").click()
        page.wait_for_selector("#save:not([disabled])")
        with page.expect_download() as waiting:
            page.click("#save")
        kept = json.loads(Path(waiting.value.path()).read_bytes())["kept"]
        assert [k["said"] for k in kept] == ["freckles", "lucky charm"]

        line(page, "keep-chips", "lucky charm").locator("button").click()
        page.wait_for_function("document.querySelectorAll('#keep-chips .row').length === 1")
        assert box(page, "keep").input_value() == "freckles"
        assert faults == []


def test_a_saved_picture_brings_the_list_back(url: str, tmp_path: Path) -> None:
    with browser_page(url) as page:
        page.set_default_timeout(WAIT)
        page.click("#example")
        page.wait_for_selector(READY)
        box(page, "keep").fill("my mole")
        line(page, "keep-chips", "mole").wait_for()
        page.wait_for_selector("#report .hs-kept")
        with page.expect_download() as waiting:
            page.click("#save")
        saved = tmp_path / "headshot.jpg"
        waiting.value.save_as(saved)
        box(page, "keep").fill("")
        page.wait_for_function("!document.querySelector('#keep-chips .row')")
        page.locator("#photo button[aria-label=Clear], #photo button[aria-label='Remove Image']").first.click()
        page.wait_for_selector("#photo input[type=file]", state="attached")
        page.wait_for_selector("#save[disabled]")  # the emptied field is answered: a photo before that would be lost
        page.set_input_files("#photo input[type=file]", str(saved))
        line(page, "keep-chips", "mole").wait_for()
        assert box(page, "keep").input_value() == "my mole"
