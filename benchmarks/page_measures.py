"""What the page is judged by, measured in Chromium: controls, clicks, what is in sight, Tab stops, targets, shifts.

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
    page.goto(url)
    page.wait_for_selector("#photo input[type=file]", state="attached")
    page.wait_for_timeout(1500)
    found: dict[str, Any] = {"controls before a photo": len(controls(page))}
    page.evaluate(SHIFTS)
    page.set_input_files("#photo input[type=file]", str(photo))
    page.wait_for_selector(READY, state="attached")
    page.wait_for_selector(VERDICT, state="attached")
    page.wait_for_function("document.querySelectorAll('#looks .look img').length >= 12")
    verdict = "#verdict button" if page.locator("#verdict button").count() else "#report .hs-summary"
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
