"""The photographer's controls and the gallery's filter in the real app, in a real browser."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from headshot.direction.presets import load_presets
from tests.fixtures import tiny_machine
from tests.fixtures.app_server import CHROMIUM, browser_page, serve
from tests.fixtures.shared_photos import photo_path

pytestmark = [pytest.mark.browser, pytest.mark.data]
READY = "#compare .compare[data-state=ready][data-busy=false]"
RESULT = "#compare .pane.result img"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    pytest.importorskip("playwright.sync_api")
    if not Path(CHROMIUM).exists():
        pytest.skip("chromium is not installed")
    with serve() as address:
        yield address


def changed(page: Any, before: str) -> str:
    page.wait_for_function(
        "([s, b]) => { const n = document.querySelector(s); return n && n.getAttribute('src') !== b; }",
        arg=[RESULT, before],
        timeout=60_000,
    )
    page.wait_for_selector(READY)
    return str(page.locator(RESULT).get_attribute("src"))


def test_filter_look_and_camera(url: str, output: Path) -> None:
    with browser_page(url) as page:
        page.set_input_files("#photo input[type=file]", str(photo_path("whitson_1.jpg")))
        page.wait_for_selector(READY, timeout=60_000)
        first = str(page.locator(RESULT).get_attribute("src"))
        # The filter shows what it says, each with a picture of this person.
        page.click("#looks .chip[data-tag=canvas]")
        names = [n.get_attribute("data-name") for n in page.locator("#looks .look:visible").all()]
        assert names == [name for name, p in load_presets().items() if "canvas" in p.tags]
        page.click("#looks .look[data-name=painted-canvas]")
        second = changed(page, first)
        page.locator("#group-backdrop .label-wrap, #group-backdrop > button").first.click()
        texture = page.locator("#set-backdrop-texture input[type=range]")
        texture.wait_for(state="visible")
        assert float(texture.input_value()) == 1.0  # the controls follow the look
        # The camera: the report says that the face moved, and the page says why.
        page.locator("#group-crop .label-wrap, #group-crop > button").first.click()
        lens = page.locator("#set-crop-lens input[type=range]")
        lens.wait_for(state="visible")
        time.sleep(0.5)  # a move in the moment the group opens can be lost
        lens.fill("1")
        changed(page, second)
        page.wait_for_function("document.querySelector('#compare').textContent.includes('camera was moved')")
        page.wait_for_function("document.querySelector('#report .hs-verdict.hs-amber') !== null", timeout=60_000)
        # What only a generator can do is there, greyed, with the reason.
        page.locator("#group-posing .label-wrap, #group-posing > button").first.click()
        assert page.locator("#set-posing-attire input").is_disabled()
        assert "No generator is set up" in page.locator("#group-posing").inner_text()
        page.screenshot(path=output / "controls-1440.png", full_page=True)


def test_the_filter_on_a_phone(url: str) -> None:
    with browser_page(url, width=390, height=844, has_touch=True) as page:
        chips = page.locator("#looks .chip")
        assert chips.count() == 8
        for chip in chips.all():
            box = chip.bounding_box()
            assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["height"] >= 36
        page.tap("#looks .chip[data-tag=mono]")
        assert page.locator("#looks .look:visible").count() == sum("mono" in p.tags for p in load_presets().values())
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pose_of_a_photo_without_a_generator(url: str, width: int, output: Path) -> None:
    with browser_page(url, width=width, has_touch=width < 600) as page:
        page.set_default_timeout(60_000)
        page.set_input_files("#photo input[type=file]", str(photo_path("whitson_1.jpg")))
        page.wait_for_selector(READY)
        before = str(page.locator(RESULT).get_attribute("src"))
        page.locator("#group-posing .label-wrap, #group-posing > button").first.click()
        assert "never enters your picture" in page.locator("#pose-chips .note").inner_text()
        take(page, "curbeam_1.jpg")
        changed(page, before)  # framed as that photo is
        rows = {r.locator(".said").inner_text(): r for r in page.locator("#pose-chips .row").all()}
        assert list(rows) == ["Turn of the head", "Expression", "Eyes", "Framing", "Camera"]
        assert "Needs a generator" in rows["Expression"].inner_text() and "set" in rows["Framing"].inner_text()
        assert rows["Turn of the head"].get_attribute("data-state") == "off"
        assert page.locator("#set-posing-turn input").input_value() == "As the look says"
        page.locator("#group-crop .label-wrap, #group-crop > button").first.click()
        assert page.locator("#set-crop-head_height input[type=range]").input_value() == "0.39"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=output / f"pose-{width}.png", full_page=True)
        take(page, "linteris_profile.jpg")
        page.wait_for_selector("#pose-chips .note >> text=turned too far")
        assert page.locator("#pose-chips .row").count() == 0


def take(page: Any, name: str) -> None:
    with page.expect_file_chooser() as chooser:
        page.click("#pose")
    chooser.value.set_files(str(photo_path(name)))
    page.wait_for_function(
        "n => document.querySelector('#pose-chips .note').textContent.includes(n) || "
        "document.querySelector('#pose-chips .row')",
        arg="too far",
    )


def test_with_a_generator_the_pose_is_set_and_no_file_stays(tmp_path: Path) -> None:
    temp = tmp_path / "temp"
    temp.mkdir()
    machine = {**os.environ, **tiny_machine.build(tmp_path / "machine"), "TMPDIR": str(temp)}
    with serve(machine) as url, browser_page(url) as page:
        page.set_default_timeout(60_000)
        page.locator("#group-posing .label-wrap, #group-posing > button").first.click()
        take(page, "wilson_1.jpg")
        assert list(temp.rglob("wilson_1.jpg"))  # where the upload lies for the seconds that its preview needs
        page.wait_for_function("document.querySelector('#set-posing-turn input').value === 'Slightly left'")
        assert page.locator("#set-posing-expression input").input_value() == "Smile"
        assert page.locator("#set-posing-gaze input").input_value() == "Into the camera"
        assert "your face stays your own pixels" in page.locator("#pose-chips").inner_text()  # on this rung
        assert page.locator("#pose-chips .done").count() == 4
        end = time.monotonic() + 60
        while (left := list(temp.rglob("*.jpg"))) and time.monotonic() < end:
            time.sleep(0.2)
        assert left == []
