"""What is dropped on the photo field while there is a photo, with the browser's own drop events."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from headshot import files as provenance
from headshot.direction.direct import direct
from headshot.engines.base import EngineStatus
from headshot.files.encode import headshot_file
from headshot.studio.session import headshot
from headshot.ui.components.uploads import Upload
from headshot.ui.make import photo_card, setup
from headshot.ui.make.held_words import HeldWords
from headshot.ui.make.opened_session import open_session
from headshot.ui.make.saved_headshot import Restored
from headshot.ui.make.session import MakeSession
from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, Visits, drop, give, open_controls, save
from tests.fixtures.shared_photos import photo_path, sitting


def saved(engine: str = "retouch", seed: int | None = None, **overrides: Any) -> bytes:
    """A headshot as the app saves it, of somebody who calls themselves a plumber."""
    wanted = direct("linkedin", engine=engine, overrides={"person": "plumber", **overrides})
    made = replace(headshot(sitting("coleman_1.jpg"), replace(wanted, change=0.25), height=240), direction=wanted)
    own = made.recipe if seed is None else {"seed": seed}
    return headshot_file(replace(made, engine=engine, recipe=own))


def photo_shown(page: Any) -> str:
    return str(page.locator("#photo .image-frame img").get_attribute("src"))


@pytest.mark.sweep
@pytest.mark.browser
@pytest.mark.data
def test_a_saved_headshot_brings_its_settings_and_the_photo_stays(app: App, visit: Visits) -> None:
    page = visit(app.url)
    give(page, "garan_1.jpg")
    page.wait_for_selector(READY)
    page.wait_for_selector("#history .tile[data-id='1'][data-now=true]")
    photo = photo_shown(page)
    open_controls(page)

    drop(page, "#stage", saved(**{"light.warmth": 0.4}))
    page.wait_for_selector("#marks >> text=settings that made it are back", state="attached")
    page.wait_for_selector("#history .tile[data-id='2'][data-now=true]")
    page.wait_for_selector(READY)
    assert page.locator("#set-light-warmth input[type=range]").input_value() == "0.4"
    assert photo_shown(page) == photo and page.locator("#history .tile").count() == 2
    recipe = provenance.read(save(page)[1]).recipe
    assert recipe is not None and recipe["settings"]["person"] == "plumber"

    # One that a generator painted, which is not here: its name is set, and what is missing is said.
    drop(page, "#stage", saved("faceid-sd15", seed=12, **{"generate.candidates": 3}))
    page.wait_for_selector("#marks >> text=not set up here", state="attached")
    page.wait_for_selector("#compare >> text=press “Set up”")
    open_controls(page)
    assert photo_shown(page) == photo

    # Another photo takes the place of the first one, and its session begins anew.
    drop(page, "#stage", photo_path("curbeam_1.jpg").read_bytes())
    page.wait_for_function("was => (document.querySelector('#photo .image-frame img')?.src ?? was) !== was", arg=photo)
    page.wait_for_function("!document.querySelector('#history .tile')")  # the rung is still a generator's
    assert page.locator("#marks").text_content().strip() == ""

    # The field's own "×" still empties the page.
    page.click("#photo-strip button")
    page.locator("#photo button[aria-label='Remove Image']").click()
    page.wait_for_selector("#compare .compare[data-state=empty]", state="attached")
    page.wait_for_function("!document.querySelector('#history .tile') && !document.querySelector('#photo img')")


@pytest.mark.data
def test_what_a_saved_headshot_brings() -> None:
    before = MakeSession(sitting("coleman_1.jpg"))
    painted = saved("faceid-sd15", seed=12, **{"generate.candidates": 3, "change": 1.0})
    now, found = open_session(Upload(painted), before)
    assert now is before and found is not None and found.engine == "faceid-sd15"
    direction = found.direction
    assert (direction.person, direction.seed, direction.generate.candidates) == ("plumber", 12, 1)
    # Own pixels of a rung that they do not reach: the same picture where they end, and no wait for a generator.
    _, found = open_session(Upload(saved(change=1.0)), before)
    assert found is not None and found.engine == "retouch" and found.direction.change == 0.25


@pytest.mark.parametrize(
    ("engine", "there", "name", "said"),
    [
        ("retouch", True, "auto", ""),
        ("faceid-sdxl", True, "faceid-sdxl", ""),
        ("faceid-sd15", False, "faceid-sd15", "not set up here"),
        ("of-tomorrow", True, "auto", "does not know"),
    ],
)
def test_who_painted_it_is_set_or_missed(
    engine: str, there: bool, name: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = {n: EngineStatus(n, n.title(), there) for n in setup.GENERATORS}
    monkeypatch.setattr(setup, "statuses", lambda: here)
    assert photo_card.painter_of(Restored(direct("linkedin"), engine))[0] == name
    missing = photo_card.painter_of(Restored(direct("linkedin"), engine))[1]
    assert said in missing and bool(said) == bool(missing)


def test_who_is_in_the_photo_outlives_a_look() -> None:
    held = HeldWords()
    held.hold(direct("linkedin", person="plumber"))
    assert held.merge(direct("mono")).person == "plumber"
    held.hold_look(direct("legal"))
    assert held.merge(direct("legal")).person == "plumber"
