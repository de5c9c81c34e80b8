"""Going on from a picture in a real browser: the history strip, undo and redo, an adjustment, two pictures compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, RESULT, Visits, give, open_group, save, shown
from tests.fixtures.shared_photos import photo_path

pytestmark = [pytest.mark.browser, pytest.mark.data]


def tiles(page: Any, count: int) -> list[str]:
    page.wait_for_function("n => document.querySelectorAll('#history .tile').length === n", arg=count)
    return [str(t) for t in page.locator("#history .title").all_inner_texts()]


def current(page: Any, number: int, *others: str) -> str:
    """Wait until that picture is the current one and shown, and none of `others` is; its address."""
    page.wait_for_selector(f"#history .tile[data-id='{number}'][aria-current=true]")
    page.wait_for_selector(READY)
    page.wait_for_function(
        "([s, others]) => !others.includes(document.querySelector(s)?.getAttribute('src'))", arg=[RESULT, list(others)]
    )
    return shown(page)


def holds(page: Any, value: float) -> None:
    """Wait until the warmth's field shows `value`."""
    page.wait_for_function(
        "v => Number(document.querySelector('#set-light-warmth input[type=number]')?.value) === v", arg=value
    )


def slider(page: Any, key: str, value: float) -> None:
    field = page.locator(f"#set-{key} input[type=number]")
    field.fill(str(value))
    field.press("Enter")


@pytest.mark.sweep
def test_undo_redo_one_click_adjustments_and_a_look_as_a_file(app: App, visit: Visits, tmp_path: Path) -> None:
    page = visit(app.url)
    give(page, "coleman_1.jpg")
    assert tiles(page, 1) == ["LinkedIn neutral"]
    first = current(page, 1)
    open_group(page, "light")
    slider(page, "light-warmth", 0.4)
    assert tiles(page, 2) == ["LinkedIn neutral", "Cooler or warmer: +0.4"]
    second = current(page, 2, first)
    page.locator("#going-on").scroll_into_view_if_needed()

    page.locator("#compare .stage").focus()
    page.keyboard.press("Control+z")
    assert current(page, 1, second) == first
    holds(page, 0.0)
    page.keyboard.press("Control+Shift+z")
    assert current(page, 2, first) == second
    holds(page, 0.4)
    page.locator("#going-on [data-act=undo]").click()
    current(page, 1)

    page.get_by_role("button", name="Warmer", exact=True).click()
    current(page, 3, first, second)
    assert tiles(page, 2)[1] == "Cooler or warmer: +0.2"
    holds(page, 0.2)
    assert page.locator("#going-on [data-act=redo]").get_attribute("aria-disabled") == "true"
    for _ in range(4):
        page.get_by_role("button", name="Warmer", exact=True).click()
    assert tiles(page, 6)[-1] == "Cooler or warmer: +1"
    current(page, 7)
    assert page.get_by_role("button", name="Warmer", exact=True).get_attribute("aria-disabled") == "true"
    assert "as warm as it goes" in page.locator("#going-on .why").inner_text()
    page.locator("#history .tile").first.click()
    page.wait_for_function("([s, u]) => document.querySelector(s).getAttribute('src') === u", arg=[RESULT, first])
    holds(page, 0.0)
    a_look_goes_out_as_a_file_and_comes_back(page, tmp_path)


@pytest.mark.sweep
def test_two_of_the_session_are_compared_and_how_far_is_searched(app: App, visit: Visits) -> None:
    page = visit(app.url)
    give(page, "coleman_1.jpg")
    tiles(page, 1)
    page.get_by_role("button", name="Wider", exact=True).click()
    tiles(page, 2)
    page.get_by_role("tab", name="Compare").click()
    page.get_by_role("tab", name="Any two").click()
    page.wait_for_selector("#two-compare .compare[data-state=ready][data-busy=false]")
    assert page.locator("#two-compare .original .tag").inner_text() == "Your photo"
    assert "no pixel was moved" in page.locator("#two-compare .note").inner_text()
    page.locator("#two-first .tile[data-id=step-1]").click()
    name = "document.querySelector('#two-compare .original .tag').textContent"
    page.wait_for_function(f"{name} === 'LinkedIn neutral'")
    page.wait_for_selector("#two-compare .compare[data-state=ready][data-busy=false]")
    assert "Eyes on one line" in page.locator("#two-compare .note").inner_text()
    page.wait_for_selector("#two-report .hs-verdict")
    page.keyboard.press("b")
    view = page.locator("#two-compare .compare")
    assert (view.get_attribute("data-mode"), view.get_attribute("data-layer")) == ("blink", "original")
    page.keyboard.press("b")
    assert view.get_attribute("data-layer") == "result"
    page.set_input_files("#two-upload input[type=file]", str(photo_path("coleman_2.jpg")))
    page.wait_for_function("document.querySelector('#two-compare .result .tag').textContent === 'From elsewhere'")
    page.wait_for_selector("#two-report .hs-verdict")
    # Quicker than the page answers: what was chosen last is what is shown in the end.
    for row, tile in (
        ("first", "photo"),
        ("first", "step-2"),
        ("second", "step-1"),
        ("first", "photo"),
        ("second", "step-2"),
        ("first", "step-1"),
    ):
        page.locator(f"#two-{row} .tile[data-id={tile}]").click()
    second = page.locator("#two-second .tile[data-id=step-2] .title").inner_text()
    # Together, as each is also true on the way there.
    page.wait_for_function(
        """([first, second]) => {
          const tag = side => document.querySelector(`#two-compare .${side} .tag`).textContent;
          return tag("original") === first && tag("result") === second
            && document.querySelector("#two-first [aria-current=true]")?.dataset.id === "step-1"
            && document.querySelector("#two-compare .compare[data-state=ready][data-busy=false]");
        }""",
        arg=["LinkedIn neutral", second],
    )
    how_far_is_searched_before_the_eyes_and_best_of_several_says_what_it_needs(page)


