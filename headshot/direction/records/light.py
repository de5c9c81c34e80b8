"""The light on the person."""

from __future__ import annotations

from functools import partial

from headshot.direction.phrases import softness_band
from headshot.direction.records.ends import end
from headshot.direction.records.groups import LIGHT
from headshot.direction.setting import Adjustment, HeededBy, Setting
from headshot.types import SIDES

_IN_WORDS, _PHOTO = HeededBy.ALL_IN_WORDS, HeededBy.PHOTO
_light = partial(Setting, group=LIGHT)

RECORDS: dict[str, Setting] = {
    "light.key_side": _light(
        "Main light comes from",
        "key side",
        kind="choice",
        choices=SIDES,
        main_light=True,
        adjustments=(Adjustment("other-side", "Light from the other side", 0.0, "", 80),),
    ),
    "light.strength": _light(
        "Main light", "key light strength", heeded_by=_IN_WORDS, finish=True, ways=("stronger", "weaker")
    ),
    "light.key_height": _light(
        "Height of the main light",
        "key light elevation",
        high=60.0,
        step=5.0,
        unit="degrees",
        heeded_by=_IN_WORDS,
        main_light=True,
        spread=(0, 25, 50),
    ),
    "light.softness": _light(
        "Softness of the light",
        "key light size",
        heeded_by=_IN_WORDS,
        band=softness_band,
        main_light=True,
        ways=("softer", "harder"),
        adjustments=(Adjustment("softer", "Softer light", 0.15, "The light is as soft as it gets.", 70),),
    ),
    "light.fill": _light(
        "Lift the shadow side", "fill light, contrast ratio", heeded_by=_IN_WORDS, spread=(0, 0.4, 0.8)
    ),
    "light.exposure": _light(
        "Brighter or darker",
        "exposure",
        low=-2.0,
        high=2.0,
        step=0.1,
        unit="stops",
        ways=("brighter", "darker"),
        slider="Light",
        spread=(-0.5, 0, 0.5),
        adjustments=(
            Adjustment("brighter", "Brighter", 0.2, end("bright"), 30, high=1.0),
            Adjustment("darker", "Darker", -0.2, end("dark"), 40, low=-1.0),
        ),
    ),
    "light.warmth": _light(
        "Cooler or warmer",
        "white balance",
        low=-1.0,
        ways=("warmer", "cooler"),
        slider="Warmth",
        spread=(-0.5, 0, 0.5),
        adjustments=(
            Adjustment("warmer", "Warmer", 0.2, end("warm"), 10),
            Adjustment("cooler", "Cooler", -0.2, end("cool"), 20),
        ),
    ),
    "light.balance": _light(
        "Even out exposure and colour", "exposure and white balance", heeded_by=_PHOTO, ways=("more even", "less even")
    ),
}
