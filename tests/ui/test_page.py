"""The whole app in a real browser: `python app.py`, a photo, a headshot, changes, a download. And what goes wrong."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, Visits, changed, controls, give, opened, part, save, shown, until
from tests.fixtures.half_sent import half_sent
from tests.fixtures.shared_photos import sitting

pytestmark = [pytest.mark.browser, pytest.mark.data]


@pytest.fixture
def page(app: App, visit: Visits) -> Any:
    """A fresh visitor at 1440 px."""
    page = visit(app.url)
    page.wait_for_selector("#photo input[type=file]", state="attached")
    opened(page)
    return page


def picture(data: bytes) -> tuple[Image.Image, np.ndarray]:
    image = Image.open(io.BytesIO(data))
    return image, np.asarray(image.convert("RGB"))


def test_photo_to_download(page: Any, app: App, output: Path) -> None:
    """Before a photo hardly anything to press; then two clicks to a file, and a walk through the stage's views."""
    assert len(controls(page)) <= 8, controls(page)
    assert len(controls(page, within=True)) <= 5, controls(page, within=True)  # without scrolling
    broken_files_say_so(page)
    give(page, "whitson_1.jpg")
    page.wait_for_selector("#compare .compare[data-state=ready]")  # the original is there at once
    page.wait_for_selector(READY)
    first = shown(page)
    name, data = save(page)
    image, pixels = picture(data)
    assert name == "headshot-linkedin.jpg" and image.format == "JPEG" and image.size == (1000, 1000)
    assert b"digitalsourcetype/algorithmicallyEnhanced" in data and not image.getexif()
    page.wait_for_selector("#verdict .count:not(:empty)")
    assert in_sight(page, "#verdict button") and in_sight(page, "#save") and in_sight(page, "#looks .look >> nth=0")
    page.click("#verdict button")  # the whole table
    assert page.locator("#report .hs-finding").count() >= 5
    page.click("#report .hs-show[data-region=eyes] >> nth=0")  # the stage flies there, and back
    page.wait_for_selector("#compare .spot:visible")
    assert int(page.locator("#compare .scale").inner_text().rstrip("%")) > 100
    page.click("#compare [data-act=fit]")
    part(page, "looks")

    # A slider, and a look: the controls follow it, the stage stays in sight.
    page.locator("#set-light-exposure input[type=range]").fill("0.5")
    second = changed(page, first)
    page.click("#looks .all")
    page.click("#looks .look[data-name=mono]")
    changed(page, second)
    assert (
        in_sight(page, "#compare .stage") and page.locator("#set-light-exposure input[type=range]").input_value() == "0"
    )
    name, data = save(page)
    image, grey = picture(data)
    assert name == "headshot-mono.jpg" and image.width / image.height == pytest.approx(4 / 5, abs=0.01)
    assert np.ptp(grey.astype(int), axis=2).mean() < 2 < np.ptp(pixels.astype(int), axis=2).mean()

    # The views: a hard cut by key, the original while Space is held, circles.
    root = page.locator("#compare .compare")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("b")
    assert root.get_attribute("data-layer") == "original"
    page.keyboard.press("c")
    assert root.get_attribute("data-layer") == "result"
    page.click("#compare button[data-mode=side]")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.down(" ")
    assert (root.get_attribute("data-mode"), root.get_attribute("data-layer")) == ("blink", "original")
    page.keyboard.up(" ")
    assert root.get_attribute("data-mode") == "side"
    a, b = (
        page.locator(f"#compare .pane.{p} img").evaluate("n => [n.naturalWidth, n.naturalHeight]")
        for p in ("original", "result")
    )
    assert a == b  # framed alike
    page.click("#compare button[data-mode=profile]")
    assert page.locator("#compare .circle img").count() == 6
    page.click("#compare button[data-mode=slider]")
    page.screenshot(path=output / "page-1440.png")
    what_others_are_told(page)
    each_download_is_what_it_says(page, grey)
    the_controls_have_names(page)
    a_phone_is_one_screen(page, output)

    assert "Traceback" not in app.log
    # No result was ever written, and the upload goes by itself.
    assert until(lambda: not app.files(".jpg", ".jpeg", ".png", ".webp"))


def in_sight(page: Any, selector: str) -> bool:
    """Whether all of it lies within the window, without scrolling."""
    box, size = page.locator(selector).first.bounding_box(), page.viewport_size
    return bool(box) and 0 <= box["y"] and box["y"] + box["height"] <= size["height"] + 1


def what_others_are_told(page: Any) -> None:
    """The sentence to paste says what was done, for three places; it is copied, and the label is off at first."""
    assert not page.locator("#disclosure .text").is_visible()
    part(page, "save")
    said, places = page.locator("#disclosure .text"), page.locator("#disclosure .places button")
    assert "no AI painted the face" in said.inner_text() and places.count() == 3
    places.first.press("ArrowRight")
    assert places.nth(1).get_attribute("aria-checked") == "true" and "application" in said.inner_text()
    page.click("#disclosure .copy")
    page.wait_for_selector("#disclosure .done:not(:empty)")
    assert not page.is_checked("#label input")
    page.check("#label input")


