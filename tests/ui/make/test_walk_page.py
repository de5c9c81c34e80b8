"""A random walk through the studio: no picture is lost, no click is dead, nothing fails, the newest wins."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, Visits, give, part

pytestmark = [pytest.mark.browser, pytest.mark.data, pytest.mark.sweep]
ACTIONS = 300
CLICKS = {  # what is pressed, and how often beside the others
    "#looks .look": 10,
    "#looks .all": 1,
    "#history [data-act=undo]": 5,
    "#history [data-act=redo]": 3,
    "#history [data-act=compare]": 2,
    "#history .pick": 8,
    "#history .star": 3,
    "#going-on button": 3,
    "#compare .bar button:not([data-act=screen])": 5,
    "#compare [data-act=mend], #compare .mendbar button": 1,
    "#panels button": 2,
    "#verdict button": 1,
    "#report .hs-show": 3,
    "#disclosure .places button": 1,
    "#side .label-wrap": 2,
}
KEYS = ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "z", "c", "0", "s")

# Presses one of the selector's that are in sight. Returns what was pressed; with " (already)" where it says itself that
# nothing is to change: it is the chosen one.
PRESS = """([selector, dice]) => {
  const seen = [...document.querySelectorAll(selector)]
    .filter((n) => n.checkVisibility({ visibilityProperty: true }) && !n.disabled);
  const one = seen[Math.floor(dice * seen.length)];
  if (!one) return "";
  const says = (...names) => names.some((name) => one.getAttribute(name) === "true");
  const chosen = says("aria-checked", "aria-selected", "aria-current")
    || (says("aria-pressed") && one.closest(".seg, .mendbar, .places"));
  const name = one.outerHTML.slice(0, 160) + (chosen ? " (already)" : "");
  one.click();
  return name;
}"""

# All that can be seen: words, pictures, states, places.
SEEN = """() => {
  const states = ["aria-checked", "aria-selected", "aria-current", "aria-pressed", "aria-valuenow"];
  const tell = (n) => {
    const r = n.getBoundingClientRect(), own = [...n.childNodes].filter((c) => c.nodeType === 3).map((c) => c.data);
    return [n.tagName, ...own, n.src, n.value, n.checked, ...states.map((a) => n.getAttribute(a)),
      Math.round(r.x), Math.round(r.y), Math.round(r.width)].join();
  };
  const all = [...document.querySelectorAll("body *")];
  return all.filter((n) => n.checkVisibility({ visibilityProperty: true })).map(tell).join(";");
}"""
SETTLED = """() => {
  const now = (SEEN)();
  const same = now === window.seenBefore;
  window.seenBefore = now;
  const busy = document.querySelector("#compare .compare[data-busy=true], #verdict .verdict[data-state=busy]");
  window.calmSince = same && !busy ? window.calmSince ?? performance.now() : null;
  return window.calmSince !== null && performance.now() - window.calmSince > 700;
}""".replace("SEEN", SEEN)
CHANGED = "before => (SEEN)() !== before".replace("SEEN", SEEN)


class Walk:
    """The visitor: every other click waits until all is calm, and is looked at for what it changed."""

    def __init__(self, page: Any, dice: random.Random) -> None:
        self.page, self.dice = page, dice
        self.dead: list[str] = []

    def calm(self) -> None:
        self.page.wait_for_function(SETTLED, polling=100)

    def press(self, selector: str, *, watched: bool) -> None:
        if watched:
            self.calm()
        sync_api = pytest.importorskip("playwright.sync_api")
        before = self.page.evaluate(SEEN) if watched else ""
        pressed = str(self.page.evaluate(PRESS, [selector, self.dice.random()]))
        if not watched or not pressed or pressed.endswith("(already)"):
            return
        try:
            self.page.wait_for_function(CHANGED, arg=before, polling=50, timeout=60_000)
        except sync_api.TimeoutError:
            self.dead.append(pressed)

    def slide(self) -> None:
        slider = self.page.locator("#set-light-warmth input[type=range]")
        if slider.is_visible():
            slider.fill(str(self.dice.randrange(-10, 11) / 10))

    def key(self) -> None:
        self.page.evaluate("document.activeElement?.blur()")
        self.page.keyboard.press(self.dice.choice(KEYS))


def test_no_order_of_clicks_loses_a_picture_and_none_is_dead(app: App, visit: Visits) -> None:
    page, dice = visit(app.url), random.Random(15)
    give(page, "coleman_1.jpg")
    page.wait_for_selector("#history .tile")
    walk, made = Walk(page, dice), set[str]()
    for number in range(ACTIONS):
        if dice.random() < 0.15:
            part(page, "looks")
        what = dice.choices((*CLICKS, "slider", "key"), (*CLICKS.values(), 5, 3))[0]
        if what == "slider":
            walk.slide()
        elif what == "key":
            walk.key()
        else:
            walk.press(what, watched=number % 2 == 1)
        made |= set(page.evaluate("[...document.querySelectorAll('#history .tile')].map((n) => n.dataset.id)"))
    walk.calm()
    assert walk.dead == []
    if page.locator("#history [data-act=compare][aria-pressed=true]").count():
        page.click("#history [data-act=compare]")
    walk.calm()
    left = set(page.evaluate("[...document.querySelectorAll('#history .tile')].map((n) => n.dataset.id)"))
    # A drag that ends where it began leaves no picture of its own; all that stood there while all was calm is there.
    starred = page.locator("#history .star[aria-pressed=true]").count()
    assert len(left) > 5 and starred and len(made - left) <= 2
    part(page, "looks")
    looks = page.locator("#looks .look:visible")
    for one in (1, 2, 3):  # quick ones after all of it: the newest wins
        looks.nth(one).click()
    wanted = looks.nth(3).locator(".title").inner_text()
    page.wait_for_selector(f"#history .tile[data-now=true] .pick[title^='{wanted}']")
    page.wait_for_selector(READY)
    assert "Traceback" not in app.log
