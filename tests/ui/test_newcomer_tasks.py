"""Five things that a newcomer comes for, step by step in Chromium; an action is a click, a key or a line written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, Visits, opened
from tests.fixtures.shared_photos import photo_path

pytestmark = [pytest.mark.browser, pytest.mark.data, pytest.mark.sweep]


class Newcomer:
    """A visitor whose actions are counted; a file dialog counts as one, however the file is found in it."""

    def __init__(self, page: Any) -> None:
        self.page, self.actions = page, 0

    def click(self, selector: str) -> None:
        self.page.wait_for_selector(selector)
        self.page.click(selector)
        self.actions += 1

    def option(self, label: str) -> None:
        self.page.get_by_role("option", name=label).click()
        self.actions += 1

    def key(self, key: str) -> None:
        self.page.evaluate("document.activeElement.blur()")
        self.page.keyboard.press(key)
        self.actions += 1

    def write(self, selector: str, text: str) -> None:
        self.page.fill(selector, text)
        self.page.press(selector, "Enter")
        self.actions += 2

    def file(self, field: str, name: str) -> None:
        self.page.wait_for_selector(f"{field} input[type=file]", state="attached")
        self.page.set_input_files(f"{field} input[type=file]", str(photo_path(name)))
        self.actions += 2

    def photo(self, name: str) -> None:
        self.file("#photo", name)
        self.picture()

    def picture(self) -> None:
        """Wait until there is one and nothing is being made."""
        self.page.wait_for_selector(READY)
        self.page.wait_for_selector("#save:not([disabled])")

    def another(self, act: Callable[[], None]) -> None:
        """Act, and wait until one more picture lies in the tray."""
        count = self.page.locator("#history .tile").count()
        act()
        self.page.wait_for_selector(f"#history .tile >> nth={count}")
        self.picture()

    def download(self, button: str = "#save") -> tuple[str, bytes]:
        with self.page.expect_download() as waiting:
            self.click(button)
        return waiting.value.suggested_filename, waiting.value.path().read_bytes()


@pytest.fixture
def me(app: App, visit: Visits) -> Newcomer:
    page = visit(app.url)
    page.wait_for_selector("#photo input[type=file]", state="attached")
    opened(page)
    return Newcomer(page)


def test_a_linkedin_picture(me: Newcomer) -> None:
    """Choose the photo, choose the size, download."""
    me.photo("coleman_1.jpg")
    me.click("#kind input")
    me.option("LinkedIn, 800 × 800")
    assert me.download()[0] == "headshot-linkedin-800.jpg"
    assert me.actions == 5  # without the size: 3


def test_darker_and_closer_in_words(me: Newcomer) -> None:
    """Choose the photo, write it, press Enter, download."""
    me.photo("coleman_1.jpg")
    me.another(lambda: me.write("#words textarea, #words input", "darker and closer"))
    me.download()
    assert me.actions == 5


def test_three_looks_compared_and_two_downloaded(me: Newcomer) -> None:
    """Two more looks, a star on each of two, Compare with the others, the ZIP of the starred."""
    me.photo("coleman_1.jpg")
    for number in (1, 2):
        me.another(lambda number=number: me.click(f"#looks .look:visible >> nth={number}"))  # type: ignore[misc]
        me.key("s")
        me.page.wait_for_selector(f"#history .star[aria-pressed=true] >> nth={number - 1}", state="attached")
    me.click("#history [data-act=compare]")
    for number in (0, 1):
        me.click(f"#history .pick >> nth={number}")
    me.page.wait_for_selector("#compare .compare[data-several=true]")
    name, data = me.download("#history [data-act=pack]")
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert name == "headshots.zip" and len(names) == 3 and names[-1] == "report.html"
    assert me.actions == 10


def test_a_picture_from_elsewhere(me: Newcomer) -> None:
    """The tab, both pictures; the verdict stands under them."""
    me.click("#tabs [role=tab] >> nth=1")
    me.file("#j-original", "garan_1.jpg")
    me.file("#j-other", "wilson_1.jpg")
    me.page.wait_for_selector("#j-verdict .hs-red")
    assert "another person" in me.page.locator("#j-verdict").inner_text()
    assert me.actions == 5


def test_whether_it_is_worth_it(me: Newcomer) -> None:
    """A picture, the tab, the last card: the sums stand there, filled in from what is known."""
    me.photo("coleman_1.jpg")
    me.page.wait_for_selector("#verdict .count:not(:empty)")
    me.click("#tabs [role=tab] >> nth=1")
    me.click("#j-worth button >> nth=0")
    me.page.wait_for_selector("#worth .hs-headline")
    assert me.actions == 4
