"""The photographer's controls and the gallery's filter in the real app, in a real browser."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from headshot.direction.presets import load_presets
from headshot.photo.decode import read_photo
from headshot.photo.subject import find_subject
from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, Visits, changed, give, give_file, open_controls, shown, until
from tests.fixtures.shared_photos import photo_path

pytestmark = [pytest.mark.browser, pytest.mark.data]


@pytest.mark.sweep
def test_filter_look_and_camera(app: App, visit: Visits, output: Path) -> None:
    page = visit(app.url)
    give(page, "whitson_1.jpg")
    page.wait_for_selector(READY)
    first = shown(page)
    # The filter shows what it says, each with a picture of this person.
    page.click("#looks .all")
    page.click("#looks .chip[data-tag=canvas]")
    names = [n.get_attribute("data-name") for n in page.locator("#looks .look:visible").all()]
    assert names == [name for name, p in load_presets().items() if "canvas" in p.tags]
    page.click("#looks .look[data-name=painted-canvas]")
    second = changed(page, first)
    open_controls(page)
    texture = page.locator("#set-backdrop-texture input[type=range]")
    texture.wait_for(state="visible")
    assert float(texture.input_value()) == 1.0  # the controls follow the look
    # The camera: the report says that the face moved, and the page says why.
    open_controls(page)
    lens = page.locator("#set-crop-lens input[type=range]")
    lens.wait_for(state="visible")
    lens.fill("1")
    changed(page, second)
    page.wait_for_function("document.querySelector('#compare').textContent.includes('camera was moved')")
    page.wait_for_selector("#verdict .hs-amber")
    # What only a generator can do is one quiet line.
    assert page.locator("#set-posing-attire").count() == 0 and page.locator("#ladder").count() == 0
    assert page.locator("#setup-open").is_visible() and "non-commercial" in page.locator("#setup-line").inner_text()
    # The drawer's search.
    page.get_by_role("searchbox", name="Find a control").fill("corners")
    assert page.locator("#all-controls [id^=set-]:visible").count() == 1
    page.screenshot(path=output / "controls-1440.png", full_page=True)


@pytest.mark.sweep
def test_the_filter_on_a_phone(app: App, visit: Visits) -> None:
    page = visit(app.url, width=390, height=844, has_touch=True)
    give(page, "whitson_1.jpg")
    page.wait_for_selector(READY)
    page.tap("#looks .all")
    chips = page.locator("#looks .chip")
    assert chips.count() == 8
    for chip in chips.all():
        box = chip.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["height"] >= 44
    page.tap("#looks .chip[data-tag=mono]")
    assert page.locator("#looks .look:visible").count() == sum("mono" in p.tags for p in load_presets().values())


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
    give(page, "whitson_1.jpg")
    page.wait_for_selector(READY)
    open_controls(page)
    take(page, "wilson_1.jpg")
    page.wait_for_function("document.querySelector('#set-posing-turn input').value === 'Slightly left'")
    assert page.locator("#set-posing-expression input").input_value() == "Smile"
    assert page.locator("#set-posing-gaze input").input_value() == "Into the camera"
    assert "your face stays your own pixels" in page.locator("#pose-chips").inner_text()  # on this rung
    assert page.locator("#pose-chips .done").count() == 4
    assert until(lambda: not generator_app.files(".jpg"))


@pytest.mark.sweep
def test_a_cut_out_in_doubt_is_shown_and_one_click_hides_it(app: App, visit: Visits, output: Path) -> None:
    """The report's own button presses the adjustment, wherever on the page that stands."""
    page = visit(app.url)
    give(page, "curbeam_1.jpg")
    page.wait_for_selector(READY)
    page.wait_for_selector("#report .hs-doubt img", state="attached")
    first = shown(page)
    page.screenshot(path=output / "doubt-1440.png", full_page=True)
    page.evaluate("document.querySelector('#report .hs-way-out').click()")  # its tab may be folded away
    changed(page, first)
    page.wait_for_function("!document.querySelector('#report .hs-doubt')")


@pytest.mark.sweep
def test_beyond_a_photo_that_ends_early_is_plain_surround(
    app: App, visit: Visits, tmp_path: Path, output: Path
) -> None:
    """The photo ends right over the head: the frame goes on, the original in one grey that says so, the headshot in
    its backdrop.
    """
    path = photo_path("wilson_1.jpg")
    subject = find_subject(read_photo(path))
    with Image.open(path) as whole:
        top = int(subject.landmarks[10, 1] - 1.2 * subject.eye_distance)
        whole.convert("RGB").crop((0, top, *whole.size)).save(tmp_path / "early.png")
    page = visit(app.url)
    give_file(page, str(tmp_path / "early.png"))
    page.wait_for_selector(READY)
    bands = {}
    for key, layer in (("b", "original"), ("c", "result")):
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press(key)
        page.wait_for_selector(f"#compare .compare[data-layer={layer}]")
        seen = page.locator(f"#compare .pane.{layer} img").screenshot(path=output / f"ends-early-{layer}.png")
        pixels = np.asarray(Image.open(io.BytesIO(seen)).convert("RGB")).astype(int)
        bands[layer] = pixels[6:14, pixels.shape[1] // 3 : pixels.shape[1] * 2 // 3]
    assert np.ptp(bands["original"]) <= 2  # one grey, not the photo's last row smeared upwards
    assert np.abs(bands["result"].mean(axis=(0, 1)) - bands["original"].mean(axis=(0, 1))).max() > 8
