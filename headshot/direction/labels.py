"""Settings in plain words: what a value is called when people read it, on a slider, on a sheet, in a history."""

from __future__ import annotations

import re
from typing import Any

from headshot.direction.colour_names import colour_name
from headshot.direction.engine_table import ENGINES
from headshot.direction.ladder import RUNGS
from headshot.direction.matting_table import MATTINGS
from headshot.direction.presets import load_presets
from headshot.direction.settings import SETTINGS
from headshot.language import figure, tr, tr_count

CHOICES = {
    "seamless": "Plain colour",
    "gradient": "Plain, lit from behind you",
    "brand": "Brand colour, even",
    "bokeh": "Soft lights, out of focus",
    "blur": "Your own background, blurred",
    "own": "Your own background",
    "left": "Left",
    "right": "Right",
    "none": "No extra light",
    "draft": "Draft",
    "fast": "Fast",
    "full": "Full",
    "look": "As the look says",
    "casual": "Casual",
    "smart-casual": "Smart casual",
    "business": "Business",
    "formal": "Formal",
    "serious": "Serious",
    "neutral": "Neutral",
    "slight-smile": "Slight smile",
    "smile": "Smile",
    "broad-smile": "Broad smile",
    "lens": "Into the camera",
    "straight": "Straight",
    "slight-left": "Slightly left",
    "slight-right": "Slightly right",
    "three-quarter": "Three-quarter",
    "1:1": "Square 1:1",
    "4:5": "Portrait 4:5",
    "3:4": "Portrait 3:4",
    **{name: f"{info.title} ({info.licence})" for name, info in MATTINGS.items()},
}
_NO_SETTINGS = {"preset": "Look", "engine": "Painted by"}


def name_of(key: str) -> str:
    """A setting's plain name: that of `SETTINGS`, or of "preset" and "engine"."""
    return tr(_NO_SETTINGS.get(key) or SETTINGS[key].label)


def value_of(key: str, value: Any) -> str:
    """A setting's value in words: a preset's title, a rung of the ladder, a colour's name."""
    if key == "preset":
        preset = load_presets().get(str(value))
        return tr(preset.title) if preset else str(value)
    if key == "engine":
        return tr(ENGINES[str(value)].title) if str(value) in ENGINES else str(value)
    setting = SETTINGS[key]
    match setting.kind:
        case "choice":
            return tr(CHOICES.get(value, value))
        case "colour":
            return f"{tr(colour_name(value))} {value}"
        case "text":
            return value or tr("(nothing)")
        case "places":
            count = len(value.split())
            return tr_count("{count} place", "{count} places", count)
        case "number" if key == "change":
            return next((tr(title) for at, title in RUNGS if abs(at - value) < 0.005), figure(f"{value:.2f}"))
        case "number" if setting.low < 0 < value:
            return figure(f"+{value:g}")
        case _:
            return figure(f"{value:g}")


def typeset(text: str) -> str:
    """Words for a page: numbers below 0 with a true minus, which programs do not read and Pillow's own font lacks."""
    return re.sub(r"(?<!\w)-(?=\d)", "−", text)
