"""The form of "Make" as one Direction, and a Direction back in the form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gradio as gr

from headshot.direction.diff import diff
from headshot.direction.direct import direct
from headshot.direction.engine_table import OWN_PIXELS, is_own
from headshot.direction.parse import parse
from headshot.types import Direction
from headshot.ui.components.events import Answer
from headshot.ui.loaded_looks import base_of
from headshot.ui.make import controls, setup
from headshot.ui.make.parts import Handler, Parts
from headshot.ui.make.saved_headshot import within_reach
from headshot.ui.make.session import MakeSession


def form(parts: Parts) -> list[gr.Component]:
    """The components that make a Direction, in the order that `direction_of` takes their values."""
    return [parts.look, parts.change, parts.words, parts.keep, *parts.controls]


def direction_of(
    session: MakeSession | None,
    look: str,
    change: float,
    words: str,
    keep: str,
    *values: Any,
    engine: str = OWN_PIXELS,
) -> Direction:
    """Make a Direction of the values of `form`, and of the words that no control shows but `session` holds.

    `session` None: before the first photo there are none. Raises DirectionError.
    """
    made = controls.direction_of(base_of(look), change, words, *values, engine=engine)
    made = replace(made, keep=parse("keep", keep or ""))
    return made if session is None else session.held_words.merge(made)


def form_values(parts: Parts, direction: Direction, engine: str) -> Answer:
    """The answer that puts a direction, and the engine that it was made for, into the form.

    With own pixels go the numbers of the generator that would paint next, and what was moved of them.
    """
    direction, own = within_reach(direction, engine), is_own(engine)
    if own:
        moved = {k: v for k, v in diff(direction).items() if k.startswith("generate.")}
        next_ = direct(direction.preset, engine=setup.numbers_for("auto"), overrides=moved)
        direction = replace(direction, generate=next_.generate)
    return {
        parts.engine: "auto" if own else engine,
        parts.look: direction.preset,
        parts.change: direction.change,
        parts.words: direction.words,
        parts.keep: direction.keep,
        **dict(zip(parts.controls, controls.values_of(direction), strict=True)),
    }


def numbers(parts: Parts) -> Handler:
    """(handler, inputs, outputs) that show the numbers of the generator that would paint, once that is another one."""
    keys = [key for key in controls.KEYS if key.startswith("generate.")]
    components = [parts.controls[controls.KEYS.index(key)] for key in keys]

    def show(look: str, engine: str, *values: Any) -> list[Any]:
        shown = dict(zip(keys, values, strict=True))
        return list((shown | controls.numbers_of(base_of(look), setup.numbers_for(engine), shown)).values())

    return show, [parts.look, parts.engine, *components], components
