"""What a Direction changes of its preset, as overrides: so that the same wishes can be laid over another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headshot.direction.direct import direct
from headshot.direction.settings import SETTINGS
from headshot.types import Direction


def as_settings(direction: Direction) -> dict[str, Any]:
    """A direction's values by the keys of `SETTINGS`."""
    plain = direction.settings()
    return {
        key: plain[group][name] if group else plain[key]
        for key, (group, _, name) in ((k, k.rpartition(".")) for k in SETTINGS)
    }


def diff(direction: Direction, engine: str = "retouch") -> dict[str, Any]:
    """Overrides with which `direct(direction.preset, engine=engine, overrides=…)` gives `direction` again.

    Only what differs from the preset, and always `change`: its place on the ladder is no part of a preset. The
    look's words that follow from a control (the side of the light, the backdrop) are left to the control.
    Raises DirectionError where the preset is not one of this app's.
    """
    wanted = as_settings(direction)
    plain = as_settings(direct(direction.preset, engine=engine))
    moved = {k: v for k, v in wanted.items() if v != plain[k] and not k.startswith("look.")}
    moved["change"] = wanted["change"]
    followed = as_settings(direct(direction.preset, engine=engine, overrides=moved))
    return moved | {k: v for k, v in wanted.items() if k.startswith("look.") and v != followed[k]}


def with_changes(direction: Direction, settings: Mapping[str, Any], engine: str = "retouch") -> Direction:
    """`direction` with `settings` (keys of `SETTINGS`, and "preset", "engine") laid over it: "the same, but warmer".

    With another preset or engine, what the user had changed stays changed and the rest is the new one's.
    Raises DirectionError.
    """
    more = dict(settings)
    preset = str(more.pop("preset", direction.preset))
    target = str(more.pop("engine", engine))
    return direct(preset, engine=target, overrides=diff(direction, engine) | more)
