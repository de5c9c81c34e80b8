"""The folded-away controls, made from the one table of bounds: plain words first, the technical name beside."""

from __future__ import annotations

from typing import Any

import gradio as gr

from headshot.bounds import BOUNDS
from headshot.direction import direct
from headshot.types import Direction

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Light", ("light.key_side", "light.strength", "light.softness", "light.exposure", "light.warmth",
               "light.balance")),
    ("Backdrop", ("backdrop.kind", "backdrop.colour", "backdrop.falloff", "backdrop.blur")),
    ("Crop", ("crop.aspect", "crop.head_height", "crop.eye_line", "crop.level")),
    ("Retouching", ("retouch.skin", "retouch.eyes", "retouch.sharpness", "retouch.contrast", "retouch.mono",
                    "retouch.grain")),
)  # fmt: skip
EXPERT: tuple[str, ...] = (
    "generate.mode", "generate.identity", "generate.structure", "generate.guidance", "generate.steps",
    "generate.scheduler", "generate.candidates", "generate.lora", "generate.identity_start", "generate.identity_end",
    "generate.guidance_end", "avoid", "seed",
)  # fmt: skip
KEYS: tuple[str, ...] = tuple(key for _, keys in GROUPS for key in keys) + EXPERT

_WORDS = {
    "seamless": "Plain colour", "gradient": "Plain, lit from behind you", "brand": "Brand colour, even",
    "bokeh": "Soft lights, out of focus", "blur": "Your own background, blurred", "own": "Your own background",
    "left": "Left", "right": "Right", "none": "No extra light",
    "draft": "Draft", "fast": "Fast", "full": "Full",
    "1:1": "Square 1:1", "4:5": "Portrait 4:5", "3:4": "Portrait 3:4",
}  # fmt: skip


def control(key: str, value: Any, **settings: Any) -> Any:
    """The component for one setting, from its bound; `settings` go to it."""
    bound = BOUNDS[key]
    shared: dict[str, Any] = {
        "label": bound.label, "info": bound.technical or None, "elem_id": "set-" + key.replace(".", "-"), **settings,
    }  # fmt: skip
    match bound.kind:
        case "choice":
            choices = [(_WORDS.get(c, c), c) for c in bound.choices]
            if len(choices) <= 3:
                return gr.Radio(choices, value=value, **shared)
            return gr.Dropdown(choices, value=value, **shared)
        case "colour":
            return gr.ColorPicker(value, **shared)
        case "text":
            return gr.Textbox(value, max_length=bound.length, **shared)
        case "integer" if key == "seed":
            return gr.Number(value, precision=0, minimum=bound.low, maximum=bound.high, **shared)
        case _:
            return gr.Slider(bound.low, bound.high, value, step=bound.step, **shared)


def values_of(direction: Direction) -> list[Any]:
    """The values of KEYS in a direction, in order."""
    settings = direction.settings()
    return [settings[group][name] if group else settings[name] for group, _, name in (k.rpartition(".") for k in KEYS)]


def direction_of(look: str, change: float, words: str, *values: Any, engine: str = "retouch") -> Direction:
    """The preset, the user's words and the values of KEYS as a Direction. Raises DirectionError."""
    overrides = {k: v for k, v in zip(KEYS, values, strict=True) if v is not None}
    return direct(look, engine=engine, words=words or "", change=change, overrides=overrides)
