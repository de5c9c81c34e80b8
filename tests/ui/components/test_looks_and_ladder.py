"""The gallery of looks and the ladder, as they behave in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

SOUGHT = "said => document.querySelector('#seen textarea, #seen input').value === said"


@pytest.mark.browser
def test_ladder_tells_python_and_python_tells_the_ladder(fresh: Any) -> None:
    log, rungs = fresh.locator("#log textarea, #log input").first, fresh.locator("#rungs .rung")
    checked = "#rungs .rung[aria-checked=true]"
    assert fresh.locator(checked).get_attribute("data-at") == "0.25"
    assert "4.1 GB" in fresh.locator("#rungs .reasons").inner_text()
    rungs.nth(0).click()
    fresh.wait_for_function("e => e.value === 'ladder 0'", arg=log.element_handle())
    fresh.keyboard.press("ArrowRight")
    fresh.wait_for_function("e => e.value === 'ladder 0.25'", arg=log.element_handle())
    fresh.keyboard.press("ArrowRight")  # the next rungs are not here: nothing is chosen
    rungs.nth(3).click(force=True)
    assert fresh.locator(checked).get_attribute("data-at") == "0.25"
    fresh.click("#rungs .setup")
    fresh.wait_for_function("e => e.value === 'setup clothes'", arg=log.element_handle())
    fresh.click("#free")
    fresh.wait_for_selector(checked + "[data-at='1']")
    assert fresh.locator("#rungs .rung[aria-disabled]").count() == 0
    assert log.input_value() == "setup clothes"  # `input` is the user's own choice alone
    fresh.keyboard.press("Tab")
    rungs.nth(2).click()
    fresh.wait_for_function("e => e.value === 'ladder 0.5'", arg=log.element_handle())


@pytest.mark.sweep
@pytest.mark.browser
def test_gallery_tells_python_the_preset(fresh: Any) -> None:
    log = fresh.locator("#log textarea, #log input").first
    assert fresh.locator("#looks .look img").count() == 8
    fresh.click("#looks .look[data-name=legal]")
    fresh.wait_for_function("e => e.value === 'gallery legal'", arg=log.element_handle())
    fresh.keyboard.press("ArrowRight")
    fresh.wait_for_function("e => e.value === 'gallery actor'", arg=log.element_handle())
    assert fresh.locator("#looks .look[aria-checked=true]").get_attribute("data-name") == "actor"
    fresh.click("#fill")  # Python sends thumbnails for three looks only: the choice stays
    fresh.wait_for_function("document.querySelectorAll('#looks .look img').length === 3")
    assert fresh.locator("#looks .look[aria-checked=true]").get_attribute("data-name") == "actor"


@pytest.mark.sweep
@pytest.mark.browser
def test_gallery_filter_by_mouse_and_keys(page: Any) -> None:
    """Chips narrow the looks, the arrows walk over those in sight alone, and Python hears which these are."""
    log = page.locator("#log textarea, #log input").first
    chips = page.locator("#looks .chip")
    assert chips.first.inner_text().startswith("✓") or "All" in chips.first.inner_text()
    page.click("#looks .chip[data-tag=office]")
    shown = page.locator("#looks .look:visible")
    names = [n.get_attribute("data-name") for n in shown.all()]
    assert names == ["corporate", "startup", "legal"] and page.locator("#looks .look").count() == 8
    assert "3" in page.locator("#looks .chip[data-tag=office]").inner_text()
    page.wait_for_function(SOUGHT, arg="sought corporate startup legal")
    shown.nth(2).click()
    page.wait_for_function("e => e.value === 'gallery legal'", arg=log.element_handle())
    page.keyboard.press("ArrowLeft")  # over the hidden ones between
    page.wait_for_function("e => e.value === 'gallery startup'", arg=log.element_handle())
    page.locator("#looks .chip[data-tag=office]").focus()
    page.keyboard.press("ArrowRight")
    chosen = page.locator("#looks .chip[aria-checked=true]")
    assert chosen.count() == 1 and chosen.get_attribute("data-tag") == "caring"
    assert page.evaluate("document.activeElement.dataset.tag") == "caring"
    # The chosen look is out of sight and stays chosen; exactly one look can be reached by Tab.
    assert page.locator("#looks .look[data-name=startup]").get_attribute("aria-checked") == "true"
    assert page.locator("#looks .look[tabindex='0']:visible").count() == 1
    assert page.locator("#looks .summary").inner_text().startswith("Startup: Startup:")  # its name, its sentence
    page.keyboard.press("Home")
    assert page.locator("#looks .look:visible").count() == 8


@pytest.mark.sweep
@pytest.mark.browser
def test_gallery_search_with_the_chips_and_by_keys(fresh: Any) -> None:
    """Small letters and accents make no difference, every word must be there, the group's name counts as well."""
    log = fresh.locator("#log textarea, #log input").first
    field, shown = fresh.get_by_role("searchbox", name="Find a look"), fresh.locator("#looks .look:visible")
    said = fresh.locator("#looks .found p")

    def names() -> list[str | None]:
        return [n.get_attribute("data-name") for n in shown.all()]

    assert said.inner_text() == ""
    field.fill("  LÉGÂL  ")
    assert names() == ["legal"] and said.inner_text() == "1 of 8 looks"
    assert fresh.locator("#looks .found [role=status]").count() == 1
    fresh.wait_for_function(SOUGHT, arg="sought legal")
    for words in ("soft legal", "lawyer", "attorney"):  # the summary's words and the title's; synonyms
        field.fill(words)
        assert names() == ["legal"], words
    field.fill("office")  # a group
    assert set(names()) >= {"corporate", "startup", "legal"}
    fresh.click("#looks .chip[data-tag=caring]")
    assert "Caring" in said.inner_text() or names() == []
    field.fill("leggal")  # a miss offers the nearest
    assert names()[0:1] and "legal" in names() and len(names()) == 4
    assert said.inner_text() == "No look is called “leggal”. The nearest:"
    field.fill("")
    assert len(names()) == 8 and said.inner_text() == ""
    # From the field into the looks, along those found alone, and back out with Escape.
    field.type("office")
    field.press("ArrowDown")
    assert fresh.evaluate("document.activeElement.dataset.name") == "corporate"
    fresh.keyboard.press("ArrowRight")
    fresh.wait_for_function("e => e.value === 'gallery startup'", arg=log.element_handle())
    field.press("Escape")
    assert len(names()) == 8 and field.input_value() == ""
    assert fresh.locator("#looks .look[aria-checked=true]").get_attribute("data-name") == "startup"
    field.fill("solicitor")
    field.press("Enter")  # takes the first that was found
    fresh.wait_for_function("e => e.value === 'gallery legal'", arg=log.element_handle())
    field.fill("<img src=x onerror=alert(1)>")  # is shown as it was typed
    assert "“<img src=x onerror=alert(1)>”" in said.inner_text() and fresh.locator("#looks .found img").count() == 0
