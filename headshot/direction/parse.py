"""The one way in which a setting's value gets in: converted and checked against its record."""

from __future__ import annotations

import difflib
import math
import re
from typing import Any

from PIL import ImageColor

from headshot.direction.places import read_places, write_places
from headshot.direction.setting import Setting
from headshot.direction.settings import SETTINGS
from headshot.errors import DirectionError
from headshot.language import suggest, tr
from headshot.text import clean


def parse(key: str, value: Any, *, strict: bool = False, name: str = "") -> Any:
    """Convert the value of setting `key` and check it against `SETTINGS`.

    `strict` is the rule for files: a number is a number there, not text, and a colour is #rrggbb. `name` is what
    messages call the setting, such as "presets/mono.toml: canvas.light.fill"; by default the key. Raises
    DirectionError.
    """
    name = name or key
    setting = SETTINGS.get(key)
    if setting is None:
        raise DirectionError(tr("{name}: there is no such setting.", name=name), suggest(key, SETTINGS))

    def refuse() -> DirectionError:
        many = isinstance(value, int) and value.bit_length() > 200  # more digits than Python writes
        shown = "a number of many digits" if many else clean(str(value)[:200])
        shown = shown if len(shown) <= 60 else shown[:57] + "…"
        hint = ""
        if setting.kind == "choice" and (near := difflib.get_close_matches(shown, setting.choices, 1)):
            hint = " " + tr("Did you mean {word}?", word=near[0])
        return DirectionError(
            tr("{name}: {shown!r} does not fit.", name=name, shown=shown),
            tr("It takes {allowed}.{hint}", allowed=setting.allowed, hint=hint),
        )

    if setting.kind in ("number", "integer"):
        return _number(setting, value, strict, refuse())
    if not isinstance(value, str):
        raise refuse()
    if setting.kind == "text":
        # The raw length is settinged too, so that a megabyte of control characters is not worked through.
        if len(value) > 4 * setting.length or len(clean(value)) > setting.length:
            raise DirectionError(
                tr("{name}: the text is too long.", name=name), tr("It takes {allowed}.", allowed=setting.allowed)
            )
        return clean(value)
    if setting.kind == "places":
        try:
            return write_places(read_places(value))
        except ValueError:
            raise refuse() from None
    word = value.strip()
    if setting.kind == "colour":
        colour = _colour(word) if not strict or re.fullmatch(r"#[0-9a-fA-F]{6}", word) else None
        if colour is None:
            raise refuse()
        return colour
    if word not in setting.choices:
        raise refuse()
    return word


def _number(setting: Setting, value: Any, strict: bool, refusal: DirectionError) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or (strict and isinstance(value, str)):
        raise refusal
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise refusal from None
    if not math.isfinite(number) or not setting.low <= number <= setting.high:
        raise refusal
    if setting.kind == "number":
        return number
    if number != round(number):
        raise refusal
    return int(number)


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
