"""Every setting that a person or a preset can turn, as one record each: adding a slider starts in `records/`.

The page's controls, the command line, the contact sheet, the one-click adjustments and the notes on ignored settings
all read `SETTINGS`, in its order. What a setting means is said in `headshot.types`. This module knows no engine.
"""

from __future__ import annotations

from headshot.direction.records import backdrop, crop, cutout, generate, light, look, posing, retouch, shape, wish
from headshot.direction.records.groups import (
    BACKDROP,
    CROP,
    EYES,
    FINISHING,
    GENERATED,
    HAIR,
    LIGHT,
    MOUTH,
    POSING,
    SHAPE,
    SKIN,
)
from headshot.direction.records.wish import MAX_SEED, MAX_WORDS
from headshot.direction.setting import Setting

__all__ = [
    "BACKDROP",
    "CROP",
    "EYES",
    "FINISHING",
    "GENERATED",
    "HAIR",
    "LIGHT",
    "MAX_SEED",
    "MAX_WORDS",
    "MOUTH",
    "POSING",
    "SETTINGS",
    "SHAPE",
    "SKIN",
    "keys_of",
]

SETTINGS: dict[str, Setting] = {
    key: setting
    for part in (wish, cutout, look, crop, light, backdrop, posing, retouch, shape, generate)
    for key, setting in part.RECORDS.items()
}


def keys_of(group: str) -> tuple[str, ...]:
    """List the settings of a group of the page in order, those that are the direction's own ("seed") last."""
    return tuple(sorted((k for k, s in SETTINGS.items() if s.group == group), key=lambda k: "." not in k))