def how_far_is_searched_before_the_eyes_and_best_of_several_says_what_it_needs(page: Any) -> None:
    """On a page with two pictures, the tab Compare open."""
    page.get_by_role("tab", name="How far?").click()
    assert "Without a generator" in page.locator("#far-note").inner_text()
    page.get_by_role("button", name="Find out").click()
    page.wait_for_selector("#far-strip .tile:not([disabled])")
    page.wait_for_selector("#far-says .hs-said")
    assert 2 <= page.locator("#far-strip .tile").count() <= 6
    page.get_by_role("tab", name="Best of several").click()
    page.wait_for_selector("#best-make")
    assert page.locator("#best-make").is_disabled()
    assert "makes no difference to your own pixels" in page.locator("#best-note").inner_text()
    page.get_by_role("tab", name="How far?").click()
    page.get_by_role("button", name="Go on with the best one").click()
    assert len(tiles(page, 3)) == 3
    assert page.locator("#going-on").is_visible()


def a_look_goes_out_as_a_file_and_comes_back(page: Any, tmp_path: Path) -> None:
    """On a page that shows its first picture, the light's controls open."""
    page.get_by_role("button", name="Cooler", exact=True).click()
    tiles(page, 2)
    page.locator("#look-file button").first.click()
    page.locator("#look-save").click()
    page.wait_for_function("document.querySelector('#look-says').textContent.includes('needs a name')")
    page.locator("#look-title input, #look-title textarea").fill("Cool & calm")
    name, data = save(page, "#look-save")
    assert name == "cool-calm.toml"
    (tmp_path / "look.toml").write_bytes(data)
    page.locator("#going-on [data-act=undo]").click()
    holds(page, 0.0)
    page.set_input_files("#look-load input[type=file]", str(tmp_path / "look.toml"))
    page.wait_for_function("document.querySelector('#look-says').textContent.includes('“Cool & calm” is loaded')")
    assert tiles(page, 2)[-1] == "Cooler or warmer: -0.2"
    holds(page, -0.2)
    (tmp_path / "bad.toml").write_text("[look]\nshot = 1\n")
    page.set_input_files("#look-load input[type=file]", str(tmp_path / "bad.toml"))
    page.wait_for_function("document.querySelector('#look-says').textContent.includes('is missing')")


@pytest.mark.sweep
def test_the_inner_tabs_fit_on_a_phone(app: App, visit: Visits) -> None:
    page = visit(app.url, width=390, height=844)
    page.get_by_role("tab", name="Compare").click()
    for name in ("Contact sheet", "Any two", "How far?", "Best of several"):
        page.get_by_role("tab", name=name).click()  # none hides behind "…"
        page.get_by_role("tab", name=name, selected=True).wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name


@pytest.mark.sweep
def test_a_generator_ranks_several_searches_and_goes_on(generator_app: App, visit: Visits) -> None:
    """With tiny random weights: what is painted is nobody, and each part says so."""
    page = visit(generator_app.url)
    give(page, "coleman_1.jpg")
    tiles(page, 1)
    open_group(page, "expert")
    page.locator("#set-generate-mode").get_by_text("Draft", exact=True).click()
    page.locator("#ladder [role=radio]").last.click()
    page.wait_for_selector("#make", state="visible")
    page.get_by_role("tab", name="Compare").click()
    page.get_by_role("tab", name="Best of several").click()
    page.locator("#best-count input[type=number]").fill("2")
    page.locator("#best-count input[type=number]").press("Enter")
    page.locator("#best-make:not([disabled])").click()
    page.wait_for_selector("#best-strip .tile .mark")
    assert page.locator("#best-strip .tile").count() == 2
    assert page.locator("#best-strip .word").count() == 2
    assert "Clicking a picture" in page.locator("#best-says").inner_text()
    page.locator("#best-strip .tile").last.click()
    current(page, 2)
    assert "Painted by faceid-sd15" in page.locator("#badge").inner_text()
    more = page.get_by_role("button", name="More smile", exact=True)
    assert more.get_attribute("aria-disabled") == "false"
    assert page.locator("#going-on .why").inner_text() == ""  # warmer, closer …: all do something
    more.click()
    assert tiles(page, 3)[-1].startswith("Expression: Broad smile")

    page.get_by_role("tab", name="Compare").click()
    page.get_by_role("tab", name="How far?").click()
    page.get_by_role("button", name="Find out").click()
    page.wait_for_selector("#far-says .hs-said")
    said = page.locator("#far-says .hs-said").inner_text()
    assert "You stay you up to" in said and "no longer so" in said
    assert "finish" not in page.locator("#far-strip").inner_text()
