"""The photographer's controls and the gallery's filter in the real app, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from headshot.direction.presets import load_presets
from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, Visits, changed, give, open_group, shown, until
from tests.fixtures.shared_photos import photo_path

pytestmark = [pytest.mark.browser, pytest.mark.data]


@pytest.mark.sweep
def test_filter_look_and_camera(app: App, visit: Visits, output: Path) -> None:
    page = visit(app.url)
    give(page, "whitson_1.jpg")
    page.wait_for_selector(READY)
    first = shown(page)
    # The filter shows what it says, each with a picture of this person.
    page.click("#looks .chip[data-tag=canvas]")
    names = [n.get_attribute("data-name") for n in page.locator("#looks .look:visible").all()]
    assert names == [name for name, p in load_presets().items() if "canvas" in p.tags]
    page.click("#looks .look[data-name=painted-canvas]")
    second = changed(page, first)
    open_group(page, "backdrop")
    texture = page.locator("#set-backdrop-texture input[type=range]")
    texture.wait_for(state="visible")
    assert float(texture.input_value()) == 1.0  # the controls follow the look
    # The camera: the report says that the face moved, and the page says why.
    open_group(page, "crop")
    lens = page.locator("#set-crop-lens input[type=range]")
    lens.wait_for(state="visible")
    lens.fill("1")
    changed(page, second)
    page.wait_for_function("document.querySelector('#compare').textContent.includes('camera was moved')")
    page.wait_for_function("document.querySelector('#report .hs-verdict.hs-amber') !== null")
    # What only a generator can do is there, greyed, with the reason.
    open_group(page, "posing")
    assert page.locator("#set-posing-attire input").is_disabled()
    assert "No generator is set up" in page.locator("#group-posing").inner_text()
    page.screenshot(path=output / "controls-1440.png", full_page=True)


@pytest.mark.sweep
def test_the_filter_on_a_phone(app: App, visit: Visits) -> None:
    page = visit(app.url, width=390, height=844, has_touch=True)
    page.wait_for_selector("#looks .look")
    chips = page.locator("#looks .chip")
    assert chips.count() == 8
    for chip in chips.all():
        box = chip.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["height"] >= 36
    page.tap("#looks .chip[data-tag=mono]")
    assert page.locator("#looks .look:visible").count() == sum("mono" in p.tags for p in load_presets().values())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.sweep
@pytest.mark.parametrize("width", [1440, 390])
def test_the_pose_of_a_photo_without_a_generator(app: App, visit: Visits, width: int, output: Path) -> None:
    page = visit(app.url, width=width, has_touch=width < 600)
    give(page, "whitson_1.jpg")
    page.wait_for_selector(READY)
    before = shown(page)
    open_group(page, "posing")
    assert "never enters your picture" in page.locator("#pose-chips .note").inner_text()
    take(page, "curbeam_1.jpg")
    changed(page, before)  # framed as that photo is
    rows = {r.locator(".said").inner_text(): r for r in page.locator("#pose-chips .row").all()}
    assert list(rows) == ["Turn of the head", "Expression", "Eyes", "Framing", "Camera"]
    assert "Needs a generator" in rows["Expression"].inner_text() and "set" in rows["Framing"].inner_text()
    assert rows["Turn of the head"].get_attribute("data-state") == "off"
    assert page.locator("#set-posing-turn input").input_value() == "As the look says"
    open_group(page, "crop")
    height = page.locator("#set-crop-head_height input[type=range]").input_value()
    assert float(height) == pytest.approx(0.395, abs=0.015)  # the photo's lies on the edge of two steps
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


@pytest.mark.sweep
def test_with_a_generator_the_pose_is_set_and_no_file_stays(generator_app: App, visit: Visits) -> None:
    page = visit(generator_app.url)
    open_group(page, "posing")
    take(page, "wilson_1.jpg")
    assert any(
        p.name == "wilson_1.jpg" for p in generator_app.files(".jpg")
    )  # where the upload lies for the seconds that its preview needs
    page.wait_for_function("document.querySelector('#set-posing-turn input').value === 'Slightly left'")
    assert page.locator("#set-posing-expression input").input_value() == "Smile"
    assert page.locator("#set-posing-gaze input").input_value() == "Into the camera"
    assert "your face stays your own pixels" in page.locator("#pose-chips").inner_text()  # on this rung
    assert page.locator("#pose-chips .done").count() == 4
    assert until(lambda: not generator_app.files(".jpg"))
