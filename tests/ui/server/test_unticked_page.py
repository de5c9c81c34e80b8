"""In the browser on an app for strangers: everything is pressed with the box unticked, and nothing is shown."""

from __future__ import annotations

from typing import Any

import pytest

from headshot.ui.components.consent import FIRST
from tests.fixtures.browser import READY, Visits, opened
from tests.fixtures.served import Served
from tests.fixtures.shared_photos import photo_path

SHOWN = "#compare img:is([src^=data], [src^=blob]), #looks img, #report figure, #history .tile, #photo-strip img"
CHECKED = "#j-compare img:is([src^=data], [src^=blob]), #j-report figure"

# Presses all that can be seen and pressed, but what takes a photo or the box away, or asks for a file; a sheet that
# opens over the page is closed again, for it would take every click after it. Returns what was pressed.
PRESS = """async () => {
  const said = [];
  for (const one of document.querySelectorAll("button, summary, [role=button]")) {
    if (!one.offsetParent || one.disabled) continue;
    if (one.closest("[role=tablist], #examples, .image-frame, .upload-container, label")) continue;
    const name = (one.getAttribute("aria-label") || one.textContent || "").trim();
    if (/remove|clear|change|upload|webcam|clipboard|camera|photo/i.test(name)) continue;
    said.push(name);
    one.click();
    await new Promise((done) => setTimeout(done, 100));
    for (const sheet of document.querySelectorAll("dialog[open]")) sheet.close();
  }
  return said;
}"""


@pytest.mark.sweep
@pytest.mark.browser
@pytest.mark.data
@pytest.mark.parametrize("served", ["for strangers"], indirect=True)
def test_unticked_nothing_is_shown_whatever_is_pressed_and_ticked_everything(served: Served, visit: Visits) -> None:
    page, pressed = visit(served.url), list[str]()

    def tab(name: str) -> None:
        page.locator("#tabs button[role=tab]", has_text=name).first.click()

    def give(field: str, name: str) -> None:
        page.set_input_files(f"#{field} input[type=file]", str(photo_path(name)))

    def press_all() -> None:
        before: Any = None
        while before != (before := page.evaluate("document.querySelectorAll('button:not([disabled])').length")):
            pressed.extend(page.evaluate(PRESS))
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        page.wait_for_timeout(1000)

    opened(page)
    give("photo", "coleman_1.jpg")
    page.wait_for_selector(f"#checks >> text={FIRST}")
    press_all()
    assert page.locator(SHOWN).count() == 0 and not page.locator("#work").is_visible()
    tab("Check")
    give("j-original", "coleman_1.jpg")
    give("j-other", "coleman_2.jpg")
    page.wait_for_selector(f"#j-compare >> text={FIRST}")
    press_all()
    assert page.locator(CHECKED).count() == 0 and page.locator(SHOWN).count() == 0
    assert len(pressed) >= 10, pressed
    tab("Studio")
    assert page.locator(SHOWN).count() == 0
    page.locator("#consent input").check()
    page.wait_for_selector(READY)
    page.wait_for_selector("#history .tile")
    page.wait_for_selector("#looks img[src]", state="attached")
    page.wait_for_selector("#save:not([disabled])")
    tab("Check")
    page.locator("#j-consent input").check()
    page.wait_for_selector("#j-compare .compare[data-state=ready]")
    page.wait_for_selector("#j-compare img[src^=blob]")
    page.wait_for_selector("#j-report figure, #j-report table", state="attached")
