"""Every state of the page at three widths, light and dark: WCAG 2.2 AA by axe-core, and a picture of each to look at.

The pictures lie in test-output/states/. axe-core (MPL-2.0) is no part of the project: npm brings it when the test runs;
without npm or a network the pictures are made all the same.
"""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from benchmarks.page_measures import SHIFTS
from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, Visits, give, give_file, open_controls, opened, part
from tests.fixtures.shared_photos import photo_path

pytestmark = [pytest.mark.browser, pytest.mark.data, pytest.mark.sweep]
AXE = "axe-core@4.10.2"
RULES = "{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }"
SIZES = ((1440, 900), (1024, 768), (390, 844))
STILL = """() => document.getAnimations().every((one) => one.playState !== "running"
  || one.effect.getTiming().iterations === Infinity)"""
# Texts of buttons, headings and paragraphs that are wider than their place, and cut off there.
CUT = """() => [...document.querySelectorAll('button, h2, h3, p, label, summary, th, td')].filter((n) =>
  n.checkVisibility({ visibilityProperty: true }) && n.clientWidth > 2 && getComputedStyle(n).overflowX !== 'visible'
  && n.scrollWidth > n.clientWidth + 1).map((n) => n.outerHTML.slice(0, 100))"""
VERDICT = "#verdict [data-state]:not([data-state=busy], [data-state=empty])"


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core; "" where it cannot be had."""
    npm, folder = shutil.which("npm"), tmp_path_factory.mktemp("axe")
    if npm is None:
        return ""
    packed = subprocess.run([npm, "pack", AXE, "--silent"], cwd=folder, capture_output=True, text=True, check=False)
    if packed.returncode:
        return ""
    with tarfile.open(folder / packed.stdout.strip().splitlines()[-1]) as archive:
        file = archive.extractfile("package/axe.min.js")
        assert file is not None
        return file.read().decode()


class Looks:
    """Takes a picture of a page's state at each size, light and dark, and notes what axe finds there."""

    def __init__(self, folder: Path, axe: str) -> None:
        self._folder, self._axe = folder, axe
        self.found: dict[str, list[str]] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def __call__(self, page: Any, state: str, panel: str = "looks", at: str = "") -> None:
        """`panel`: the part that a phone shows; a desk shows all of them at once. `at`: what is scrolled into sight."""
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            if panel != "looks" and width < 860:
                part(page, panel)
            if at:
                page.locator(at).first.evaluate("(node) => node.scrollIntoView({ block: 'start' })")
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                page.wait_for_function(STILL)
                page.wait_for_timeout(150)
                name = f"{state}-{width}-{scheme}"
                page.screenshot(path=self._folder / f"{name}.png")
                wide = page.evaluate("document.documentElement.scrollWidth")
                found = self._violations(page) if width != 1024 and self._axe else []
                found += [f"wider than the window: {wide} px"] if wide > width else []
                if found:
                    self.found[name] = found
        if panel != "looks":
            part(page, "looks")
        page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")

    def _violations(self, page: Any) -> list[str]:
        """What axe finds: the rule and the beginning of each element."""
        if not page.evaluate("'axe' in window"):
            page.evaluate(self._axe)
        found = page.evaluate(f"axe.run(document, {RULES})")
        return [f"{v['id']}: {node['html'][:140]}" for v in found["violations"] for node in v["nodes"]]


@pytest.fixture
def looks(output: Path, axe: str) -> Looks:
    return Looks(output / "states", axe)


