"""The fields of "Make" as one Direction, and a Direction back in the fields."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from headshot.direction.diff import diff
from headshot.direction.direct import direct
from headshot.direction.engine_table import OWN_PIXELS, is_own
from headshot.direction.parse import parse
from headshot.types import Direction
from headshot.ui.loaded_looks import base_of
from headshot.ui.make import controls, setup
from headshot.ui.make.parts import Parts
from headshot.ui.make.saved_headshot import within_reach
from headshot.ui.make.session import MakeSession


def fields(p: Parts) -> list[Any]:
    """The components that make a Direction, in the order that `direction_of` takes their values."""
    return [p.look, p.change, p.words, p.keep, *p.controls]


def direction_of(
    session: MakeSession | None,
    look: str,
    change: float,
    words: str,
    keep: str,
    *values: Any,
    engine: str = OWN_PIXELS,
) -> Direction:
    """Make a Direction of the values of `fields`, and of the words that no control shows but `session` holds.

    `session` None: before the first photo there are none. Raises DirectionError.
    """
    made = controls.direction_of(base_of(look), change, words, *values, engine=engine)
    made = replace(made, keep=parse("keep", keep or ""))
    return made if session is None else session.held_words.merge(made)


def filled(p: Parts, direction: Direction, engine: str) -> dict[Any, Any]:
    """The answer that puts a direction and the engine that heard it into the fields.

    With own pixels go the numbers of the generator that would paint next, and what was moved of them.
    """
    direction, own = within_reach(direction, engine), is_own(engine)
    if own:
        moved = {k: v for k, v in diff(direction).items() if k.startswith("generate.")}
        next_ = direct(direction.preset, engine=setup.numbers_for("auto"), overrides=moved)
        direction = replace(direction, generate=next_.generate)
    return {
        p.engine: "auto" if own else engine,
        p.look: direction.preset,
        p.change: direction.change,
        p.words: direction.words,
        p.keep: direction.keep,
        **dict(zip(p.controls, controls.values_of(direction), strict=True)),
    }


def numbers(p: Parts) -> tuple[Any, list[Any], list[Any]]:
    """(handler, inputs, outputs) that show the numbers of the generator that would paint, once that is another one."""
    keys = [key for key in controls.KEYS if key.startswith("generate.")]
    parts = [p.controls[controls.KEYS.index(key)] for key in keys]

    def show(look: str, engine: str, *values: Any) -> list[Any]:
        shown = dict(zip(keys, values, strict=True))
        return list((shown | controls.numbers_of(base_of(look), setup.numbers_for(engine), shown)).values())

    return show, [p.look, p.engine, *parts], parts
