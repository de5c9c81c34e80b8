"""Every setting that a user or a preset may turn: its range, its choices and its names, in one table.

Presets, the command line and the page's sliders all read `SETTINGS`; `parse` is the one way a value gets in.
What a setting means is said in `headshot.types`. This module knows no preset and no engine.
"""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import dataclass
from typing import Any

from PIL import ImageColor

from headshot.errors import DirectionError
from headshot.text import clean, suggest
from headshot.types import ASPECTS, ATTIRES, BACKDROPS, EXPRESSIONS, GAZES, SIDES, TURNS


@dataclass(frozen=True)
class Setting:
    """One setting. `kind`: number, integer, choice, colour or text.

    `low`, `high` (both inclusive) and `step` for numbers, `choices` for a choice, `length` (characters)
    for text. `label` is the plain word for people, `technical` the field's standard name, or "".
    """

    label: str
    kind: str = "number"
    low: float = 0.0
    high: float = 1.0
    step: float = 0.05
    choices: tuple[str, ...] = ()
    length: int = 0
    technical: str = ""

    @property
    def allowed(self) -> str:
        """What is allowed, as words that end a sentence."""
        match self.kind:
            case "choice":
                return "one of " + ", ".join(self.choices)
            case "colour":
                return "a colour such as #8d9196"
            case "text":
                return f"text of at most {self.length} characters"
            case "integer":
                return f"a whole number from {self.low:.0f} to {self.high:.0f}"
            case _:
                return f"a number from {self.low:g} to {self.high:g}"


def _share(label: str, technical: str = "") -> Setting:
    return Setting(label, technical=technical)


def _choice(label: str, choices: tuple[str, ...], technical: str = "") -> Setting:
    return Setting(label, "choice", choices=choices, technical=technical)


def _text(label: str, length: int, technical: str = "") -> Setting:
    return Setting(label, "text", length=length, technical=technical)


MAX_WORDS = 500
MAX_SEED = 2**31 - 1  # what Gradio sliders and the FaceID, InstantID and PhotoMaker Spaces use

SETTINGS: dict[str, Setting] = {
    "change": _share("How much may we change you?", "strength"),
    "seed": Setting("Variation number", "integer", 0, MAX_SEED, 1, technical="seed"),
    "person": _text("Who is in the photo, in your own word", 40, "subject word"),
    "words": _text("In your words", MAX_WORDS, "prompt"),
    "avoid": _text("Words for what to leave out", MAX_WORDS, "negative prompt"),
    "keep": _text("Always keep", 200, "lock list"),
    # A look saved from somebody's own words carries these inside `shot`, hence the room.
    "look.shot": _text("The picture", 800, "prompt: shot"),
    "look.wardrobe": _text("Clothes", 300, "prompt: wardrobe"),
    "look.expression": _text("Expression", 300, "prompt: expression"),
    "look.light": _text("Light, in words", 300, "prompt: light"),
    "look.backdrop": _text("Backdrop, in words", 300, "prompt: backdrop"),
    "look.lens": _text("Lens, in words", 300, "prompt: lens"),
    "backdrop.kind": _choice("Backdrop", BACKDROPS),
    "backdrop.colour": Setting("Backdrop colour", "colour"),
    "backdrop.falloff": _share("Darker corners", "falloff"),
    "backdrop.blur": _share("Background blur", "bokeh"),
    "backdrop.texture": _share("Mottled like canvas", "texture: muslin, painted canvas"),
    "light.key_side": _choice("Main light comes from", SIDES, "key side"),
    "light.strength": _share("Main light", "key light strength"),
    "light.softness": _share("Softness of the light", "key light size"),
    "light.key_height": Setting(
        "Height of the main light", "number", 0.0, 60.0, 5.0, technical="key light elevation, degrees"
    ),
    "light.fill": _share("Lift the shadow side", "fill light, contrast ratio"),
    "light.balance": _share("Even out exposure and colour", "exposure and white balance"),
    "light.exposure": Setting("Brighter or darker", "number", -2.0, 2.0, 0.1, technical="exposure, stops"),
    "light.warmth": Setting("Cooler or warmer", "number", -1.0, 1.0, 0.05, technical="white balance"),
    "crop.aspect": _choice("Shape of the picture", ASPECTS, "aspect ratio"),
    "crop.head_height": Setting("Size of the head", "number", 0.3, 0.7, 0.01, technical="crown to chin"),
    "crop.eye_line": Setting("Height of the eyes", "number", 0.3, 0.5, 0.01, technical="eye line from the top"),
    "crop.level": _share("Straighten a tilted head", "roll correction"),
    "crop.lens": Setting(
        "Nearer or farther camera",
        "number",
        -1.0,
        1.0,
        0.1,
        technical="lens feel: the nose grows or shrinks by at most 3.5% against the ears",
    ),
    "crop.camera_height": Setting(
        "Lower or higher camera", "number", -1.0, 1.0, 0.1, technical="camera height, at most 1.5 degrees of tilt"
    ),
    "posing.attire": _choice("Clothes", ATTIRES, "formality of attire"),
    "posing.expression": _choice("Expression", EXPRESSIONS, "expression"),
    "posing.gaze": _choice("Eyes look", GAZES, "gaze"),
    "posing.turn": _choice("Turn of the head", TURNS, "head yaw"),
    "retouch.skin": _share("Even out the skin", "frequency separation"),
    "retouch.eyes": _share("Clearer eyes"),
    "retouch.sharpness": _share("Sharpness", "unsharp mask"),
    "retouch.grain": _share("Film grain"),
    "retouch.mono": _share("Black and white", "desaturation"),
    "retouch.contrast": _share("Contrast", "tone curve"),
    "generate.mode": _choice("Speed", ("draft", "fast", "full"), "mode"),
    "generate.identity": Setting("Likeness", "number", 0.0, 3.0, 0.05, technical="identity strength, scale"),
    "generate.structure": Setting("Shape of the face", "number", 0.0, 3.0, 0.05, technical="face structure, s_scale"),
    "generate.identity_start": _share("Likeness acts from", "start_at"),
    "generate.identity_end": _share("Likeness acts until", "end_at"),
    "generate.lora": Setting("Help for the likeness", "number", 0.0, 1.5, 0.05, technical="LoRA strength"),
    "generate.guidance": Setting("Obey the words", "number", 0.0, 20.0, 0.5, technical="guidance scale"),
    "generate.guidance_end": _share("Obey the words until", "guidance end"),
    "generate.steps": Setting("Number of steps", "integer", 1, 100, 1, technical="sample steps"),
    "generate.scheduler": _choice("How the steps are taken", ("ddim", "euler", "dpm++", "lcm"), "sampler, scheduler"),
    "generate.candidates": Setting("Number of pictures", "integer", 1, 8, 1, technical="candidates"),
}


