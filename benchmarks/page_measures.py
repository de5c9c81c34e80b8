"""What the page is judged by, measured in Chromium: clicks, controls, what is in sight, Tab stops, targets, shifts,
bytes, and the seconds until the photo, the first picture, twelve looks, the verdict and all looks are there.

    python -m benchmarks.page_measures PHOTO [URL]

Without URL the app is started, and its processor seconds are counted too. Seconds depend on the machine, all else does
not. Prints one JSON object. Dead controls and lost pictures are what tests/ui/make/test_walk_page.py looks for;
axe-core runs in tests/ui/test_every_state.py.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, changed, controls, launched, shown

VERDICT = "#verdict .count:not(:empty), #report .hs-summary"
SHIFTS = """() => { window.shifts = 0; new PerformanceObserver((list) => { for (const e of list.getEntries())
  if (!e.hadRecentInput) window.shifts += e.value; }).observe({ type: 'layout-shift', buffered: true }); }"""
SMALL = """() => [...document.querySelectorAll('button, a[href], input, summary')].filter((n) => {
  const r = (n.closest('.wrap') && n.role === 'combobox' ? n.closest('.wrap') : n).getBoundingClientRect();
  return n.checkVisibility({ visibilityProperty: true }) && !n.closest('[aria-hidden=true]') && n.type !== 'checkbox'
    && r.width > 1 && r.bottom > 0 && Math.min(r.width, r.height) < 43.5; }).length"""


# When each of these was first true, s since `begin()`; looked at in every frame.
STAGES = """() => {
  const many = (n) => document.querySelectorAll('#looks .look img[src]').length >= n, at = {};
  const stage = '#compare .compare[data-state=ready]', one = (s) => document.querySelector(s);
  const there = { "photo on the stage": () => one(stage + ' .pane.original img[src]'),
    "first picture": () => one(stage + '[data-busy=false]'), "twelve looks": () => many(12),
    "verdict": () => one('#verdict [data-state]:not([data-state=busy], [data-state=empty])'),
    "all looks": () => many(40) };
  let begun = 0;
  window.begin = () => { begun = performance.now(); window.stages = at; look(); };
  function look() {
    const now = (performance.now() - begun) / 1000;
    for (const [name, is] of Object.entries(there)) if (!(name in at) && is()) at[name] = now;
    if (Object.keys(at).length < Object.keys(there).length) requestAnimationFrame(look);
  } }"""


class Wire:
    """The bytes that a page was sent since it was last asked, as they came, packed or not."""

    def __init__(self, page: Any) -> None:
        self._whole: dict[str, bool] = {}
        self._bytes = 0
        cdp = page.context.new_cdp_session(page)
        cdp.send("Network.enable")
        cdp.on("Network.requestWillBeSent", self._asked)
        cdp.on("Network.dataReceived", self._came)
        cdp.on("Network.loadingFinished", self._over)

    def _asked(self, event: dict[str, Any]) -> None:
        url = event["request"]["url"]
        if url.startswith("http"):  # not what the page has made itself
            self._whole[event["requestId"]] = "/queue/data" not in url

    def _came(self, event: dict[str, Any]) -> None:
        if self._whole.get(event["requestId"]) is False:  # answers come in a stream that stays open
            self._bytes += event["dataLength"]

    def _over(self, event: dict[str, Any]) -> None:
        if self._whole.get(event["requestId"]):
            self._bytes += event["encodedDataLength"]

    def kilobytes(self) -> int:
        """So many since the last time, thousands."""
        found, self._bytes = round(self._bytes / 1000), 0
        return found


def top(page: Any, selector: str) -> float | None:
    """How far down the page something begins, px; None where it is not to be seen."""
    box = page.locator(selector).first.bounding_box()
    return None if box is None else round(box["y"] + page.evaluate("scrollY"))


def tab_stops(page: Any, selector: str, most: int = 120) -> int | None:
    """How often Tab is pressed from the page's beginning until `selector` has the focus; None above `most`."""
    page.evaluate("document.activeElement?.blur(); window.getSelection()?.removeAllRanges(); scrollTo(0, 0)")
    for count in range(1, most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.querySelector(s)?.contains(document.activeElement)", selector):
            return count
    return None


def in_sight(page: Any, selector: str) -> bool:
    """Whether the middle of the first one lies in the window, without scrolling."""
    box, size = page.locator(selector).first.bounding_box(), page.viewport_size
    return box is not None and 0 <= box["y"] + box["height"] / 2 <= size["height"]


def clicks_to_a_download(browser: Any, url: str) -> int:
    """How many clicks an example takes from the first page to a file."""
    page = browser.new_page()
    page.set_default_timeout(300_000)
    page.goto(url)
    page.click("#examples button >> nth=0")
    page.wait_for_selector("#save:not([disabled])")
    with page.expect_download():
        page.click("#save")
    page.close()
    return 2


def processor_seconds(app: App | None) -> float:
    """Of the app's own process so far; 0 where it is not ours."""
    if app is None:
        return 0.0
    fields = Path(f"/proc/{app.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(browser: Any, url: str, photo: Path, width: int, height: int, app: App | None) -> dict[str, Any]:
    """The figures at one size of the window."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=width < 600, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(300_000)
    wire = Wire(page)
    page.goto(url)
    page.wait_for_selector("#photo input[type=file]", state="attached")
    page.wait_for_timeout(1500)
    found: dict[str, Any] = {
        "controls before a photo": len(controls(page)),
        "controls before a photo, in the window": len(controls(page, within=True)),
        "opened, kB": wire.kilobytes(),
    }
    page.evaluate(SHIFTS)
    page.evaluate(STAGES)
    page.evaluate("begin()")
    busy = processor_seconds(app)
    page.set_input_files("#photo input[type=file]", str(photo))
    page.wait_for_selector(READY, state="attached")
    page.wait_for_selector(VERDICT, state="attached")
    page.wait_for_function("document.querySelectorAll('#looks .look img').length >= 12")
    verdict = "#verdict button" if page.locator("#verdict button").count() else "#report .hs-summary"
    page.wait_for_function("Object.keys(window.stages).length === 5")
    found["processor seconds until all looks"] = round(processor_seconds(app) - busy, 1)
    found |= {f"{name}, s": round(at, 2) for name, at in page.evaluate("window.stages").items()}
    page.wait_for_timeout(1500)
    found["a photo and forty looks, kB"] = wire.kilobytes()
    found |= {
        "controls with a picture": len(controls(page)),
        "page height, px": page.evaluate("document.documentElement.scrollHeight"),
        "verdict in sight": in_sight(page, verdict),
        "verdict at, px": top(page, verdict),
        "download at, px": top(page, "#save"),
        "first look at, px": top(page, "#looks .look"),
        "stage at, px": top(page, "#compare .stage"),
        "layout shift": round(page.evaluate("window.shifts"), 3),
        "targets under 44 px": page.evaluate(SMALL) if width < 600 else None,
        "Tab stops to Download": tab_stops(page, "#save"),
    }
    page.evaluate("scrollTo(0, 0)")
    before = shown(page)
    page.click("#looks .look[aria-checked=false]:visible >> nth=0")
    changed(page, before)
    found["a tapped look and its picture in sight"] = all(
        in_sight(page, part) for part in ("#looks .look[aria-checked=true]", "#compare .stage", "#verdict button")
    )
    if width > 860:
        wire.kilobytes()
        page.locator("#set-light-warmth input[type=range]").fill("0.4")
        page.wait_for_selector("#history .tile >> nth=2")
        page.wait_for_selector(READY)
        page.wait_for_selector(VERDICT, state="attached")
        page.wait_for_timeout(1500)
        found["a slider, its picture and verdict, kB"] = wire.kilobytes()
    context.close()
    return found


def main() -> None:
    """Measure at both sizes and print."""
    photo = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        app = App(Path(folder)) if len(sys.argv) < 3 else None
        url = app.url if app is not None else sys.argv[2]
        sizes = {"1440 × 900": (1440, 900), "390 × 844": (390, 844)}
        with launched() as browser:
            figures: dict[str, Any] = {"clicks to a download": clicks_to_a_download(browser, url)}
            figures |= {name: measured(browser, url, photo, *size, app) for name, size in sizes.items()}
        print(json.dumps(figures, indent=2, ensure_ascii=False))
        if app is not None:
            app.end()


if __name__ == "__main__":
    main()
