"""The recipe: what is needed to make the picture again from the same photo, and nothing about the person.

Only the keys below ever go into a file, whatever an engine has put into `Headshot.recipe`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from headshot.direction.diff import as_settings
from headshot.direction.direct import direct
from headshot.direction.parse import parse
from headshot.direction.settings import SETTINGS
from headshot.errors import DirectionError
from headshot.files.retouched_words import undone_in
from headshot.language import tr
from headshot.text import clean
from headshot.types import Direction, Headshot

SCHEMA = 1
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,79}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_HINT = "The picture's recipe was changed, or is of a newer version of the app."


def recipe_of(result: Headshot) -> dict[str, Any]:
    """Give schema, version, engine, preset, seed, settings (by the keys of `SETTINGS`), weights (name → sha256).

    `seed` is the one of this picture, which is then one candidate alone. Weights are there where the engine names them
    in `recipe["weights"]`. `undone`: tools that found nothing to do, which the file's words leave out.
    """
    from headshot import __version__

    direction, given = result.direction, result.recipe
    settings = as_settings(direction)
    seed = settings.pop("seed")
    # A candidate's own seed, unless it lies beyond what the setting takes.
    if isinstance(own := given.get("seed"), int) and 0 <= own <= SETTINGS["seed"].high:
        seed, settings["generate.candidates"] = own, 1
    recipe: dict[str, Any] = {
        "schema": SCHEMA,
        "version": __version__,
        "engine": result.engine,
        "preset": direction.preset,
        "seed": seed,
        "settings": settings,
    }
    weights = given.get("weights")
    if isinstance(weights, Mapping):
        hashes = {str(k): str(v).lower() for k, v in weights.items()}
        kept = {k: v for k, v in hashes.items() if _NAME.fullmatch(k) and _SHA256.fullmatch(v)}
        if kept:
            recipe["weights"] = kept
    if undone := undone_in(given):
        recipe["undone"] = undone
    return recipe


def restore(recipe: Mapping[str, Any]) -> Direction:
    """Make the Direction of a recipe that was read from a file. Raises DirectionError for anything out of its range.

    Settings that the recipe lacks (an older version's file) are the preset's.
    """
    if not isinstance(recipe, Mapping) or recipe.get("schema") != SCHEMA:
        raise DirectionError("The recipe in this picture is not one that this app knows.", _HINT)
    engine, preset, settings = engine_of(recipe), recipe.get("preset"), recipe.get("settings")
    if not isinstance(preset, str) or not _NAME.fullmatch(preset):
        raise DirectionError("The recipe names no preset.", _HINT)
    if not isinstance(settings, Mapping) or len(settings) > len(SETTINGS):
        raise DirectionError("The recipe holds no settings.", _HINT)
    overrides: dict[str, Any] = {}
    for key, value in settings.items():
        if not isinstance(key, str) or key not in SETTINGS:
            raise DirectionError(
                tr("The recipe has an unknown setting {key!r}.", key=clean(str(key)[:200])[:60]), _HINT
            )
        overrides[key] = parse(key, value, strict=True, name=f"recipe: {key}")
    overrides["seed"] = parse("seed", recipe.get("seed"), strict=True, name="recipe: seed")
    return direct(preset, engine=engine, overrides=overrides)


def engine_of(recipe: Mapping[str, Any]) -> str:
    """Read the name of the engine in a recipe that was read from a file; it may be one that is not here.

    Raises DirectionError where it names none.
    """
    engine = recipe.get("engine")
    if not isinstance(engine, str) or not _NAME.fullmatch(engine):
        raise DirectionError("The recipe names no engine.", _HINT)
    return engine
