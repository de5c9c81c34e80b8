"""The judge tab and the blind step, as a visitor meets them: the real app, a real browser, two shared photos."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import pytest
from PIL import Image

from headshot.photo.decode import read_photo
from headshot.studio.match import match_pair
from tests.fixtures import edits, faces
from tests.fixtures.app_server import App
from tests.fixtures.browser import Visits, drop, give, part, save, until
from tests.fixtures.shared_photos import photo_path

pytestmark = [pytest.mark.browser, pytest.mark.data]
# Presses Stop as soon as it is there; what the stage said then is in window.told.
PRESS_STOP = """() => { const press = () => { const stop = document.querySelector("#j-stop");
  if (!stop?.checkVisibility()) return requestAnimationFrame(press);
  window.told = document.querySelector("#j-compare .what").textContent; stop.click(); }; press(); }"""


def give_both(page: Any, original: str, other: str) -> None:
    """Both photos into the tab "Check a picture"."""
    page.get_by_role("tab", name="Check a picture").click()
    for side, name in (("original", original), ("other", other)):
        page.set_input_files(f"#j-{side} input[type=file]", str(photo_path(name)))
        # Shown from memory: a picture with an address would be a file on the server.
        page.wait_for_selector(f"#j-{side} img[src^='data:image/jpeg']")


def test_two_photos_are_judged(app: App, visit: Visits) -> None:
    page = visit(app.url)
    give_both(page, "coleman_1.jpg", "wilson_1.jpg")
    page.locator("#j-further button").first.click()
    page.set_input_files("#check input[type=file][multiple]", [str(photo_path("coleman_2.jpg"))])
    page.wait_for_selector("#j-more-list img")
    page.wait_for_selector("#j-report .hs-summary.hs-red")
    page.wait_for_selector("#j-report .hs-finding:has-text('Your own range')")
    page.wait_for_selector("#j-compare .compare[data-state=ready]")
    assert "another person" in page.locator("#j-report").inner_text()
    assert page.locator("#j-verdict .hs-red").count() == 1
    sizes = page.evaluate("[...document.querySelectorAll('#j-compare .pane img[src]')].map(n => n.naturalWidth)")
    assert len(sizes) == 2 and sizes[0] == sizes[1] > 300
    # The closer look is made when it is opened, not before.
    assert page.locator("#j-closer-view img").count() == 0
    page.locator("#j-closer button").first.click()
    page.wait_for_selector("#j-closer-view .hs-closer")
    assert page.locator("#j-closer-view .hs-closer > .hs-feature").count() == 6  # the marks are the last
    assert "two different photos" in page.locator("#j-closer-view").inner_text()
    text = save(page, "#j-save")[1].decode()
    assert text.startswith("<!doctype html>") and "another person" in text
    assert until(lambda: not app.files())  # no photo stays on the server's disk
    page.locator("#j-worth button").first.click()
    page.wait_for_selector("#worth .hs-verdict.hs-red")
    assert "Not worth it as it is" in page.locator("#worth").inner_text()
    page.locator("#j-other button[aria-label=Clear], #j-other button[aria-label='Remove Image']").first.click()
    page.wait_for_selector("#j-compare .compare[data-state=empty]")
    assert page.locator("#j-report .hs-summary").count() == 0


@pytest.mark.sweep
def test_the_check_can_be_stopped_and_taken_up_again(app: App, visit: Visits) -> None:
    page = visit(app.url)
    give_both(page, "coleman_1.jpg", "wilson_1.jpg")
    page.wait_for_selector("#j-verdict .hs-red")
    assert not page.locator("#j-stop").is_visible()
    page.evaluate(PRESS_STOP)
    further = [str(photo_path(f"{name}.jpg")) for name in ("coleman_2", "garan_1", "walz_1", "whitson_1")]
    page.locator("#j-further button").first.click()
    page.set_input_files("#check input[type=file][multiple]", further)  # each is measured, so that it takes a while
    page.wait_for_selector("#j-again", state="visible")
    assert "of 4" in page.evaluate("window.told")
    assert "Both pictures are still here" in page.locator("#j-says").inner_text()
    assert page.locator("#j-original img").is_visible() and page.locator("#j-other img").is_visible()
    page.click("#j-again")
    page.wait_for_selector("#j-verdict .hs-red")
    assert not page.locator("#j-again").is_visible() and not page.locator("#j-stop").is_visible()


@pytest.mark.sweep
def test_two_photos_given_at_once_meet_on_one_desk(app: App, visit: Visits) -> None:
    page = visit(app.url)
    page.get_by_role("tab", name="Check a picture").click()
    for side, name in (("original", "garan_1.jpg"), ("other", "garan_1.jpg")):  # without waiting in between
        page.set_input_files(f"#j-{side} input[type=file]", str(photo_path(name)))
    page.wait_for_selector("#j-report .hs-summary.hs-green")
    page.locator("#j-closer button").first.click()
    page.wait_for_selector("#j-closer-view .hs-marks img")
    assert page.locator("#j-closer-view .hs-maps img").count() == 3
    order = page.locator("#j-compare .seg button[data-mode]").evaluate_all("n => n.map(b => b.dataset.mode)")
    assert order == ["slider", "side", "blink", "difference", "profile"]
    drop(page, "#j-other", photo_path("wilson_1.jpg").read_bytes())  # on the filled field
    page.wait_for_selector("#j-report .hs-summary.hs-red")
    assert "another person" in page.locator("#j-report").inner_text()


@pytest.mark.sweep
def test_by_eye_first_no_figure_is_shown_before_the_answers(app: App, visit: Visits) -> None:
    page = visit(app.url, width=390, height=844)
    page.get_by_role("tab", name="Check a picture").click()
    page.locator("#j-by-eye input").check()
    give_both(page, "whitson_1.jpg", "whitson_2.jpg")
    page.wait_for_selector("#j-blind .hs-unnamed.hs-ask")
    assert page.locator("#j-blind img").count() == 2
    for held_back in (
        "#j-compare",
        "#j-report .hs-summary",
        "#j-closer",
        "#j-friends",
        "#j-save",
        "#j-original img",
        "#j-other img",
    ):
        assert not page.locator(held_back).first.is_visible(), held_back
    assert page.locator("#j-compare .pane img[src]").count() == 0  # not even sent
    # No picture but the two without names is to be seen.
    assert [i for i in page.locator("img:visible").all() if not i.get_attribute("alt").startswith("Picture ")] == []
    words = json.dumps(page.locator("#j-blind").inner_text())
    assert "Original" not in words and "Headshot" not in words
    page.locator("#j-use label").nth(0).click()
    page.locator("#j-camera label").nth(2).click()
    page.click("#j-blind-go")
    page.wait_for_selector("#j-report .hs-summary")
    said = page.locator("#j-report .hs-said").inner_text()
    assert "you would use A" in said and "could not tell" in said
    page.wait_for_selector("#j-compare .compare[data-state=ready]")
    assert page.locator("#j-original img").is_visible() and not page.locator("#j-blind").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.sweep
def test_by_eye_first_on_the_make_tab(app: App, visit: Visits) -> None:
    page = visit(app.url)
    give(page, "garan_1.jpg")
    page.wait_for_selector("#verdict .count:not(:empty)")
    part(page, "check")
    page.locator("#by-eye input").check()
    page.wait_for_selector("#blind .hs-unnamed.hs-ask")
    page.wait_for_selector("#looks .look img", state="attached")  # the looks on the own face
    for held_back in ("#compare", "#badge", "#history", "#save", "#photo img", "#looks .look img"):
        assert not page.locator(held_back).first.is_visible(), held_back
    sent = "#history img, #report .hs-summary, #badge .hs-engine"
    assert page.locator(sent).count() == 0
    assert [i for i in page.locator("img:visible").all() if not i.get_attribute("alt").startswith("Picture ")] == []
    page.click("#blind-go")
    page.wait_for_selector("#report .hs-summary")
    page.wait_for_selector("#compare .compare[data-state=ready]")
    page.wait_for_selector("#history img")
    assert page.locator("#report .hs-said").count() == 0
    # Another picture is to be judged by eye anew; without the box it is shown at once.
    part(page, "looks")
    page.click("#looks .all")
    page.locator("#looks .look").nth(2).click()
    part(page, "check")
    page.wait_for_selector("#blind .hs-unnamed.hs-ask")
    assert not page.locator("#compare").is_visible()
    page.locator("#by-eye input").uncheck()
    page.wait_for_selector("#report .hs-summary")
    page.wait_for_selector("#compare .compare[data-state=ready][data-busy=false]")


@pytest.mark.sweep
def test_the_closer_look_stays_open_and_follows_the_picture(app: App, visit: Visits) -> None:
    page = visit(app.url)
    give(page, "garan_1.jpg")
    page.wait_for_selector("#verdict .count:not(:empty)")
    part(page, "check")
    page.locator("#closer button").first.click()
    page.wait_for_selector("#closer-view .hs-maps")
    assert page.locator("#closer-view .hs-maps img").count() == 3
    before = page.locator("#closer-view img[alt^='Mouth, Headshot']").get_attribute("src")
    part(page, "looks")
    page.click("#looks .all")
    page.locator("#looks .look").nth(2).click()
    part(page, "check")
    page.wait_for_function(
        "old => { const n = document.querySelector(\"#closer-view img[alt^='Mouth, Headshot']\"); "
        "return n && n.src !== old && n.checkVisibility(); }",
        arg=before,
    )
    page.wait_for_function("document.querySelector('#closer button').innerText.trim().startsWith('Look closer')")
    page.wait_for_function("!document.querySelector('#closer button').innerText.includes('again')")
    page.locator("#closer button").first.click()  # closed, it makes nothing
    page.wait_for_function("!document.querySelector('#closer-view img')?.checkVisibility()")
    part(page, "looks")
    page.locator("#looks .look").nth(4).click()
    part(page, "check")
    page.wait_for_function("!document.querySelector('#closer-view img')")


@pytest.mark.sweep
def test_a_friend_sees_the_line_up_alone(app: App, visit: Visits, tmp_path: Path) -> None:
    first = read_photo(photo_path("coleman_1.jpg"))
    marks = match_pair(first, first).original[1]
    # Strong enough to count as a photo of its own: the shared photos hold no third one of anybody.
    own = edits.scale_jaw(edits.scale_eyes(first.pixels, marks, 14), marks, -14)
    Image.fromarray(own).save(tmp_path / "own.jpg", quality=92)
    Image.fromarray(edits.lighten_skin(first.pixels, marks, 8)).save(tmp_path / "other.jpg", quality=92)
    page = visit(app.url)
    page.get_by_role("tab", name="Check a picture").click()
    page.set_input_files("#j-original input[type=file]", str(photo_path("coleman_1.jpg")))
    page.set_input_files("#j-other input[type=file]", str(tmp_path / "other.jpg"))
    further = [str(photo_path("coleman_2.jpg")), str(tmp_path / "own.jpg")]
    page.locator("#j-further button").first.click()
    page.set_input_files("#check input[type=file][multiple]", further)
    page.wait_for_selector("#j-more-list img")
    page.wait_for_selector("#j-report .hs-range")
    page.locator("#j-friend button").first.click()
    page.click("#j-friends")
    page.wait_for_selector("#j-line-up .hs-unnamed.hs-ask")
    seen = [i.get_attribute("alt") for i in page.locator("img:visible").all()]
    assert seen == ["Picture A", "Picture B", "Picture C"]
    assert not page.locator("#j-report").is_visible() and not page.locator("#j-save").is_visible()
    page.locator("#j-pick label").first.click()
    page.click("#j-answer")
    page.wait_for_selector("#j-tally:has-text('1 of at least 8')")
    page.click("#j-back")
    page.wait_for_selector("#j-report .hs-summary")
    assert page.locator("#j-other img").is_visible() and page.locator("#j-line-up img").count() == 0
    assert "1 of at least 8" in page.locator("#j-tally").inner_text()


@pytest.mark.sweep
def test_reports_of_each_verdict_as_pictures(app: App, visit: Visits, output: Path, tmp_path: Path) -> None:
    """Green, amber, red and grey at both widths, light and dark, to be looked at: test-output/report-*.png."""
    name = "whitson_1.jpg"
    photo, points = faces.photo(name), faces.landmarks(name)
    pictures = {
        "green": (name, edits.jpeg(edits.expose(photo, 0.3))),
        "amber": (name, edits.colour_irises(photo, points, (-4, -26))),
        "red": (name, faces.photo("wilson_1.jpg")),
        "grey": (name, cv2.resize(photo, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)),
    }
    for verdict, (original, picture) in pictures.items():
        other = tmp_path / f"{verdict}.jpg"
        Image.fromarray(picture).save(other, quality=95)
        page = visit(app.url, height=1200)
        page.get_by_role("tab", name="Check a picture").click()
        for side, path in (("original", photo_path(original)), ("other", other)):
            page.set_input_files(f"#j-{side} input[type=file]", str(path))
            page.wait_for_selector(f"#j-{side} img[src^='data:image/jpeg']")
        page.wait_for_selector(f"#j-report .hs-summary.hs-{verdict}")
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 1200})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.screenshot(
                    path=output / f"report-{verdict}-{scheme}-{width}.png", full_page=True, animations="disabled"
                )
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (verdict, width)
        page.context.close()
        visit.pages.remove(page)
