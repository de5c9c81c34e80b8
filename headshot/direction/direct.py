"""A look, own words and sliders as one Direction: the one way in which every door makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from headshot.direction.engine_table import OWN_PIXELS, engine_info
from headshot.direction.parse import parse
from headshot.direction.phrases import true_words
from headshot.direction.preset_file import PARTS, check_braces
from headshot.direction.presets import find_preset
from headshot.types import CutoutSettings, Direction, Generate, Posing, Shape

# Where the ladder stands when nobody has said: own face on a new backdrop, or a light edit by a generator.


def direct(
    preset: str = "linkedin",
    *,
    engine: str = OWN_PIXELS,
    words: str = "",
    person: str = "person",
    overrides: Mapping[str, Any] | None = None,
    seed: int = 0,
    change: float | None = None,
) -> Direction:
    """The preset as a Direction, with own words and `overrides` laid over it.

    Override keys are those of `SETTINGS` ("light.strength", "look.wardrobe", "generate.steps", "change" …);
    values may be text, as from `--set key=value`, and win over the other arguments. `change` None takes
    the engine's place on the ladder. Raises DirectionError naming the key and what is allowed.
    """
    base = find_preset(preset)
    if change is None:
        change = engine_info(engine).change
    top: dict[str, Any] = {
        "words": words,
        "person": person,
        "seed": seed,
        "change": change,
        "avoid": base.avoid,
    }
    top = {key: parse(key, value) for key, value in top.items()}
    nested: dict[str, dict[str, Any]] = {}
    for key, value in (overrides or {}).items():
        value = parse(key, value)
        group, _, name = key.rpartition(".")
        if group == "look":
            check_braces(value, key)
        if group:
            nested.setdefault(group, {})[name] = value
        else:
            top[key] = value
    top["person"] = top["person"] or "person"
    records: dict[str, Any] = {
        "look": base.look,
        "posing": Posing(),
        "cutout": CutoutSettings(),
        "shape": Shape(),
        **{part: getattr(base, part) for part in PARTS},
        "generate": base.engines.get(engine) or Generate(**engine_info(engine).numbers),
    }
    merged: dict[str, Any] = {name: replace(record, **nested.get(name, {})) for name, record in records.items()}
    # What the user has worded is left alone; the look's own words follow the controls.
    before = Direction(**{part: getattr(base, part) for part in PARTS})
    followed = true_words(base.look, before, Direction(**merged))
    spoken = set(nested.get("look", {}))
    merged["look"] = replace(merged["look"], **{k: v for k, v in followed.items() if k not in spoken})
    return Direction(preset=base.name, title=base.title, summary=base.summary, **merged, **top)
