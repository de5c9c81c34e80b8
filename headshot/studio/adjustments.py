"""One-click adjustments of a picture: "the same, but warmer". What each sets, how far it goes, and who can do it.

An adjustment lays one setting over the picture's own direction (`history.go_on`): the seed is held, the rest stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from headshot.direction.applicability import only_in_words, why_ignored
from headshot.direction.diff import resolved
from headshot.direction.engine_table import is_own
from headshot.direction.setting import Adjustment
from headshot.direction.settings import SETTINGS
from headshot.language import tr
from headshot.studio.history import Step
from headshot.types import Direction

KEYS: Mapping[str, str] = MappingProxyType({a.name: key for key, s in SETTINGS.items() for a in s.adjustments})
# By name, in the order of the row.
ADJUSTMENTS: Mapping[str, Adjustment] = MappingProxyType(
    {a.name: a for a in sorted((a for s in SETTINGS.values() for a in s.adjustments), key=lambda a: a.order)}
)


def adjust(name: str, direction: Direction) -> dict[str, Any]:
    """List the settings that the adjustment `name` sets on `direction`; {} where it has reached its end."""
    adjustment, key = ADJUSTMENTS[name], KEYS[name]
    setting, value = SETTINGS[key], resolved(direction)[key]
    if adjustment.to:
        return {key: adjustment.to} if value != adjustment.to else {}
    if setting.order:
        place = setting.order.index(value) + round(adjustment.by)
        return {key: setting.order[place]} if 0 <= place < len(setting.order) else {}
    if setting.kind == "choice":
        first, second = setting.choices[:2]
        return {key: first if value == second else second}
    low = setting.low if adjustment.low is None else adjustment.low
    high = setting.high if adjustment.high is None else adjustment.high

    def moved(start: float) -> float:
        return round(min(max(start + adjustment.by, low), high), 4)

    to = moved(value)
    if setting.band and only_in_words(key, direction.change, direction.keep):
        while setting.band(to) == setting.band(value) and to != moved(to):  # until the words say something else
            to = moved(to)
        if setting.band(to) == setting.band(value):
            return {}
    return {key: to} if (to - value) * adjustment.by > 1e-9 else {}


def why_not(name: str, step: Step) -> str:
    """Say why the adjustment `name` does nothing on a picture, for people; "" where it does something."""
    adjustment, key, direction = ADJUSTMENTS[name], KEYS[name], step.result.direction
    if ignored := why_ignored(key, step.engine, direction.change, direction.keep):
        return (is_own(step.engine) and adjustment.own_pixels) or ignored
    side, strength = direction.light.key_side, direction.light.strength
    if SETTINGS[key].main_light and (strength <= 0 or (side == "none" and key != "light.key_side")):
        return tr("There is no main light in this picture. Turn it on under “Light” first.")
    return "" if adjust(name, direction) else adjustment.end
