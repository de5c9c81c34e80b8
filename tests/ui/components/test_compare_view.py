"""Original and picture side by side, as they behave in a real browser."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.fixtures.browser import Visits


def box(page: Any, selector: str) -> dict[str, float]:
    found = page.locator(selector).bounding_box()
    assert found
    return found


def transforms(page: Any) -> list[str]:
    return [page.locator(f"#view .pane.{p} img").evaluate("n => n.style.transform") for p in ("original", "result")]


def seen(page: Any, fx: float, fy: float) -> str:
    """Which backdrop shows at a point of the stage (0..1): "original" is blue there, "result" red."""
    png = page.locator("#view .stage").screenshot()
    shot = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    r, _, b = shot[int(fy * (shot.shape[0] - 1)), int(fx * (shot.shape[1] - 1))]
    return "original" if b > r + 60 else "result" if r > b + 60 else "neither"


@pytest.mark.browser
def test_slider_moves_with_mouse_and_keys(page: Any) -> None:
    stage, handle = box(page, "#view .stage"), page.locator("#view .handle")
    assert seen(page, 0.3, 0.12) == "original" and seen(page, 0.7, 0.12) == "result"
    middle = box(page, "#view .handle")
    x, y = middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] * 0.62
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y, steps=3)
    page.mouse.move(stage["x"] + stage["width"] * 0.25, y, steps=3)
    page.mouse.up()
    moved = int(handle.get_attribute("aria-valuenow"))
    assert moved < 20
    assert seen(page, 0.4, 0.12) == "result"
    handle.focus()
    page.keyboard.press("ArrowRight")
    assert int(handle.get_attribute("aria-valuenow")) == moved + 2
    page.keyboard.press("End")
    assert seen(page, 0.7, 0.12) == "original"


@pytest.mark.sweep
@pytest.mark.browser
def test_b_blinks_with_a_hard_cut_but_not_while_typing(page: Any) -> None:
    root = page.locator("#view .compare")
    layers = {p: page.locator(f"#view .pane.{p}") for p in ("original", "result")}
    for expected, other in (("original", "result"), ("result", "original"), ("original", "result")):
        page.keyboard.press("b")
        assert root.get_attribute("data-layer") == expected
        assert layers[expected].is_visible() and not layers[other].is_visible()
        assert seen(page, 0.5, 0.05) == expected  # at once, nothing in between
    assert page.locator("#view .pane.original .tag").inner_text() == "Original"
    page.locator("#words textarea, #words input").first.fill("")
    page.locator("#words textarea, #words input").first.type("bzb")
    assert root.get_attribute("data-layer") == "original"
    assert page.locator("#view [data-act=eyes]").get_attribute("aria-pressed") == "false"


@pytest.mark.sweep
@pytest.mark.browser
def test_blink_answers_to_a_click_and_a_hold(page: Any) -> None:
    root, stage = page.locator("#view .compare"), box(page, "#view .stage")
    page.click("#view button[data-mode=blink]")
    assert root.get_attribute("data-layer") == "original"
    page.mouse.click(stage["x"] + 200, stage["y"] + 100)
    assert root.get_attribute("data-layer") == "result"
    page.mouse.move(stage["x"] + 200, stage["y"] + 100)
    page.mouse.down()
    page.wait_for_selector("#view .compare[data-layer=original]")
    page.mouse.up()
    assert root.get_attribute("data-layer") == "result"
    page.emulate_media(reduced_motion="no-preference")  # other tests ask for less of it
    page.check("#view [data-act=auto]")
    switches = page.evaluate("""() => new Promise(done => {
        let count = 0;
        new MutationObserver(m => { count += m.length; })
          .observe(document.querySelector('#view .compare'), {attributeFilter: ['data-layer']});
        setTimeout(() => done(count), 1700); })""")
    assert 1 <= switches <= 2  # one a second: far under 2 Hz
    page.emulate_media(reduced_motion="reduce")
    page.wait_for_selector("#view [data-act=auto]:disabled")


@pytest.mark.sweep
@pytest.mark.browser
def test_zoom_and_pan_are_linked(page: Any) -> None:
    page.click("#view button[data-mode=side]")
    first = transforms(page)
    assert first[0] == first[1] != ""
    stage = box(page, "#view .stage")
    page.mouse.click(stage["x"] + stage["width"] * 0.75, stage["y"] + 200)
    page.mouse.wheel(0, -600)  # scrolls the page past the picture; with Ctrl, as of a touchpad's pinch, it zooms
    assert transforms(page) == first
    page.keyboard.down("Control")
    page.mouse.wheel(0, -600)
    page.keyboard.up("Control")
    page.wait_for_function("t => document.querySelector('#view .original img').style.transform !== t", arg=first[0])
    zoomed = transforms(page)
    assert zoomed[0] == zoomed[1]
    page.mouse.down()
    page.mouse.move(stage["x"] + stage["width"] * 0.75 + 40, stage["y"] + 230, steps=2)
    page.mouse.up()
    panned = transforms(page)
    assert panned[0] == panned[1] != zoomed[0]
    page.mouse.dblclick(stage["x"] + 100, stage["y"] + 200)
    assert page.locator("#view [data-act=fit]").get_attribute("aria-pressed") == "true"


@pytest.mark.browser
def test_eyes_come_to_the_middle(page: Any) -> None:
    page.keyboard.press("z")
    stage, image = box(page, "#view .stage"), box(page, "#view .pane.result img")
    x = image["x"] + image["width"] * (240 / 480)
    y = image["y"] + image["height"] * (215 / 600)
    assert abs(x - stage["x"] - stage["width"] / 2) < 2
    assert abs(y - stage["y"] - stage["height"] / 2) < 2
    page.keyboard.press("z")
    assert page.locator("#view [data-act=fit]").get_attribute("aria-pressed") == "true"
    page.click("#view [data-act=full]")
    assert box(page, "#view .pane.result img")["width"] == pytest.approx(max(480, stage["height"] * 0.8), rel=0.01)


@pytest.mark.sweep
@pytest.mark.browser
def test_a_new_value_keeps_mode_zoom_and_place(fresh: Any) -> None:
    fresh.click("#view button[data-mode=side]")
    fresh.click("#view [data-act=eyes]")
    before, stage = transforms(fresh), box(fresh, "#view .stage")
    fresh.click("#busy")
    fresh.wait_for_selector("#view .compare[data-busy=true]")
    assert fresh.locator("#view .what").inner_text() == "Laying in the backdrop"
    assert fresh.locator("#view .pane.result img").get_attribute("src")  # the old picture stays
    fresh.click("#again")
    fresh.wait_for_function("document.querySelector('#view .note').textContent === 'Second value.'")
    fresh.wait_for_selector("#view .compare[data-busy=false]")
    fresh.click("#preview")
    fresh.wait_for_selector("#view .compare[data-busy=true][data-preview=true]")
    fresh.click("#idle")
    fresh.wait_for_selector("#view .compare[data-busy=false][data-state=ready]")
    assert fresh.locator("#view .compare").get_attribute("data-mode") == "side"
    assert transforms(fresh) == before
    assert box(fresh, "#view .stage") == stage  # the pane does not jump
    # Until there is a headshot nothing is called one, and the card stays where it is at the work's next word.
    fresh.click("#alone")
    fresh.wait_for_selector("#view .compare[data-alone=true]")
    assert fresh.locator("#view .tag:visible").count() == 0 and not fresh.locator("#view .handle").is_visible()
    card = box(fresh, "#view .card")
    fresh.click("#busy")
    fresh.wait_for_function("document.querySelector('#view .what').textContent === 'Laying in the backdrop'")
    low = box(fresh, "#view .card")
    assert low["y"] + low["height"] == card["y"] + card["height"]
    fresh.click("#again")
    fresh.wait_for_selector("#view .compare[data-busy=false]")
    assert fresh.locator("#view .tag:visible").count() == 2


@pytest.mark.sweep
@pytest.mark.browser
def test_a_phone_has_no_sideways_scroll(url: str, visit: Visits) -> None:
    page = visit(url, width=390, height=844, has_touch=True)
    page.wait_for_selector("#view .compare[data-state=ready]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # Gradio's frame clips what is too wide, so the page's own width proves little: look at each node.
    wide = """() => [...document.querySelectorAll('#view *, #looks *, #rungs *')].filter(n =>
        !n.closest('.pane, .hide') && n.getBoundingClientRect().right > 390.5).map(n => n.className)"""
    for mode in ("side", "blink", "difference", "profile", "slider"):
        page.click(f"#view button[data-mode={mode}]")
        assert page.evaluate(wide) == [], mode
    # A tap moves the divider; 44 px is what a finger needs.
    page.locator("#view .stage").scroll_into_view_if_needed()
    stage = box(page, "#view .stage")
    page.touchscreen.tap(stage["x"] + stage["width"] * 0.2, stage["y"] + 50)
    assert int(page.locator("#view .handle").get_attribute("aria-valuenow")) == pytest.approx(20, abs=2)
    assert box(page, "#view .handle")["width"] >= 44
    assert box(page, "#rungs .rung:first-child")["height"] >= 40
