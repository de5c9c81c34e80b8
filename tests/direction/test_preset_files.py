"""Files of looks are read strictly, and a look that was saved comes back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from headshot.direction.direct import direct
from headshot.direction.preset_file import to_toml
from headshot.direction.presets import load_presets
from headshot.direction.prompt import prompt
from headshot.errors import DirectionError
from headshot.types import (
    Direction,
    Light,
)
from tests.fixtures.preset_files import one

GOOD = """
title = "T"
summary = "S."
[look]
shot = "photo of a {person}"
[canvas]
light = { strength = 0.5 }
[engine]
faceid-sd15 = { steps = 8 }
"""


@pytest.mark.parametrize(
    ("old", "new", "key", "hint"),
    [
        ("strength = 0.5", "strenght = 0.5", "canvas.light.strenght", "Did you mean strength?"),
        ("strength = 0.5", "strength = 1.5", "canvas.light.strength", "0 to 1"),
        ("strength = 0.5", 'strength = "0.5"', "canvas.light.strength", "0 to 1"),
        ("strength = 0.5", "strength = true", "canvas.light.strength", "0 to 1"),
        ("strength = 0.5", "strength = nan", "canvas.light.strength", "0 to 1"),
        ("light = { strength = 0.5 }", "light = 3", "canvas.light", "presets/"),
        ('title = "T"', 'title = "T"\ntags = ["ofice"]', "tags: 'ofice'", "Did you mean office?"),
        ('title = "T"', 'title = "T"\ntags = ["mono", "mono"]', "tags: 'mono'", "mono"),
        ('title = "T"', 'title = "T"\ntags = "mono"', "tags must be a list", "canvas"),
        ("light = {", "lihgt = {", "canvas.lihgt", "Did you mean light?"),
        ("light = { strength = 0.5 }", 'backdrop = { colour = "navy" }', "canvas.backdrop.colour", "#8d9196"),
        (
            "light = { strength = 0.5 }",
            'backdrop = { kind = "bokhe" }',
            "canvas.backdrop.kind",
            "Did you mean bokeh?",
        ),
        ("steps = 8", "steps = 8.5", "engine.faceid-sd15.steps", "1 to 100"),
        ("faceid-sd15", "faceid-sd16", "engine.faceid-sd16", "Did you mean faceid-sd15?"),
        ('title = "T"', 'titel = "T"', "titel", "Did you mean title?"),
        ('title = "T"', "", "title", "needs title"),
        ('title = "T"', "title = 1", "title", ""),
        ('title = "T"', 'title = "T"\norder = "x"', "order", "first"),
        ("{person}", "{gender}", "look.shot", "own word"),
        ('shot = "photo of a {person}"', 'lens = "85mm"', "look.shot", "few words"),
        ('shot = "photo of a {person}"', 'shots = "x"', "look.shots", "Did you mean shot?"),
        ("[canvas]", "[canvas", "mine.toml", "toml.io"),
    ],
)
def test_a_bad_file_names_itself_and_the_key(tmp_path: Path, old: str, new: str, key: str, hint: str) -> None:
    assert one(tmp_path, GOOD).light == replace(Light(), strength=0.5)
    with pytest.raises(DirectionError) as caught:
        one(tmp_path, GOOD.replace(old, new))
    assert "mine.toml" in caught.value.message and key in caught.value.message
    assert hint in caught.value.hint


def test_files_that_are_no_text_and_names_that_are_no_names(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"title = '\xff'")
    with pytest.raises(DirectionError, match=r"mine\.toml is not valid TOML"):
        load_presets(tmp_path)
    (tmp_path / "mine.toml").rename(tmp_path / "My Look.toml")
    with pytest.raises(DirectionError, match="small letters"):
        load_presets(tmp_path)
    (tmp_path / "My Look.toml").unlink()
    with pytest.raises(DirectionError, match="no presets"):
        load_presets(tmp_path)


def test_order_then_name_and_a_folder_is_read_once(tmp_path: Path) -> None:
    for name, order in (("b", 5), ("a", 5), ("c", 1)):
        one(tmp_path, GOOD.replace('"S."', f'"S."\norder = {order}'), name)
    assert list(load_presets(tmp_path)) == ["c", "a", "b"]
    load_presets(tmp_path).clear()  # a caller's copy: the cache is not theirs
    assert load_presets(tmp_path)["a"] is load_presets(tmp_path)["a"]
    (tmp_path / "c.toml").unlink()
    assert list(load_presets(tmp_path)) == ["c", "a", "b"]
    assert one(tmp_path, GOOD.replace('"T"', '"New"'), "a").title == "New"
    assert list(load_presets(tmp_path)) == ["b", "a"]


@pytest.mark.parametrize("name", list(load_presets()))
def test_a_preset_survives_the_round_trip(tmp_path: Path, name: str) -> None:
    assert one(tmp_path, to_toml(load_presets()[name]), name) == load_presets()[name]


def test_a_direction_saved_as_a_look_makes_the_same_prompt(tmp_path: Path) -> None:
    given = {"light.strength": 0.6, "backdrop.colour": "navy", "generate.steps": 8}
    words = 'say "cheese" \\ {x} 100%'
    direction = direct("outdoor", engine="faceid-sdxl", words=words, person="vet", overrides=given)
    text = to_toml(direction, title="My own")
    assert "vet" not in text and "seed" not in text
    saved = one(tmp_path, text)
    assert saved.title == "My own" and saved.light == direction.light and saved.backdrop == direction.backdrop
    assert saved.engines["faceid-sdxl"] == direction.generate
    again = Direction(look=saved.look, person="vet", avoid=saved.avoid)
    assert prompt(again).text == prompt(direction).text.replace("{x}", "x")
