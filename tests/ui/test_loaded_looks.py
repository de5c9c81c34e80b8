"""The looks that a visitor loaded: the last five, what their tiles stand for, and in the real app."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from headshot.direction.diff import with_changes
from headshot.direction.direct import direct
from headshot.direction.look_file import Loaded, load
from headshot.direction.look_file import save as save_look
from headshot.types import Headshot
from headshot.ui.components.gallery.gallery import gallery_looks
from headshot.ui.loaded_looks import LoadedLooks
from headshot.ui.make import session as make_session
from headshot.ui.make.controls import KEYS, values_of
from headshot.ui.make.form import direction_of
from headshot.ui.make.look_previews import thumbnails
from headshot.ui.make.session import MakeSession
from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, Visits, changed, give, part, save, shown, until
from tests.fixtures.shared_photos import sitting

FIRST = "#looks .look:first-child"


def loaded(title: str, preset: str = "mono", **moved: Any) -> Loaded:
    return Loaded(title, direct(preset, overrides={k.replace("__", "."): v for k, v in moved.items()}))


def test_the_last_five_the_newest_first() -> None:
    yours = LoadedLooks()
    made = [yours.add(loaded(f"Look {i}", light__warmth=i / 10)) for i in range(7)]
    assert [o.look.title for o in yours.looks] == [f"Look {i}" for i in (6, 5, 4, 3, 2)]
    assert len({o.tile for o in made}) == 7 and yours.direction(made[1].tile) is None
    again = yours.add(loaded("Look 3", light__warmth=0.3))  # the same one moves to the front
    assert [o.look.title for o in yours.looks] == [f"Look {i}" for i in (3, 6, 5, 4, 2)]
    found = yours.direction(again.tile)
    assert found is not None and found.light.warmth == 0.3 and yours.direction("mono") is None
    assert copy.deepcopy(LoadedLooks()).looks == ()  # what Gradio does with it for each session


def test_a_tile_stands_for_the_look_below_it() -> None:
    own = LoadedLooks().add(loaded("Mine", "legal"))
    direction = own.look.direction
    assert direction_of(None, own.tile, direction.change, "", "", *values_of(direction)) == direction
    tiles = gallery_looks([direct("mono")], {own.tile: "data:x"}, [own])
    assert tiles[0] == {"name": own.tile, "title": "Mine", "summary": "", "image": "data:x", "tags": ["yours"]}
    assert [t["name"] for t in tiles] == [own.tile, "mono"]


def test_the_way_back_to_a_loaded_look_is_its_tile() -> None:
    yours = LoadedLooks()
    worded = yours.add(loaded("Worded", **{"look.wardrobe": "green jumper"}))
    plain = yours.add(loaded("Plain", **{"light.warmth": 0.3}))
    for own in (worded, plain):
        assert yours.tile_of(own.look.direction) == own.tile
    moved = with_changes(worded.look.direction, {"light.warmth": 0.5})  # a slider later it is still that look
    assert yours.tile_of(moved) == worded.tile
    assert yours.tile_of(direct("mono")) == "mono" and yours.tile_of(direct("legal")) == "legal"


def test_a_loaded_look_brings_its_own_sentence() -> None:
    _, data = save_look(direct("mono"), "Mine")
    assert load(data.replace(b"summary", b"summary = 'Rain on the window.' #", 1)).summary == "Rain on the window."


@pytest.mark.sweep
@pytest.mark.data
def test_own_looks_are_previewed_first_and_as_they_are_loaded() -> None:
    one = sitting("garan_1.jpg")
    own = {"mono/yours-1": direct("mono", overrides={"backdrop.colour": "#ff0000"})}
    work = thumbnails(one, ["linkedin"], own=lambda: own)
    first = next(work)
    assert next(iter(first)) == "mono/yours-1" and first["mono/yours-1"].startswith("data:image/jpeg")
    own["legal/yours-2"] = replace(direct("legal"), change=0.75)  # as loaded where a generator is set up
    second = next(work)
    assert list(second)[4] == "legal/yours-2"
    every = {**second, **dict(pair for batch in work for pair in batch.items())}
    assert every["legal/yours-2"] == every["legal"]  # own pixels, however far up the ladder it was loaded
    assert every["mono/yours-1"] != every["mono"]


@pytest.mark.data
def test_a_late_picture_of_the_look_before_does_not_take_the_words_back(monkeypatch: pytest.MonkeyPatch) -> None:
    now, made = MakeSession(sitting("garan_1.jpg")), make_session.headshot
    own = direct("mono", overrides={"look.expression": "broad smile"})

    def late(*rest: Any, **more: Any) -> Headshot:
        now.hold(own)  # chosen while the picture of the look before is made
        return made(*rest, **more)

    monkeypatch.setattr(make_session, "headshot", late)
    now.draw(direct("legal"))
    assert now.last is None and now.held_words.merge(direct("mono")).look.expression == "broad smile"


def look_file(folder: Path, title: str, preset: str, overrides: dict[str, Any]) -> str:
    path = folder / f"{title}.toml"
    path.write_bytes(save_look(direct(preset, overrides=overrides), title)[1])
    return str(path)


def warmth(page: Any, value: float) -> None:
    page.wait_for_function(
        "v => Number(document.querySelector('#set-light-warmth input[type=range]')?.value) === v", arg=value
    )


@pytest.mark.sweep
@pytest.mark.data
@pytest.mark.browser
def test_loaded_looks_are_tiles_with_this_face(app: App, visit: Visits, tmp_path: Path, output: Path) -> None:
    """Loaded, left, picked again, found by the field, kept over a new photo. And nothing of it on the disk."""
    rain = look_file(tmp_path, "Rainy Sunday", "mono", {"light.warmth": 0.3, "look.expression": "broad smile"})
    page = visit(app.url)
    give(page, "whitson_1.jpg")
    page.wait_for_selector(READY)
    assert page.locator("#looks .chip[data-tag=yours]").count() == 0
    part(page, "save")
    page.locator("#look-file button").first.click()
    page.set_input_files("#look-load input[type=file]", rain)
    page.wait_for_selector(f"{FIRST}[data-name^='mono/yours-'][aria-checked=true] img", state="attached")
    part(page, "looks")
    assert page.locator(f"{FIRST} .title").inner_text() == "Rainy Sunday"
    assert page.locator("#looks .look[aria-checked=true]").count() == 1
    warmth(page, 0.3)
    picture = page.locator(f"{FIRST} img").get_attribute("src")
    # Another look, and back: the controls follow both ways.
    page.click("#looks .all")
    page.click("#looks .look[data-name=legal]")
    warmth(page, values_of(direct("legal"))[KEYS.index("light.warmth")])
    page.locator("#looks .find input").fill("sunday RAINY")
    assert page.locator("#looks .look:visible").count() == 1
    page.click(FIRST)
    warmth(page, 0.3)
    page.locator("#looks .find input").fill("")
    # Saved again from the tile, its words are in the file, those too that no control shows.
    part(page, "save")
    page.locator("#look-title input, #look-title textarea").fill("Again")
    assert load(save(page, "#look-save")[1]).direction.look.expression == "broad smile"
    # The newest first (five at most: test_the_last_five_the_newest_first).
    for i in range(2):
        path = look_file(tmp_path, f"Number {i}", "linkedin", {"light.warmth": i / 10})
        page.set_input_files("#look-load input[type=file]", path)
        page.wait_for_function(
            "t => document.querySelector('#looks .look .title').textContent === t", arg=f"Number {i}"
        )
        page.wait_for_selector(f"{FIRST}[aria-checked=true] img", state="attached")
    part(page, "looks")
    assert page.locator("#looks .chip[data-tag=yours] .many").inner_text() == "3"
    page.click("#looks .chip[data-tag=yours]")
    assert [t.inner_text() for t in page.locator("#looks .look:visible .title").all()] == [
        "Number 1",
        "Number 0",
        "Rainy Sunday",
    ]
    page.screenshot(path=output / "yours-1440.png", full_page=True)
    # Another person: the same looks, with the new face.
    before = page.locator(f"{FIRST} img").get_attribute("src")
    give(page, "garan_1.jpg")
    page.wait_for_function(
        "b => { const n = document.querySelector('#looks .look img'); return n && n.getAttribute('src') !== b; }",
        arg=before,
    )
    assert page.locator("#looks .look:visible").count() == 3
    assert picture
    # The uploads themselves go by a timer of seconds; nothing else is ever written of a look.
    assert until(lambda: not app.files(".toml"))


@pytest.mark.sweep
@pytest.mark.data
@pytest.mark.browser
def test_the_words_of_an_own_look_outlive_the_photo(app: App, visit: Visits, tmp_path: Path) -> None:
    """Picked while there is no photo, or before another one: the words that no control shows come with it."""
    rain = look_file(tmp_path, "Rainy", "mono", {"look.expression": "broad smile"})
    page = visit(app.url)
    give(page, "whitson_1.jpg")
    page.wait_for_selector(READY)
    part(page, "save")
    page.locator("#look-file button").first.click()
    page.set_input_files("#look-load input[type=file]", rain)
    page.wait_for_selector(f"{FIRST}[data-name^='mono/yours-'][aria-checked=true] img", state="attached")
    part(page, "looks")
    before = shown(page)
    give(page, "garan_1.jpg")
    changed(page, before)
    part(page, "save")
    page.locator("#look-title input, #look-title textarea").fill("Again")
    assert load(save(page, "#look-save")[1]).direction.look.expression == "broad smile"
