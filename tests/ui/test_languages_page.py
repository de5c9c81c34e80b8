"""The page in other languages: the browser's own is spoken, another is kept, and no word is too long at 390 px."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from headshot.language import catalogue, languages
from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, Visits, give, opened, part

pytestmark = pytest.mark.browser

# The words of buttons, tabs, labels and headings that reach out of these, or out of the window.
TOO_LONG = """() => [...document.querySelectorAll("button, label, .hs-heading, h2")].flatMap((box) => {
  const r = box.getBoundingClientRect(), walk = document.createTreeWalker(box, NodeFilter.SHOW_TEXT), out = [];
  const strip = box.closest(".strip, .film, .tray .row, .hs-sr"); // scrolls sideways
  if (strip || !box.checkVisibility({ visibilityProperty: true }) || r.width < 2) return [];
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const range = document.createRange(), style = getComputedStyle(node.parentElement);
    range.selectNodeContents(node);
    const text = range.getBoundingClientRect();
    if (!node.data.trim() || text.width < 2 || style.textOverflow === "ellipsis") continue;
    if (style.transform !== "none") continue;
    if (text.left < r.left - 2 || text.right > r.right + 2 || text.right > innerWidth + 1) out.push(node.data.trim());
  }
  return out;
})"""


def on_a_phone(visit: Visits, app: App, code: str) -> Any:
    """The first page on a phone whose browser likes `code`."""
    page = visit(app.url, width=390, height=844, locale=code)
    opened(page)
    return page


@pytest.mark.sweep
def test_the_browsers_language_is_spoken_and_another_one_kept(app: App, visit: Visits) -> None:
    for code, one in ((code, catalogue(code)) for code in languages()):
        page = on_a_phone(visit, app, code)
        said = str(one.messages.get("Take a photo", "Take a photo"))
        assert page.locator("html").get_attribute("lang") == code and page.inner_text("#camera") == said
        assert page.evaluate(TOO_LONG) == [], code
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with page.expect_navigation():  # from Spanish to German, for this visit and the next one
        page.click("#foot .hs-settings")
        page.select_option("#keys .languages", "de")
    opened(page)
    page.goto(app.url)
    page.wait_for_selector("html[lang=de] #foot .hs-settings")
    assert page.inner_text("#camera") == catalogue("de").messages["Take a photo"]


@pytest.mark.sweep
@pytest.mark.data
def test_no_word_is_too_long_at_work(app: App, visit: Visits, output: Path) -> None:
    for code in languages():
        page = on_a_phone(visit, app, code)
        give(page, "whitson_1.jpg")
        page.wait_for_selector(READY)
        page.wait_for_selector("#verdict .count:not(:empty)", state="attached")
        for name in ("looks", "adjust", "check", "save"):
            part(page, name)
            page.screenshot(path=output / f"page-390-{code}-{name}.png")
            assert page.evaluate(TOO_LONG) == [], (code, name)
