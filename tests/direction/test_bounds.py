"""The table of settings: bounds, defaults, colours."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from headshot.direction.parse import parse
from headshot.direction.settings import SETTINGS
from headshot.errors import DirectionError
from headshot.types import (
    Backdrop,
    Crop,
    CutoutSettings,
    Direction,
    Generate,
    Light,
    Look,
    Posing,
    Retouch,
    Shape,
)


def test_every_field_has_its_bound_and_every_bound_its_field() -> None:
    groups = {"look": Look, "backdrop": Backdrop, "light": Light, "crop": Crop, "posing": Posing}
    groups |= {"retouch": Retouch, "generate": Generate, "cutout": CutoutSettings, "shape": Shape}
    expected = {f"{g}.{f.name}" for g, kind in groups.items() for f in fields(kind)}
    assert set(SETTINGS) == expected | {"change", "seed", "words", "person", "avoid", "keep"}


@pytest.mark.parametrize("key", [k for k, b in SETTINGS.items() if b.kind in ("number", "integer")])
def test_ends_are_allowed_and_beyond_is_refused_by_name(key: str) -> None:
    bound = SETTINGS[key]
    for end in (bound.low, bound.high):
        assert parse(key, end) == end == parse(key, str(end))
    for beyond in (bound.low - 1, bound.high + 1, "nan", "inf", "-inf", "much", "", True, None, [], 10**400):
        with pytest.raises(DirectionError, match=re.escape(key)) as caught:
            parse(key, beyond)
        assert f"{bound.high:g}"[:4] in caught.value.hint.replace(",", "")[:80] or bound.high > 1e6


def test_defaults_of_the_records_are_within_bounds() -> None:
    settings = Direction().settings()
    for key in SETTINGS:
        group, _, name = key.rpartition(".")
        value = settings[group][name] if group else settings[key]
        assert parse(key, value, strict=True) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("#1F3A5F", "#1f3a5f"),
        ("#abc", "#aabbcc"),
        ("navy", "#000080"),
        ("rgb(1, 2, 3)", "#010203"),
        ("rgba(31.4, 58, 95, 1)", "#1f3a5f"),
    ],
)
def test_colours_in_every_form(text: str, value: str) -> None:
    assert parse("backdrop.colour", text) == value


@pytest.mark.parametrize(
    "text", ["", "#12", "bleu", "rgba(1,2,3,0.5)", "rgb(1.2.3,4,5)", "#11223344", "rgb(999,0,0)", 7]
)
def test_bad_colours(text: object) -> None:
    with pytest.raises(DirectionError, match=r"backdrop\.colour"):
        parse("backdrop.colour", text)
