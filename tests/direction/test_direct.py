"""A look, words and settings become one direction."""

from __future__ import annotations

from dataclasses import replace

import pytest

from headshot.direction.direct import direct
from headshot.direction.phrases import colour_name, light_words
from headshot.direction.presets import load_presets
from headshot.direction.prompt import prompt
from headshot.errors import DirectionError
from headshot.text import clean
from headshot.types import (
    Generate,
    Light,
)


def test_direct_merges_preset_words_and_overrides() -> None:
    base = load_presets()["corporate"]
    direction = direct("corporate", engine="faceid-sd15", words="window light", person="pilot", seed=4)
    assert direction.look == base.look and direction.light == base.light and direction.crop == base.crop
    assert direction.generate == base.engines["faceid-sd15"] and direction.title == base.title
    assert (direction.words, direction.person, direction.seed) == ("window light", "pilot", 4)
    given = {
        "light.strength": "0.1",
        "generate.steps": "8",
        "look.wardrobe": "green scarf",
        "change": "0.5",
        "seed": "9",
        "crop.aspect": "1:1",
        "words": "by the sea",
        "avoid": "hat",
        "person": "",
    }
    over = direct("corporate", engine="faceid-sd15", seed=4, change=0.2, words="no", overrides=given)
    assert over.light == replace(base.light, strength=0.1)
    assert over.generate == replace(base.engines["faceid-sd15"], steps=8)
    assert over.look == replace(base.look, wardrobe="green scarf", light=f"{base.look.light}, flat light")
    assert (over.change, over.seed, over.crop.aspect) == (0.5, 9, "1:1")
    assert (over.words, over.avoid, over.person) == ("by the sea", "hat", "person")


def test_default_place_on_the_ladder() -> None:
    assert direct().change == 0.25
    assert direct(engine="faceid-sdxl").change == 0.75
    assert direct(change=0.0).change == 0.0
    assert direct().generate == Generate()


@pytest.mark.parametrize(
    ("overrides", "key", "hint"),
    [
        ({"light.strenght": 1}, "light.strenght", "Did you mean light.strength?"),
        ({"strength": 1}, "strength", "Did you mean light.strength?"),
        ({"light.strength": "2"}, "light.strength", "from 0 to 1"),
        ({"generate.scheduler": "dpm"}, "generate.scheduler", "Did you mean dpm++?"),
        ({"look.shot": "{age} person"}, "look.shot", "own word"),
        ({"words": "x" * 501}, "words", "500"),
        ({"": 1}, "", "Known here"),
    ],
)
def test_override_errors_name_the_key_and_what_is_allowed(overrides: dict[str, object], key: str, hint: str) -> None:
    with pytest.raises(DirectionError) as caught:
        direct(overrides=overrides)
    assert key in caught.value.message and hint in caught.value.hint


def test_unknown_preset() -> None:
    with pytest.raises(DirectionError, match="corprate") as caught:
        direct("corprate")
    assert caught.value.hint == "Did you mean corporate?"


def test_words_follow_the_controls() -> None:
    look = direct("corporate", overrides={"light.key_side": "right", "backdrop.colour": "#8b1a1a"}).look
    assert "from the right" in look.light and "left" not in look.light
    assert "dark red" in look.backdrop and "grey" not in look.backdrop
    assert direct("corporate", overrides={"light.key_side": "none"}).look.light == "soft key light, gentle fill"
    assert direct("corporate", overrides={"backdrop.kind": "own"}).look.backdrop == ""
    spoken = {"light.key_side": "right", "look.light": "candle on the left"}
    assert direct("corporate", overrides=spoken).look.light == "candle on the left"
    assert direct("corporate", overrides={"backdrop.falloff": 0.1}).look == load_presets()["corporate"].look
    left = Light(key_side="left")
    assert light_words("bright light", replace(left, key_side="right"), left) == "bright light, light from the right"


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ("#ffffff", "white"),
        ("#000000", "black"),
        ("#808080", "grey"),
        ("#d0d2d3", "light grey"),
        ("#1f3a5f", "dark blue"),
        ("#3f7f7c", "teal"),
        ("#6f8b68", "green"),
        ("#5d4a3d", "dark brown"),
        ("#b22222", "red"),
        ("#f0c000", "yellow"),
        ("#ff8800", "orange"),
        ("#7030a0", "violet"),
    ],
)
def test_colour_names(colour: str, name: str) -> None:
    assert colour_name(colour) == name


def test_hostile_words() -> None:
    text = "  soft\x00 light\r\n\x1b[31m\u202e by\u200b the\tsea \ud800 {person} {0.__class__} %s "
    direction = direct("linkedin", words=text, person="a{person}b")
    assert direction.words == "soft light [31m by the sea {person} {0.__class__} %s"
    made = prompt(direction)
    assert "{0.__class__} %s" in made.text and made.text.isprintable()
    assert clean("e\u0301") == "é"
    with pytest.raises(DirectionError, match="words: the text is too long"):
        direct(words="\x00" * 10**6)
    with pytest.raises(DirectionError, match="person"):
        direct(person="x" * 41)
