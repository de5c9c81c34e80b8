"""The recipe in a file gives the settings back; hostile ones are refused in plain words."""

from __future__ import annotations

import random
from typing import Any

import pytest

from headshot.direction.direct import direct
from headshot.direction.presets import load_presets
from headshot.direction.settings import SETTINGS
from headshot.errors import DirectionError
from headshot.files import (
    OWN_PIXELS,
    read,
    recipe_of,
    restore,
    xmp,
)
from headshot.types import Direction
from tests.fixtures.stamped import KINDS, made, stamped


def some_direction(seed: int) -> Direction:
    """Every setting somewhere in its range."""
    chance = random.Random(seed)
    values: dict[str, Any] = {}
    for key, bound in SETTINGS.items():
        if bound.kind == "number":
            values[key] = round(chance.uniform(bound.low, bound.high), 3)
        elif bound.kind == "integer":
            values[key] = chance.randint(int(bound.low), int(bound.high))
        elif bound.kind == "choice":
            values[key] = chance.choice(bound.choices)
        elif bound.kind == "colour":
            values[key] = f"#{chance.randrange(1 << 24):06x}"
        else:
            values[key] = "".join(chance.choices("aé字\U0001f600 <&>]]>\"'\\,", k=bound.length)).strip()
    return direct(chance.choice(list(load_presets())), engine="faceid-sd15", overrides=values)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(6))
def test_settings_come_back_as_they_were(kind: str, seed: int) -> None:
    direction = some_direction(seed)
    data = stamped(kind, made("faceid-sd15", 0.9, direction))
    assert restore(read(data).recipe) == direction


@pytest.mark.parametrize("preset", load_presets())
@pytest.mark.parametrize("engine", ["retouch", "faceid-sd15", "faceid-sdxl"])
def test_every_preset_comes_back(preset: str, engine: str) -> None:
    direction = direct(preset, engine=engine)
    packet = xmp.write(OWN_PIXELS, recipe_of(made(engine, 0.9, direction)))
    assert restore(xmp.parse(packet).recipe) == direction


def test_a_candidate_comes_back_by_its_own_seed() -> None:
    direction = direct(seed=7)
    assert restore(recipe_of(made("faceid-sd15", 0.9, direction, seed=9, candidate=2))).seed == 9
    assert restore(recipe_of(made("faceid-sd15", 0.9, direction, seed=2**40))).seed == 7


def spoilt(**changes: Any) -> dict[str, Any]:
    return recipe_of(made()) | changes


@pytest.mark.parametrize(
    "recipe",
    [
        None,
        [],
        "x",
        {},
        spoilt(schema=2),
        spoilt(schema=None),
        spoilt(engine=None),
        spoilt(engine="../x y"),
        spoilt(engine=["a"]),
        spoilt(preset=None),
        spoilt(preset={}),
        spoilt(preset="../../etc/passwd"),
        spoilt(preset="a" * 10**6),
        spoilt(settings=None),
        spoilt(settings=[1]),
        spoilt(settings={"x": 1}),
        spoilt(settings={"__class__": 1}),
        spoilt(settings={"title": "t"}),
        spoilt(settings={f"k{i}": 1 for i in range(10**4)}),
        spoilt(settings={"light.strength": 1.01}),
        spoilt(settings={"light.strength": "0.5"}),
        spoilt(settings={"light.strength": float("nan")}),
        spoilt(settings={"light.strength": None}),
        spoilt(settings={"generate.steps": 10**9}),
        spoilt(settings={"generate.steps": 1.5}),
        spoilt(settings={"backdrop.colour": "red"}),
        spoilt(settings={"backdrop.kind": "own " * 9}),
        spoilt(settings={"words": "a" * 501}),
        spoilt(settings={"words": {"a": 1}}),
        spoilt(settings={"light": {"strength": 0.5}}),
        spoilt(settings={"look.shot": "{person.__class__}"}),
        spoilt(seed=-1),
        spoilt(seed="1"),
        spoilt(seed=True),
        spoilt(seed=None),
        spoilt(seed=2**31),
    ],
)
def test_hostile_recipes_are_refused_in_plain_words(recipe: Any) -> None:
    with pytest.raises(DirectionError) as caught:
        restore(recipe)
    assert 0 < len(str(caught.value)) < 2500
