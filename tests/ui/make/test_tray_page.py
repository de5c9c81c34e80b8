"""Going on from a picture in a real browser: the history strip, undo and redo, an adjustment, two pictures compared."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from headshot.authenticity.labels import STATES
from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, RESULT, Visits, give, open_controls, part, save, shown

pytestmark = [pytest.mark.browser, pytest.mark.data]


def tiles(page: Any, count: int) -> list[str]:
    page.wait_for_function("n => document.querySelectorAll('#history .tile').length === n", arg=count)
    return [str(t.get_attribute("title")) for t in page.locator("#history .pick").all()]


def current(page: Any, number: int, *others: str) -> str:
    """Wait until that picture is the current one and shown, and none of `others` is; its address."""
    page.wait_for_selector(f"#history .tile[data-id='{number}'][data-now=true]")
    page.wait_for_selector(READY)
    page.wait_for_function(
        "([s, others]) => !others.includes(document.querySelector(s)?.getAttribute('src'))", arg=[RESULT, list(others)]
    )
    return shown(page)


def holds(page: Any, value: float) -> None:
    """Wait until the warmth's slider shows `value`."""
    page.wait_for_function(
        "v => Number(document.querySelector('#set-light-warmth input[type=range]')?.value) === v", arg=value
    )


def warm(page: Any, value: float) -> None:
    page.locator("#set-light-warmth input[type=range]").fill(str(value))


@pytest.mark.sweep
def test_nothing_that_was_made_is_deleted(app: App, visit: Visits) -> None:
    """Undo is a pointer: after it, and after the choice of an older picture, what is new stands beside all others."""
    page = visit(app.url)
    give(page, "coleman_1.jpg")
    assert tiles(page, 1) == ["LinkedIn neutral"]
    first = current(page, 1)
    warm(page, 0.4)
    assert tiles(page, 2) == ["LinkedIn neutral", "Cooler or warmer: +0.4"]
    second = current(page, 2, first)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+z")
    assert current(page, 1, second) == first
    holds(page, 0.0)
    page.keyboard.press("Control+Shift+z")
    assert current(page, 2, first) == second
    holds(page, 0.4)
    page.locator("#history .tile[data-id='1'] .pick").click()
    current(page, 1)
    page.locator("#going-on button", has_text="Softer").click()
    current(page, 3, first, second)
    assert len(tiles(page, 3)) == 3
    assert page.locator("#history [data-act=redo]").get_attribute("aria-disabled") == "true"
    # Two of them side by side, by name; then the headshot again.
    page.click("#history [data-act=compare]")
    page.locator("#history .tile[data-id='1'] .pick").click()
    page.wait_for_function("document.querySelector('#compare .result .tag').textContent.startsWith('B · ')")
    page.locator("#history .tile[data-id='2'] .pick").click()
    page.wait_for_selector("#compare .compare[data-several=true][data-mode=side]")
    assert page.locator("#compare .pane:visible img[src]").count() == 3
    page.click("#history [data-act=compare]")
    page.wait_for_selector("#compare .compare[data-several=false][data-mode=slider]")
    # The starred ones in a ZIP, named by their looks.
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("s")
    page.wait_for_selector("#history .star[aria-pressed=true]")
    name, data = save(page, "#history [data-act=pack]")
    assert name == "headshots.zip"
    bundle = zipfile.ZipFile(io.BytesIO(data))
    assert bundle.namelist() == ["headshot-linkedin.jpg", "report.html"]
    said = bundle.read("report.html").decode()
    assert "headshot-linkedin.jpg</b>" in said and any(f"{s.symbol} {s.verdict}" in said for s in STATES.values())


@pytest.mark.sweep
def test_of_quick_clicks_the_newest_wins(app: App, visit: Visits) -> None:
    page = visit(app.url)
    give(page, "coleman_1.jpg")
    tiles(page, 1)
    looks = page.locator("#looks .look:visible")
    for number in (1, 2, 3):  # without waiting: the newest wins
        looks.nth(number).click()
    wanted = looks.nth(3).locator(".title").inner_text()
    page.wait_for_selector(f"#history .tile[data-now=true] .pick[title^='{wanted}']")
    page.wait_for_selector(READY)


