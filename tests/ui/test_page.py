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
from tests.fixtures.browser import READY, Visits, changed, give, open_group, save, shown, until
from tests.fixtures.shared_photos import sitting

pytestmark = [pytest.mark.browser, pytest.mark.data]


@pytest.fixture
def page(app: App, visit: Visits) -> Any:
    """A fresh visitor at 1440 px."""
    page = visit(app.url)
    page.wait_for_selector("#looks .look")
    return page


def picture(data: bytes) -> tuple[Image.Image, np.ndarray]:
    image = Image.open(io.BytesIO(data))
    return image, np.asarray(image.convert("RGB"))


def test_photo_to_download(page: Any, app: App, output: Path) -> None:
    give(page, "whitson_1.jpg")
    page.wait_for_selector(READY)
    first = shown(page)
    assert "hs-checks" in page.locator("#checks").inner_html()
    name, data = save(page)
    image, pixels = picture(data)
    assert name == "headshot.jpg" and image.format == "JPEG" and image.size == (1000, 1000)
    assert b"digitalsourcetype/algorithmicallyEnhanced" in data and not image.getexif()
    page.wait_for_selector("#report .hs-report")
    assert page.locator("#report .hs-finding").count() >= 5

    # A slider: the light from the left at full strength.
    open_group(page, "light")
    strength = page.locator("#set-light-strength input[type=range]")
    strength.wait_for(state="visible")
    strength.fill("1")
    second = changed(page, first)

    # A preset: black and white. The controls follow it.
    page.click("#looks .look[data-name=mono]")
    changed(page, second)
    assert float(strength.input_value()) == pytest.approx(0.55)
    name, data = save(page)
    image, grey = picture(data)
    assert image.width / image.height == pytest.approx(4 / 5, abs=0.01)
    assert np.ptp(grey.astype(int), axis=2).mean() < 2 < np.ptp(pixels.astype(int), axis=2).mean()

    # Blink: a hard cut by key, and by button.
    root = page.locator("#compare .compare")
    page.locator("#compare .stage").focus()
    page.keyboard.press("b")
    assert root.get_attribute("data-layer") == "original"
    page.keyboard.press("b")
    assert root.get_attribute("data-layer") == "result"
    page.click("#compare button[data-mode=side]")
    a, b = (
        page.locator(f"#compare .pane.{p} img").evaluate("n => [n.naturalWidth, n.naturalHeight]")
        for p in ("original", "result")
    )
    assert a == b  # framed alike
    page.click("#compare button[data-mode=slider]")
    page.wait_for_timeout(300)
    page.screenshot(path=output / "page-1440.png", full_page=True)
    each_download_is_what_it_says(page)
    the_controls_have_names(page)

    # No result was ever written, and the upload goes by itself.
    assert until(lambda: not app.files(".jpg", ".jpeg", ".png", ".webp"))


def each_download_is_what_it_says(page: Any) -> None:
    """On a page that shows a picture."""
    wanted = {
        "LinkedIn, 800 × 800": ("headshot-linkedin.jpg", "JPEG", (800, 800)),
        "Portrait 4:5, 1080 × 1350": ("headshot-portrait.jpg", "JPEG", (1080, 1350)),
        "Full size, PNG": ("headshot.png", "PNG", None),
    }
    for label, (file, kind, size) in wanted.items():
        page.click("#kind input")
        page.get_by_role("option", name=label).click()
        name, data = save(page)
        image, _ = picture(data)
        assert (name, image.format) == (file, kind) and size in (None, image.size)
        assert b"algorithmicallyEnhanced" in data
    page.wait_for_selector("#report .hs-report")
    page.click("#kind input")
    page.get_by_role("option", name="Report, JSON").click()
    name, data = save(page)
    assert name.endswith(".json") and json.loads(data)["schema"] == 1


def test_a_broken_file_says_so_and_a_good_one_works_after_it(page: Any, app: App) -> None:
    give(page, "broken_truncated.jpg")
    line = page.locator("#checks .hs-red")
    line.wait_for()
    assert re.search("damaged|cut off", line.inner_text()) and "original file" in line.inner_text()
    assert page.locator("#save").is_disabled()
    give(page, "noface_coffee.png")
    page.wait_for_function("document.querySelector('#checks').textContent.includes('No face')")
    give(page, "garan_1.jpg")
    page.wait_for_selector(READY)
    assert page.locator("#save").is_enabled()
    assert "Traceback" not in app.log


@pytest.mark.sweep
def test_clicking_the_other_of_two_faces_takes_that_one(page: Any) -> None:
    give(page, "curbeam_jones_two_faces.jpg")
    page.wait_for_selector(READY)
    first = shown(page)
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
    changed(page, first)
    assert "2 people" in page.locator("#checks").inner_text()


def test_a_phone_has_no_sideways_scroll(app: App, visit: Visits, output: Path) -> None:
    page = visit(app.url, width=390, height=844, has_touch=True, device_scale_factor=2)
    page.click("#example")
    page.wait_for_selector(READY)
    page.wait_for_selector("#report .hs-report")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = page.evaluate(
        """() => [...document.querySelectorAll('.hs-card')].map(n => n.getBoundingClientRect())
        .filter(r => r.width && (r.left < -1 || r.right > 391)).length"""
    )
    assert wide == 0
    page.screenshot(path=output / "page-390.png", full_page=True)


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
    app.end()
    assert list(app.temp.glob("headshot-*")) == []
    assert app.url in app.log and "Traceback" not in app.log
