"""The building blocks of the page: their values and HTML, and how they behave in a real browser."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from PIL import Image

from headshot.authenticity.labels import STATES, number
from headshot.direction.ladder import RUNGS
from headshot.files.data_url import data_url
from headshot.types import AuthenticityReport, Check, Finding, State
from headshot.ui.components.compare.compare import compare_value
from headshot.ui.components.html import engine_html, footer_html, header_html, heading_html
from headshot.ui.components.ladder.ladder import ladder_rungs
from headshot.ui.report.html import checks_html
from headshot.ui.report.table import report_html
from headshot.ui.theme import PAGE_CSS
from tests.fixtures import ui_demo
from tests.fixtures.browser import Visits

EVIL = "<img src=x onerror=\"alert('1')\"> & `${1+1}` {{value}}"


# ------------------------------------------------------------------ without a browser


class _Outline(HTMLParser):
    """Tags and text, as a browser would read them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def decode(url: str) -> np.ndarray:
    head, body = url.split(",", 1)
    assert head == "data:image/jpeg;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(body))))


def test_data_url_keeps_the_picture_and_nothing_else() -> None:
    y, x = np.mgrid[0:90, 0:120]
    picture = np.stack([x * 2, y * 2, x + y], -1).astype(np.uint8)
    back = decode(data_url(picture))
    assert back.shape == picture.shape
    assert np.abs(back.astype(int) - picture).mean() < 2
    assert decode(data_url(picture, longest=60)).shape == (45, 60, 3)
    assert not Image.open(io.BytesIO(base64.b64decode(data_url(picture).split(",")[1]))).getexif()
    with pytest.raises(ValueError, match="uint8"):
        data_url(picture.astype(np.float32))  # type: ignore[arg-type]


def test_compare_value_wants_equal_sizes() -> None:
    a, b = np.zeros((50, 40, 3), np.uint8), np.zeros((50, 41, 3), np.uint8)
    value = compare_value(a, a, (1, 2, 3, 4), "note")
    assert (value["width"], value["height"], value["eyes"], value["busy"]) == (40, 50, [1, 2, 3, 4], False)
    small = compare_value(a, a, (8, 16, 24, 32), longest=25)
    assert (small["width"], small["height"], small["eyes"]) == (20, 25, [4, 8, 12, 16])
    assert decode(small["result"]).shape == (25, 20, 3)
    with pytest.raises(ValueError, match="differ"):
        compare_value(a, b)


def test_ladder_rungs_name_what_is_missing() -> None:
    rungs = ladder_rungs({"clothes": "needs a model"}, "Set up")
    assert [r["at"] for r in rungs] == [at for at, _ in RUNGS]
    assert [r["title"] for r in rungs if r["reason"]] == ["clothes"]
    with pytest.raises(KeyError, match="wings"):
        ladder_rungs({"wings": "needs feathers"})


def test_html_escapes_every_word() -> None:
    finding = Finding("x", 1.0, EVIL, State.RED, EVIL, EVIL, EVIL, EVIL, EVIL)
    report = AuthenticityReport((finding,), EVIL, frozenset({"x"}))
    for html in (
        checks_html([Check("x", State.RED, EVIL, EVIL)]),
        report_html(report, EVIL),
        header_html(EVIL),
        heading_html(EVIL),
        engine_html(EVIL, 1.0),
        footer_html(EVIL),
    ):
        outline = _Outline(html)
        assert EVIL in outline.text
        assert "img" not in outline.tags
    odd = Finding("x", 1.0, "", State.RED, "s", "m", "t", "javascript:alert(1)")
    assert "a" not in _Outline(report_html(AuthenticityReport((odd,), ""), "s")).tags  # only https is a link


def test_states_show_a_symbol_and_a_word() -> None:
    for state in STATES:
        text = _Outline(checks_html([Check("x", state, "Sentence.")])).text
        shown = STATES[min(state, State.AMBER)]  # a note; a photo that was refused has the cross
        assert shown.symbol in text and re.search(r"good photo|Could be better|Weak point|Not measured", text)
    checks = [Check("x", State.AMBER, "Hm."), Check("y", State.GREEN, "Fine."), Check("z", State.GREEN, "Too.")]
    mixed = _Outline(checks_html(checks))
    assert "2 of 3 checks are fine" in mixed.text and mixed.text.index("Hm.") < mixed.text.index("Fine.")
    assert checks_html([]) == ""


def test_report_is_one_table_that_leads_with_the_worst() -> None:
    findings = (
        Finding("jaw_width", 1.0, "%", State.GREEN, "fine", "m"),
        Finding("b", -2.04, "L*", State.AMBER, "hm", "m", source="https://example.org/a?b=1&c=2"),
        Finding("c", 3.0, "", State.RED, "only for information", "m"),
    )
    html = report_html(AuthenticityReport(findings, "same photo", frozenset({"jaw_width", "b"})), "Look at b.")
    places = [html.index(w) for w in ("hs-summary hs-amber", ">hm<", ">fine<", "only for", "Why believe this?")]
    assert sorted(places) == places
    assert 'href="https://example.org/a?b=1&amp;c=2"' in html
    assert html.count('data-region="jaw"') == html.count("hs-show") == 1  # where there is a place to show
    assert "−2.04 L*" in html and number(0.3, "%") == "0.3%" and number(1234.6) == "1235"


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb after WCAG 2.2."""
    c = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("scheme", "surfaces"), [(":root", ("#ffffff", "#f4f2ef")), (".dark", ("#201e1c", "#171614"))])
def test_state_colours_can_be_read(scheme: str, surfaces: tuple[str, ...]) -> None:
    block = re.search(re.escape(scheme) + r" \{(.*?)\}", PAGE_CSS, re.S)
    assert block
    tokens = dict(re.findall(r"--hs-([\w-]+): (#[0-9a-f]{6})", block[1]))
    for name in ("green", "amber", "red", "grey"):
        for surface in (*surfaces, tokens[f"{name}-soft"]):
            assert contrast(tokens[name], surface) >= 4.5, (scheme, name, surface)
    for surface in (*surfaces, tokens["well"]):
        assert contrast(tokens["muted"], surface) >= 4.5, (scheme, surface)


# ------------------------------------------------------------------ in a browser

SOUGHT = "said => document.querySelector('#seen textarea, #seen input').value === said"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The demo page, in this process."""
    demo, url = ui_demo.serve(ui_demo.synthetic())
    yield url
    demo.close()


@pytest.fixture
def fresh(url: str, visit: Visits) -> Any:
    """A page of its own at 1440 px."""
    page = visit(url)
    page.wait_for_selector("#view .compare[data-state=ready]")
    return page


@pytest.fixture(scope="module")
def shared(url: str, chromium: Any) -> Iterator[Any]:
    visits = Visits(chromium)
    page = visits(url)
    page.wait_for_selector("#view .compare[data-state=ready]")
    yield page
    visits.close(None, "components")
    assert visits.faults == []


@pytest.fixture
def page(shared: Any) -> Any:
    """One page for the tests that leave nothing behind, as it was at first."""
    shared.click("#view button[data-mode=slider]")
    shared.click("#view [data-act=fit]")
    shared.get_by_role("searchbox", name="Find a look").fill("")
    shared.click("#looks .chip >> nth=0")
    shared.evaluate("document.activeElement.blur()")
    return shared


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