@pytest.mark.sweep
def test_a_look_as_a_file_and_how_far_it_may_go(app: App, visit: Visits, tmp_path: Path) -> None:
    page = visit(app.url)
    give(page, "coleman_1.jpg")
    tiles(page, 1)
    a_look_goes_out_as_a_file_and_comes_back(page, tmp_path)
    part(page, "looks")
    page.locator("#how-far button").first.click()
    page.wait_for_selector("#far-note >> text=Without a generator")
    before = page.locator("#history .tile").count()
    page.get_by_role("button", name="Find out").click()
    page.wait_for_selector("#far-strip .tile:not([disabled])")
    page.wait_for_selector("#far-says .hs-said")
    assert 2 <= page.locator("#far-strip .tile").count() <= 6
    page.get_by_role("button", name="Go on with the best one").click()
    tiles(page, before + 1)


def a_look_goes_out_as_a_file_and_comes_back(page: Any, tmp_path: Path) -> None:
    """On a page that shows its first picture."""
    warm(page, -0.2)
    tiles(page, 2)
    part(page, "save")
    page.locator("#look-file button").first.click()
    page.locator("#look-save").click()
    page.wait_for_function("document.querySelector('#look-says').textContent.includes('needs a name')")
    page.locator("#look-title input, #look-title textarea").fill("Cool & calm")
    name, data = save(page, "#look-save")
    assert name == "cool-calm.toml"
    (tmp_path / "look.toml").write_bytes(data)
    page.locator("#history [data-act=undo]").click()
    holds(page, 0.0)
    page.set_input_files("#look-load input[type=file]", str(tmp_path / "look.toml"))
    page.wait_for_function("document.querySelector('#look-says').textContent.includes('“Cool & calm” is loaded')")
    holds(page, -0.2)
    (tmp_path / "bad.toml").write_text("[look]\nshot = 1\n")
    page.set_input_files("#look-load input[type=file]", str(tmp_path / "bad.toml"))
    page.wait_for_function("document.querySelector('#look-says').textContent.includes('is missing')")


@pytest.mark.sweep
def test_a_generator_ranks_several_searches_and_goes_on(generator_app: App, visit: Visits) -> None:
    """With tiny random weights: what is painted is nobody, and each part says so."""
    page = visit(generator_app.url)
    give(page, "coleman_1.jpg")
    tiles(page, 1)
    open_controls(page)
    page.locator("#set-generate-mode").get_by_text("Draft", exact=True).click()
    page.locator("#ladder [role=radio]").last.click()
    page.wait_for_selector("#make", state="visible")
    page.locator("#best-of button").first.click()
    page.locator("#best-count input[type=number]").fill("2")
    page.locator("#best-count input[type=number]").press("Enter")
    page.locator("#best-make:not([disabled])").click()
    page.wait_for_selector("#best-strip .tile .mark")
    assert page.locator("#best-strip .tile").count() == 2
    assert page.locator("#best-strip .word").count() == 2
    assert "Clicking a picture" in page.locator("#best-says").inner_text()
    page.locator("#best-strip .tile").last.click()
    current(page, 2)
    assert "Draft by faceid-sd15" in page.locator("#badge").inner_text()
    more = page.get_by_role("button", name="More smile", exact=True)
    assert more.get_attribute("aria-disabled") == "false"
    more.click()
    assert tiles(page, 3)[-1].startswith("Expression: Broad smile")

    page.locator("#how-far button").first.click()
    page.get_by_role("button", name="Find out").click()
    page.wait_for_selector("#far-says .hs-said")
    said = page.locator("#far-says .hs-said").inner_text()
    assert "You stay you up to" in said and "no longer so" in said
    assert "finish" not in page.locator("#far-strip").inner_text()