def each_download_is_what_it_says(page: Any, unlabelled: np.ndarray) -> None:
    """On a page that shows a picture, saved before as `unlabelled`; now with the label in the corner."""
    wanted = {
        "LinkedIn, 800 × 800": ("headshot-mono-800.jpg", "JPEG", (800, 800)),
        "Portrait 4:5, 1080 × 1350": ("headshot-mono-4x5.jpg", "JPEG", (1080, 1350)),
        "Full size, PNG": ("headshot-mono.png", "PNG", None),
    }
    for label, (file, kind, size) in wanted.items():
        page.click("#kind input")
        page.get_by_role("option", name=label).click()
        name, data = save(page)
        image, pixels = picture(data)
        assert (name, image.format) == (file, kind) and size in (None, image.size)
        if size is None:
            y, x = np.nonzero(np.abs(pixels.astype(int) - unlabelled).max(axis=-1) > 60)
            assert len(y) and y.min() > 0.9 * image.height and x.min() > 0.6 * image.width
        assert b"algorithmicallyEnhanced" in data
    page.wait_for_selector("#verdict .count:not(:empty)")
    page.click("#kind input")
    page.get_by_role("option", name="Report, JSON").click()
    name, data = save(page)
    assert name.endswith(".json") and json.loads(data)["schema"] == 1


def broken_files_say_so(page: Any) -> None:
    """On the first page: what is no photo of anybody is refused in words, and the next file is as welcome."""
    give(page, "broken_truncated.jpg")
    line = page.locator("#checks .hs-red")
    line.wait_for()
    assert re.search("damaged|cut off", line.inner_text()) and "original file" in line.inner_text()
    assert not page.locator("#work").is_visible()
    give(page, "noface_coffee.png")
    page.wait_for_function("document.querySelector('#checks').textContent.includes('No face')")


@pytest.mark.sweep
def test_clicking_the_other_of_two_faces_takes_that_one(page: Any) -> None:
    give(page, "curbeam_jones_two_faces.jpg")
    page.wait_for_selector(READY)
    first = shown(page)
    page.click("#photo-strip button")
    assert "2 people" in page.locator("#checks").inner_text()
    one = sitting("curbeam_jones_two_faces.jpg")
    x0, y0, x1, y1 = one.subject.faces[1 - one.subject.chosen].box
    at = ((x0 + x1) / 2 / one.photo.width, (y0 + y1) / 2 / one.photo.height)
    page.wait_for_selector("#photo img")
    box = page.locator("#photo img").evaluate(
        """n => { const r = n.getBoundingClientRect();
        const s = Math.min(r.width / n.naturalWidth, r.height / n.naturalHeight);
        const w = n.naturalWidth * s, h = n.naturalHeight * s;
        return [r.left + (r.width - w) / 2, r.top + (r.height - h) / 2, w, h]; }"""
    )
    page.mouse.click(box[0] + at[0] * box[2], box[1] + at[1] * box[3])
    second = changed(page, first)
    assert "2 people" in page.locator("#checks").text_content()
    # The same by keyboard, from buttons that are as large however small the faces are.
    names = page.locator("#faces button").evaluate_all("n => n.map(b => b.getAttribute('aria-label'))")
    assert names == ["Face 1 of 2", "Face 2 of 2"]
    page.locator("#faces [aria-pressed=false]").focus()
    page.keyboard.press("Enter")
    changed(page, second)
    page.keyboard.press("Escape")
    page.wait_for_selector("#photo-strip button:focus")
    assert page.locator("#work").is_visible()


def a_phone_is_one_screen(page: Any, output: Path) -> None:
    """The stage above, its verdict on it, four parts below, the download at the lower edge; nothing to scroll."""
    page.set_viewport_size({"width": 390, "height": 844})
    touch = page.context.new_cdp_session(page)
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    for name in ("looks", "adjust", "check", "save"):
        part(page, name)
        for what in ("#compare .stage", "#verdict button", "#save", "#panels"):
            assert in_sight(page, what), (name, what)
        wide = page.evaluate(
            """() => [...document.querySelectorAll('#work .hs-part *, #bar *, #panels *')]
            .map(n => [n.getBoundingClientRect(), n])
            .filter(([r]) => r.width && r.height && (r.left < -1 || r.right > 391))
            .map(([r, n]) => n.outerHTML.slice(0, 120))"""
        )
        small = page.evaluate(
            """() => [...document.querySelectorAll('#work button, #work input, #top button, #keys button')]
            .filter(n => n.checkVisibility() && n.offsetParent && n.type !== "file" && n.type !== "checkbox")
            .map(n => [(n.closest('#kind .wrap') || n).getBoundingClientRect(), n])
            .filter(([r]) => r.width > 1 && r.height < 43.5)
            .map(([r, n]) => [n.outerHTML.slice(0, 90), r.height])"""
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 390 and small == [], (name, small)
        assert page.evaluate("document.documentElement.scrollHeight") <= 845, name
        assert name == "looks" or wide == [], (name, wide)
        page.screenshot(path=output / f"page-390-{name}.png")
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    page.set_viewport_size({"width": 1440, "height": 1000})


def the_controls_have_names(page: Any) -> None:
    """What a screen reader would say: every control has an accessible name."""
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, input:not([type=hidden]):not([type=file]), [role=slider]')]
          .filter(n => n.offsetParent && !(n.ariaLabel || n.title || n.innerText.trim() || n.closest('label')
            || (n.labels && n.labels.length) || n.getAttribute('aria-labelledby')))
          .map(n => n.outerHTML.slice(0, 160))"""
    )
    assert nameless == []


def test_the_app_ends_and_takes_its_temp_folder_along(app: App) -> None:
    """Sorted to the end of the run (conftest), as the next test that asks for the app would have to start it anew."""
    assert app.url and any(app.temp.glob("headshot-*"))
    address = app.url
    with half_sent(address):  # in the middle of somebody's upload
        assert until(lambda: bool(app.files()))
        assert app.end() == 0
    assert list(app.temp.rglob("*")) == []
    assert address in app.log and "Traceback" not in app.log
