"""A Direction by the keys of `SETTINGS`, and what it changes of its preset: the same wishes, laid over another one."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from headshot.direction.direct import direct
from headshot.direction.engine_table import OWN_PIXELS
from headshot.direction.settings import SETTINGS
from headshot.types import Direction


def as_settings(direction: Direction) -> dict[str, Any]:
    """List a direction's values by the keys of `SETTINGS`."""
    return {key: attrgetter(key)(direction) for key in SETTINGS}


def resolved(direction: Direction) -> dict[str, Any]:
    """`as_settings`, with each choice that has an order and is left to the look as what the look's words come to."""
    values = as_settings(direction)
    for key, setting in SETTINGS.items():
        if setting.from_look and values[key] not in setting.order:
            values[key] = setting.from_look(direction.look)
    return values


def diff(direction: Direction, engine: str = OWN_PIXELS) -> dict[str, Any]:
    """List the overrides with which `direct(direction.preset, engine=engine, overrides=…)` gives `direction` again.

    Only what differs from the preset, and always `change`: its place on the ladder is no part of a preset. The
    look's words that follow from a control (the side of the light, the backdrop) are left to the control.
    Raises DirectionError where the preset is not one of this app's.
    """
    wanted = as_settings(direction)
    preset = as_settings(direct(direction.preset, engine=engine))
    moved = {k: v for k, v in wanted.items() if v != preset[k] and not k.startswith("look.")}
    moved["change"] = wanted["change"]
    followed = as_settings(direct(direction.preset, engine=engine, overrides=moved))
    return moved | {k: v for k, v in wanted.items() if k.startswith("look.") and v != followed[k]}


def with_changes(direction: Direction, settings: Mapping[str, Any], engine: str = OWN_PIXELS) -> Direction:
    """Lay `settings` (keys of `SETTINGS`, and "preset", "engine") over `direction`: "the same, but warmer".

    With another preset or engine, what the user had changed stays changed and the rest is the new one's.
    Raises DirectionError.
    """
    more = dict(settings)
    preset = str(more.pop("preset", direction.preset))
    target = str(more.pop("engine", engine))
    return direct(preset, engine=target, overrides=diff(direction, engine) | more)