def _colour(value: str) -> str | None:
    """Lower-case #rrggbb from hex, a CSS name or Gradio's rgba(31.4, 58, 95, 1), or None."""
    if m := re.fullmatch(r"rgba?\(\s*([\d.]+)\s*,\s*([\d.]+)\s*,\s*([\d.]+)\s*(?:,\s*1(?:\.0*)?\s*)?\)", value):
        try:
            parts = [round(float(g)) for g in m.groups()]
        except ValueError:
            return None
    else:
        try:
            parts = list(ImageColor.getrgb(value))
        except ValueError:
            return None
    if len(parts) != 3 or not all(0 <= p <= 255 for p in parts):
        return None
    return "#{:02x}{:02x}{:02x}".format(*parts)


def parse(key: str, value: Any, *, strict: bool = False, name: str = "") -> Any:
    """Convert the value of setting `key` and check it against `SETTINGS`.

    `strict` is the rule for files: a number is a number there, not text, and a colour is #rrggbb. `name` is what
    messages call the setting, such as "presets/mono.toml: canvas.light.fill"; by default the key. Raises
    DirectionError.
    """
    name = name or key
    bound = SETTINGS.get(key)
    if bound is None:
        raise DirectionError(f"{name}: there is no such setting.", suggest(key, SETTINGS))

    def refuse() -> DirectionError:
        shown = clean(str(value))
        shown = shown if len(shown) <= 60 else shown[:57] + "…"
        hint = ""
        if bound.kind == "choice" and (near := difflib.get_close_matches(shown, bound.choices, 1)):
            hint = f" Did you mean {near[0]}?"
        return DirectionError(f"{name}: {shown!r} does not fit.", f"It takes {bound.allowed}.{hint}")

    if bound.kind in ("number", "integer"):
        return _number(bound, value, strict, refuse())
    if not isinstance(value, str):
        raise refuse()
    if bound.kind == "text":
        # The raw length is bounded too, so that a megabyte of control characters is not worked through.
        if len(value) > 4 * bound.length or len(clean(value)) > bound.length:
            raise DirectionError(f"{name}: the text is too long.", f"It takes {bound.allowed}.")
        return clean(value)
    word = value.strip()
    if bound.kind == "colour":
        colour = _colour(word) if not strict or re.fullmatch(r"#[0-9a-fA-F]{6}", word) else None
        if colour is None:
            raise refuse()
        return colour
    if word not in bound.choices:
        raise refuse()
    return word


def _number(bound: Setting, value: Any, strict: bool, refusal: DirectionError) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or (strict and isinstance(value, str)):
        raise refusal
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise refusal from None
    if not math.isfinite(number) or not bound.low <= number <= bound.high:
        raise refusal
    if bound.kind == "number":
        return number
    if number != round(number):
        raise refusal
    return int(number)
