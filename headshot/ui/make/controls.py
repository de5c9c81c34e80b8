"""The folded-away controls, made from the settings' records: plain words first, the technical name beside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from headshot.canvas.cutout.matting import mattings_here
from headshot.direction.diff import as_settings
from headshot.direction.direct import direct
from headshot.direction.engine_table import GENERATORS, OWN_PIXELS, is_own
from headshot.direction.labels import CHOICES
from headshot.direction.settings import (
    BACKDROP,
    CROP,
    EYES,
    FINISHING,
    GENERATED,
    HAIR,
    LIGHT,
    MOUTH,
    POSING,
    SETTINGS,
    SHAPE,
    SKIN,
    keys_of,
)
from headshot.types import Direction

RETOUCH = (SKIN, EYES, MOUTH, HAIR, SHAPE)  # groups of the drawer of that name
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = tuple(
    (title, keys_of(title)) for title in (*RETOUCH, CROP, LIGHT, BACKDROP, POSING, FINISHING)
)
EXPERT = keys_of(GENERATED)
PAINTED = (POSING,)  # groups that a generator alone heeds
# The sliders in front of all others, and what each is called there.
SLIDERS = {key: setting.slider for key, setting in SETTINGS.items() if setting.slider}
MATTING = "cutout.matting"
MOVES = tuple(key for key, setting in SETTINGS.items() if setting.moves)
OF_THE_PHOTO = ("seed", MATTING, *MOVES)  # not of a look: another look leaves them as they are
KEYS: tuple[str, ...] = tuple(key for _, keys in GROUPS for key in keys) + EXPERT


def is_hidden(key: str) -> bool:
    """Tell whether a setting leaves nothing to choose on this machine."""
    return key == MATTING and len(mattings_here()) == 1


def control(key: str, value: Any, **settings: Any) -> Any:
    """Make the component for one setting from its record; `settings` go to it."""
    setting = SETTINGS[key]
    shared: dict[str, Any] = {
        "label": setting.label,
        "info": setting.info or None,
        "elem_id": "set-" + key.replace(".", "-"),
        **settings,
    }
    match setting.kind:
        case "choice":
            names = mattings_here() if key == MATTING else setting.choices
            choices = [(CHOICES.get(c, c), c) for c in names]
            if key == MATTING:  # one that is fetched while the page is up is taken when it is loaded anew
                return gr.Dropdown(choices, value=value, visible=not is_hidden(key), **shared)
            if len(choices) <= 3:
                return gr.Radio(choices, value=value, **shared)
            return gr.Dropdown(choices, value=value, **shared)
        case "colour":
            return gr.ColorPicker(value, **shared)
        case "text":
            return gr.Textbox(value, max_length=setting.length, **shared)
        case "integer" if key == "seed":
            return gr.Number(value, precision=0, minimum=setting.low, maximum=setting.high, **shared)
        case _:
            return gr.Slider(setting.low, setting.high, value, step=setting.step, **shared)


def values_of(direction: Direction) -> list[Any]:
    """List the values of KEYS in a direction, in order."""
    settings = as_settings(direction)
    return [settings[key] for key in KEYS]


def direction_of(look: str, change: float, words: str, *values: Any, engine: str = OWN_PIXELS) -> Direction:
    """The preset, the user's words and the values of KEYS as a Direction. Raises DirectionError.

    Own pixels hear no numbers of a generator: of these only what the visitor moved is in theirs, for one that is
    painted later.
    """
    overrides = {k: v for k, v in zip(KEYS, values, strict=True) if v is not None}
    if is_own(engine):
        numbers = {k: overrides.pop(k) for k in KEYS if k in overrides and k.startswith("generate.")}
        fewest: dict[str, Any] = min((_moved(numbers, look, name) for name in GENERATORS), key=len)
        overrides |= fewest
    return direct(look, engine=engine, words=words or "", change=change, overrides=overrides)


def _moved(numbers: Mapping[str, Any], look: str, engine: str) -> dict[str, Any]:
    """Of a generator's numbers those that are not the look's own for `engine`."""
    own = vars(direct(look, engine=engine).generate)
    return {k: v for k, v in numbers.items() if v != own[k.removeprefix("generate.")]}


def numbers_of(look: str, engine: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers of `engine` in place of the other generators', by key; what was moved stays.

    `values`: the generate.* of KEYS as they stand on the page.
    """
    others = [vars(direct(look, engine=name).generate) for name in GENERATORS if name != engine]
    own = vars(direct(look, engine=engine).generate)
    names = {k: k.removeprefix("generate.") for k in values}
    return {k: own[names[k]] if any(v == o[names[k]] for o in others) else v for k, v in values.items()}
