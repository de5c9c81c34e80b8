"""The pickers of a contact sheet's two axes: which settings there are on this machine, and which of their values."""

from __future__ import annotations

from typing import Any

import gradio as gr

from headshot.direction.applicability import why_ignored
from headshot.direction.engine_table import OWN_PIXELS
from headshot.direction.labels import name_of, typeset, value_of
from headshot.direction.ladder import OWN_TOP, RUNGS
from headshot.direction.settings import SETTINGS
from headshot.studio.sheet.axis import KEYS, Axis, everything
from headshot.ui.make import setup

_LOOKS = ("linkedin", "corporate", "creative", "warm-studio")  # what an axis of looks starts with


def offered() -> list[tuple[str, str]]:
    """(plain name, key) of the settings that change something on this machine, the telling ones first."""
    generator = setup.generator_for("auto") is not None
    first = ("preset", "light.key_side", "backdrop.kind", "backdrop.colour", "crop.aspect", "change")
    keys = [*first, *(k for k in KEYS if k in SETTINGS and k not in first and SETTINGS[k].kind != "text")]
    if not generator:
        keys = [k for k in keys if k == "change" or not why_ignored(k, OWN_PIXELS)]
    elif len(everything("engine")) > 1:
        keys.insert(6, "engine")
    return [(name_of(k), k) for k in keys]


def values_for(key: str) -> tuple[list[tuple[str, str]], list[str]]:
    """The values to offer for a setting, and those chosen at first: all of a short list, else a spread."""
    known = list(everything(key))
    if key == "engine":
        known = [OWN_PIXELS, *(n for n, st in setup.statuses().items() if st.available)]
    chosen = known[:4]
    if key == "preset":
        chosen = list(_LOOKS)
    elif key == "change":
        painted = setup.generator_for("auto") is not None
        chosen = [f"{at:g}" for at, _ in RUNGS if painted or at <= OWN_TOP]
    elif key in SETTINGS and (spread := SETTINGS[key].spread_values):
        chosen = list(spread)
    pool = known or chosen
    return [(typeset(value_of(key, _parsed(key, v))), v) for v in pool], chosen


def axis_picker(label: str, key: str, name: str) -> tuple[gr.Dropdown, gr.Dropdown]:
    """Lay out the picker of a setting, at first `key`, and that of its values. `name`: of their ids."""
    choices, chosen = values_for(key)
    keys = gr.Dropdown(offered(), value=key, label=label, min_width=200, elem_id=f"sheet-{name}-key")
    values = gr.Dropdown(
        choices,
        value=chosen,
        label="Values",
        info="Type others and press Enter.",
        multiselect=True,
        allow_custom_value=True,
        min_width=200,
        elem_id=f"sheet-{name}",
    )
    return keys, values


def _parsed(key: str, value: str) -> Any:
    return axis_of(key, [value]).values[0]


def axis_of(key: str, values: list[str] | None) -> Axis:
    """What the pickers hold as an Axis. Raises DirectionError."""
    return Axis.of(key, [str(v).strip() for v in values or () if str(v).strip()])
