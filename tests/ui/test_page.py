"""The whole app in a real browser: `python app.py`, a photo, a headshot, changes, a download. And what goes wrong."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from PIL import Image

from tests import ROOT
from tests.fixtures.shared_photos import photo_path, sitting

pytestmark = [pytest.mark.browser, pytest.mark.data]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
READY = "#compare .compare[data-state=ready][data-busy=false]"
RESULT = "#compare .pane.result img"
WAIT = 60_000  # ms: a machine under load


class App(NamedTuple):
    url: str
    temp: Path
    log: Path
    process: subprocess.Popen[bytes]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app as `make run` starts it, on a free port, with a temp folder of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    temp = tmp_path_factory.mktemp("app")
    log = temp.parent / "app.log"
    environment = {**os.environ, "PORT": str(port), "TMPDIR": str(temp), "PYTHONUNBUFFERED": "1"}
    environment.pop("HOST", None)
    with log.open("wb") as stream:
        process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=stream, stderr=stream)
    url = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=2):
                break
        except OSError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.2)
    yield App(url, temp, log, process)
    if process.poll() is None:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM:
        pytest.skip("chromium is not installed")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def page(app: App, browser: Any, output: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A fresh visitor at 1440 px. Fails on a script error and on a request to elsewhere; keeps a failure's picture."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(WAIT)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    own = (app.url, app.url.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(own) else faults.append(r.url))
    page.goto(app.url)
    page.wait_for_selector("#photo input[type=file]", state="attached")
    yield page
    if getattr(request.node, "call_report", None) is not None and request.node.call_report.failed:
        (output / "failures").mkdir(exist_ok=True)
        page.screenshot(path=output / "failures" / f"{request.node.name}.png", full_page=True)
    context.close()
    assert faults == []


def give(page: Any, name: str) -> None:
    page.set_input_files("#photo input[type=file]", str(photo_path(name)))


def shown(page: Any) -> str:
    return str(page.locator(RESULT).get_attribute("src"))


def changed(page: Any, before: str, timeout: float = 60_000) -> str:
    """Wait until another picture is shown and the work is over."""
    page.wait_for_function(
        "([s, b]) => { const n = document.querySelector(s); return n && n.getAttribute('src') !== b; }",
        arg=[RESULT, before],
        timeout=timeout,
    )
    page.wait_for_selector(READY)
    return shown(page)


def save(page: Any) -> tuple[str, bytes]:
    page.wait_for_selector("#save:not([disabled])")
    with page.expect_download() as waiting:
        page.click("#save")
    done = waiting.value
    return done.suggested_filename, Path(done.path()).read_bytes()


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
    page.click("#group-light > button, #group-light .label-wrap")
    strength = page.locator("#set-light-strength input[type=range]")
    strength.wait_for(state="visible")
    strength.fill("1")
    try:
        second = changed(page, first, 20_000)
    except pytest.importorskip("playwright.sync_api").TimeoutError:
        # Seen once on a crowded machine: a move in the moment the group opens was lost.
        strength.fill("0.95")
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

    # No result was ever written, and the upload goes by itself.
    def kept() -> list[Path]:
        return [p for p in app.temp.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp")]

    end = time.monotonic() + 40
    while kept() and time.monotonic() < end:
        time.sleep(0.5)
    assert kept() == []


def test_each_download_is_what_it_says(page: Any) -> None:
    page.click("#example")
    page.wait_for_selector(READY)
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
    assert "Traceback" not in app.log.read_text()


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


def test_a_phone_has_no_sideways_scroll(app: App, browser: Any, output: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, device_scale_factor=2)
    page = context.new_page()
    page.set_default_timeout(WAIT)
    page.goto(app.url)
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
    context.close()


def test_the_controls_have_names(page: Any) -> None:
    """What a screen reader would say: every control has an accessible name."""
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, input:not([type=hidden]):not([type=file]), [role=slider]')]
          .filter(n => n.offsetParent && !(n.ariaLabel || n.title || n.innerText.trim() || n.closest('label')
            || (n.labels && n.labels.length) || n.getAttribute('aria-labelledby')))
          .map(n => n.outerHTML.slice(0, 160))"""
    )
    assert nameless == []


def test_the_app_ends_and_takes_its_temp_folder_along(app: App) -> None:
    """Last of all: SIGTERM, as a container or a service manager sends it."""
    assert any(app.temp.glob("headshot-*"))
    app.process.send_signal(signal.SIGTERM)
    app.process.wait(timeout=20)
    assert list(app.temp.glob("headshot-*")) == []
    log = app.log.read_text()
    assert app.url in log and "Traceback" not in log
