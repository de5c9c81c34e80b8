"""How strong the finish of own pixels is, as one number: what stands for the ladder where no generator is.

Own pixels have two rungs, and both are the person by construction; what can still go too far is the finish.
"""

from __future__ import annotations

from dataclasses import replace
from math import copysign
from typing import Any

from headshot.direction.settings import SETTINGS
from headshot.language import tr
from headshot.types import Direction

# The settings that work on the person; style (black and white, grain), backdrop and crop stay as they are.
FINISH = tuple(key for key, setting in SETTINGS.items() if setting.finish and not setting.moves)
MOVED = tuple(key for key, setting in SETTINGS.items() if setting.moves)
AS_IT_STANDS = 0.5


def finished(direction: Direction, share: float) -> Direction:
    """`direction` with its finish at `share` 0..1: 0 none, .5 as it stands, 1 the end of every slider; straight lines
    between. Without a main light there is none at any share; a feature that is not moved stays in its place.
    """
    groups: dict[str, dict[str, Any]] = {}
    for key in (*FINISH, *MOVED):
        group, _, name = key.partition(".")
        value, most = getattr(getattr(direction, group), name), SETTINGS[key].high
        if key in MOVED:
            most = copysign(most, value) if value else 0.0
        step = share / AS_IT_STANDS
        groups.setdefault(group, {})[name] = value * step if step <= 1 else value + (most - value) * (step - 1)
    return replace(direction, **{group: replace(getattr(direction, group), **v) for group, v in groups.items()})


def finish_name(share: float) -> str:
    """A share of the finish in words."""
    if share <= 0:
        return tr("no finish at all")
    if share >= 1:
        return tr("every slider of the finish at its end")
    if abs(share - AS_IT_STANDS) < 0.005:
        return tr("the finish as it is set")
    if share < AS_IT_STANDS:
        return tr("{share:.0f}% of the finish that is set", share=100 * (share / AS_IT_STANDS))
    return tr(
        "the finish that is set, and {share:.0f}% of the way to the sliders’ ends",
        share=100 * (share / AS_IT_STANDS - 1),
    )
