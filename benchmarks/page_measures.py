"""What the page is judged by, measured in Chromium: controls, what is in sight, Tab stops, targets, shifts, bytes.

    python -m benchmarks.page_measures PHOTO [URL]

Without URL the app is started. Times depend on the machine; all else does not. Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, controls, launched

VERDICT = "#verdict .count:not(:empty), #report .hs-summary"
SHIFTS = """() => { window.shifts = 0; new PerformanceObserver((list) => { for (const e of list.getEntries())
  if (!e.hadRecentInput) window.shifts += e.value; }).observe({ type: 'layout-shift', buffered: true }); }"""
SMALL = """() => [...document.querySelectorAll('button, a[href], input, summary')].filter((n) => {
  const r = (n.closest('.wrap') && n.role === 'combobox' ? n.closest('.wrap') : n).getBoundingClientRect();
  return n.checkVisibility({ visibilityProperty: true }) && !n.closest('[aria-hidden=true]') && n.type !== 'checkbox'
    && r.width > 1 && r.bottom > 0 && Math.min(r.width, r.height) < 43.5; }).length"""


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


def measured(browser: Any, url: str, photo: Path, width: int, height: int) -> dict[str, Any]:
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
    found: dict[str, Any] = {"controls before a photo": len(controls(page)), "opened, kB": wire.kilobytes()}
    page.evaluate(SHIFTS)
    page.set_input_files("#photo input[type=file]", str(photo))
    page.wait_for_selector(READY, state="attached")
    page.wait_for_selector(VERDICT, state="attached")
    page.wait_for_function("document.querySelectorAll('#looks .look img').length >= 12")
    verdict = "#verdict button" if page.locator("#verdict button").count() else "#report .hs-summary"
    page.wait_for_function("document.querySelectorAll('#looks .look img').length >= 40")
    page.wait_for_timeout(1500)
    found["a photo and forty looks, kB"] = wire.kilobytes()
    found |= {
        "controls with a picture": len(controls(page)),
        "page height, px": page.evaluate("document.documentElement.scrollHeight"),
        "verdict at, px": top(page, verdict),
        "download at, px": top(page, "#save"),
        "first look at, px": top(page, "#looks .look"),
        "stage at, px": top(page, "#compare .stage"),
        "layout shift": round(page.evaluate("window.shifts"), 3),
        "targets under 44 px": page.evaluate(SMALL) if width < 600 else None,
        "Tab stops to Download": tab_stops(page, "#save"),
    }
    if width > 860:
        page.locator("#set-light-warmth input[type=range]").fill("0.4")
        page.wait_for_selector("#history .tile >> nth=1")
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
            figures = {name: measured(browser, url, photo, *size) for name, size in sizes.items()}
        print(json.dumps(figures, indent=2, ensure_ascii=False))
        if app is not None:
            app.end()


if __name__ == "__main__":
    main()
