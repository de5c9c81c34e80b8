"""What lies behind the person."""

from __future__ import annotations

from functools import partial

from headshot.direction.records.groups import BACKDROP
from headshot.direction.setting import Adjustment, HeededBy, Setting
from headshot.types import BACKDROPS

_IN_WORDS, _PHOTO = HeededBy.ALL_IN_WORDS, HeededBy.PHOTO
_backdrop = partial(Setting, group=BACKDROP)

RECORDS: dict[str, Setting] = {
    "backdrop.kind": _backdrop(
        "Backdrop",
        kind="choice",
        choices=BACKDROPS,
        adjustments=(
            Adjustment("own-background", "Your own background, blurred", 0.0, "It is there already.", 85, to="blur"),
        ),
    ),
    "backdrop.colour": _backdrop(
        "Backdrop colour",
        kind="colour",
        spread=("#f2f3f3", "#8d9196", "#1f3a5f", "#3b3a39"),
        slider="Backdrop, darker or lighter",
    ),
    "backdrop.texture": _backdrop(
        "Mottled like canvas", "texture: muslin, painted canvas", heeded_by=_IN_WORDS, spread=(0, 0.35, 0.7)
    ),
    "backdrop.falloff": _backdrop("Darker corners", "falloff", heeded_by=_PHOTO),
    "backdrop.blur": _backdrop("Background blur", "bokeh", heeded_by=_PHOTO),
    "backdrop.shadow": _backdrop("Your shadow on the backdrop", "cast shadow", heeded_by=_PHOTO, spread=(0, 0.4, 0.8)),
    "backdrop.wrap": _backdrop("Backdrop's light on your edge", "light wrap", heeded_by=_PHOTO, spread=(0, 0.5, 1)),
    "backdrop.grain": _backdrop("Your photo's grain on it", "grain match", heeded_by=_PHOTO, spread=(0, 1)),
}
