"""The fields of "Make" as one Direction, and a Direction back in the fields."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from headshot.bounds import parse
from headshot.types import Direction
from headshot.ui import controls
from headshot.ui.yours import base_of

if TYPE_CHECKING:
    from headshot.ui.page import Parts


def fields(p: Parts) -> list[Any]:
    """The components that make a Direction, in the order that `direction_of` takes their values."""
    return [p.look, p.change, p.words, p.keep, *p.controls]


def direction_of(
    look: str, change: float, words: str, keep: str, *values: Any, engine: str = "retouch"
) -> Direction:
    """The values of `fields` as a Direction. Raises DirectionError."""
    made = controls.direction_of(base_of(look), change, words, *values, engine=engine)
    return replace(made, keep=parse("keep", keep or ""))


def filled(p: Parts, direction: Direction) -> dict[Any, Any]:
    """The answer that puts a direction into the fields."""
    return {
        p.look: direction.preset, p.change: direction.change, p.words: direction.words, p.keep: direction.keep,
        **dict(zip(p.controls, controls.values_of(direction), strict=True)),
    }  # fmt: skip
