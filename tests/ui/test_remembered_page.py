"""What the browser keeps for the next visit, and the camera with its light meter: with a camera that Chromium draws."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, Visits, give, launched_beside, opened, until

pytestmark = [pytest.mark.browser, pytest.mark.data, pytest.mark.sweep]
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


def test_the_last_look_and_view_are_there_again_and_no_photo(app: App, visit: Visits) -> None:
    page = visit(app.url)
    give(page, "coleman_1.jpg")
    page.wait_for_selector(READY)
    page.click("#looks .look:visible >> nth=2")
    wanted = page.locator("#looks .look[aria-checked=true]").get_attribute("data-name")
    page.click("#compare [data-mode=side]")
    page.wait_for_selector(READY)
    kept = "Object.fromEntries(Object.entries(localStorage).filter(([key]) => key.startsWith('headshot')))"
    assert until(lambda: page.evaluate(kept) == {"headshot-look": wanted, "headshot-view": "side"})
    asked: list[str] = []
    answer = "stay"

    def ask(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept() if answer == "leave" else dialog.dismiss()

    page.on("dialog", ask)
    page.evaluate("setTimeout(() => location.reload(), 0)")
    assert until(lambda: (page.wait_for_timeout(50), asked)[1]) == ["beforeunload"]
    assert page.locator(READY).count() == 1, "whoever stays keeps the picture"
    answer = "leave"
    page.reload()
    assert asked == ["beforeunload"] * 2
    opened(page)
    page.reload()
    opened(page)
    assert len(asked) == 2, "without a photo there is nothing to lose"
    visit.faults.clear()  # what was on its way when the page was left
    give(page, "garan_1.jpg")
    page.wait_for_selector(READY)
    page.wait_for_selector(f"#looks .look[data-name='{wanted}'][aria-checked=true]")
    assert page.locator("#compare .compare").get_attribute("data-mode") == "side"


def test_the_camera_says_whether_the_light_will_do(app: App, chromium: Any) -> None:
    with launched_beside(chromium, *CAMERA) as browser:
        visits = Visits(browser)
        page = visits(app.url, permissions=["camera"])
        page.wait_for_selector("#camera")
        page.click("#camera")
        page.wait_for_selector("#photo video", state="attached")
        page.wait_for_selector("#camera-guide .light:not(:empty)")
        assert page.locator("#camera-guide .level").is_hidden()  # there is no sensor
        asked = [fault for fault in visits.faults if "upload_progress" not in fault and fault != "Response"]
        assert asked == []  # Gradio's own camera asks how far an upload is that has not begun
        visits.close(None, "camera")