def test_with_own_pixels(app: App, visit: Visits, looks: Looks, tmp_path: Path) -> None:
    page = visit(app.url)
    page.wait_for_selector("#photo input[type=file]", state="attached")
    opened(page)
    page.wait_for_selector("#before-after [data-state=ready]")
    looks(page, "empty")
    page.click("#foot .hs-settings")
    looks(page, "settings")
    page.keyboard.press("Escape")
    give(page, "broken_truncated.jpg")
    page.wait_for_selector("#checks .hs-red")
    looks(page, "error")
    give(page, "whitson_1.jpg")
    page.wait_for_selector("#compare .compare[data-state=ready]")
    page.screenshot(path=looks._folder / "working-1440-light.png")
    page.wait_for_selector(READY)
    page.wait_for_selector(VERDICT)
    looks(page, "looks")
    for name in ("check", "save"):
        part(page, name)
        looks(page, name)
    part(page, "looks")
    open_controls(page)
    looks(page, "controls", "adjust", "#all-controls")
    page.locator("#vary button").first.click()
    page.click("#sheet-make")
    page.wait_for_selector("#sheet .sheet[data-state=done]")
    looks(page, "vary", "adjust", "#sheet")
    page.click("#photo-strip button")
    looks(page, "photo")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    looks(page, "keys")
    page.keyboard.press("Escape")
    page.click("#setup-open")
    page.wait_for_selector("#setup")
    looks(page, "generator-missing", "adjust", "#setup-line")
    small = tmp_path / "small.png"
    with Image.open(photo_path("walz_2.jpg")) as image:  # few of the questions have an answer
        image.convert("RGB").resize((image.width // 6, image.height // 6)).save(small)
    give_file(page, str(small))
    page.wait_for_selector("#verdict .hs-grey")
    page.wait_for_selector(READY)
    looks(page, "grey")
    for name in ("curbeam_jones_two_faces.jpg", "walz_2.jpg", "ferguson_2.jpg"):
        give(page, name)
        page.wait_for_selector("#compare .compare[data-busy=true]")
        page.wait_for_selector(READY)
        page.wait_for_selector(VERDICT)
        looks(page, name.partition(".")[0])
        if "two_faces" in name:
            page.click("#photo-strip button")
            page.wait_for_selector("#faces button")
            looks(page, "group")
            page.keyboard.press("Escape")
    page.get_by_role("tab", name="Check a picture").click()
    page.wait_for_selector("#j-last")
    looks(page, "judge-empty")
    page.set_input_files("#j-other input[type=file]", str(photo_path("garan_1.jpg")))
    page.wait_for_selector("#j-compare .compare[data-state=ready][data-busy=true]")
    page.screenshot(path=looks._folder / "judge-working-1440-light.png")
    page.wait_for_selector(VERDICT.replace("#verdict", "#j-verdict"))
    looks(page, "judge-red")
    assert looks.found == {}


def test_forgotten(app: App, visit: Visits, looks: Looks) -> None:
    page = visit(app.url)
    page.clock.install()
    page.goto(app.url)
    opened(page)
    give(page, "whitson_1.jpg")
    page.wait_for_selector(READY)
    page.wait_for_selector(VERDICT)
    page.clock.fast_forward(500_000)
    page.wait_for_selector("#keys .soon:visible")
    page.clock.resume()
    looks(page, "soon-forgotten")
    page.clock.fast_forward(602_000)
    page.wait_for_selector("#checks >> text=was forgotten, as promised")
    looks(page, "forgotten")
    visit.faults.clear()  # Gradio's stream goes by the same clock and gave up
    assert looks.found == {}


def test_with_a_generator(generator_app: App, visit: Visits, looks: Looks) -> None:
    page = visit(generator_app.url)
    give(page, "whitson_1.jpg")
    page.wait_for_selector(READY)
    page.wait_for_selector(VERDICT)
    looks(page, "generator", "adjust", "#generator")
    page.locator("#ladder [role=radio]").last.click()
    page.wait_for_selector("#make", state="visible")
    looks(page, "generator-ready", "adjust", "#generator")
    open_controls(page)
    page.locator("#set-generate-mode").get_by_text("Draft", exact=True).click()
    page.click("#make")
    page.wait_for_selector("#make-stop", state="visible")
    page.screenshot(path=looks._folder / "generator-working-1440-light.png")
    page.wait_for_selector("#badge >> text=Draft by")
    page.wait_for_selector(READY)
    page.wait_for_selector(VERDICT)
    looks(page, "generator-painted")
    assert looks.found == {}


def test_zoomed_in_twice_and_four_times(app: App, visit: Visits, looks: Looks) -> None:
    """A desk's window of 1440 × 900 at 200% and 400%: nothing is wider than it, and the download can be reached."""
    page = visit(app.url, width=720, height=450)
    opened(page)
    for state in ("empty", "judge-empty", "looks", "adjust", "check", "save", "judge-red"):
        if state.startswith("judge"):
            page.get_by_role("tab", name="Check a picture").click()
        elif state == "looks":
            page.get_by_role("tab", name="Studio").click()
            give(page, "whitson_1.jpg")
            page.wait_for_selector(READY)
            page.wait_for_selector(VERDICT)
        elif state != "empty":
            part(page, state)
        if state == "judge-red":
            page.wait_for_selector("#j-last")
            page.set_input_files("#j-other input[type=file]", str(photo_path("garan_1.jpg")))
            page.wait_for_selector("#j-verdict .hs-red")
        for zoom in (2, 4):
            width, height = 1440 // zoom, 900 // zoom
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(150)
            page.screenshot(path=looks._folder / f"{state}-zoom-{100 * zoom}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (state, zoom)
            assert page.evaluate(CUT) == [], (state, zoom)
            if state in ("looks", "adjust", "check", "save"):
                page.locator("#save").scroll_into_view_if_needed()
                box = page.locator("#save").bounding_box()
                assert box["y"] >= 0 and box["y"] + box["height"] <= height + 1, (state, zoom)


def test_twelve_tab_stops_to_the_download(app: App, visit: Visits) -> None:
    page = visit(app.url)
    give(page, "whitson_1.jpg")
    page.wait_for_selector("#save:not([disabled])")
    page.wait_for_selector(READY)
    page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
    stops: list[str] = []
    while len(stops) < 40 and not page.evaluate("Boolean(document.activeElement?.closest('#save'))"):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement?.outerHTML.slice(0, 100)"))
    assert len(stops) <= 12, stops


@pytest.mark.parametrize(("width", "height"), [SIZES[0], SIZES[2]])
def test_the_page_hardly_moves_while_it_comes(app: App, visit: Visits, width: int, height: int) -> None:
    """The sum of all layout shifts (Layout Instability) from the address to a picture with its verdict: under .02."""
    page = visit(app.url, width=width, height=height, has_touch=width < 600)
    page.evaluate(SHIFTS)
    opened(page)
    give(page, "whitson_1.jpg")
    page.wait_for_selector(READY)
    page.wait_for_selector(VERDICT, state="attached")
    page.wait_for_function("document.querySelectorAll('#looks .look img[src]').length >= 40")
    assert page.evaluate("window.shifts") < 0.02
