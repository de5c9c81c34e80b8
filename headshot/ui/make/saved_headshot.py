"""A headshot that this app saved, dropped on the page again: the settings and the engine that made it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from headshot import files
from headshot.direction.engine_table import OWN_PIXELS, engine_info
from headshot.direction.ladder import OWN_TOP
from headshot.errors import DirectionError
from headshot.types import Direction


@dataclass(frozen=True)
class Restored:
    """What a saved headshot was made with; `engine` may be one that cannot run here, or that this app does not know."""

    direction: Direction
    engine: str


def restore(data: bytes) -> Restored | None:
    """Read the settings inside a picture file; None where there are none that this version can read."""
    recipe = files.read(data).recipe
    if recipe is None:
        return None
    try:
        direction, engine = files.restore(recipe), files.engine_of(recipe)
    except DirectionError:
        return None  # of another version, or somebody else's: the picture is still a photo
    return Restored(within_reach(direction, engine), engine)


def within_reach(direction: Direction, engine: str) -> Direction:
    """Fit a direction to the page's controls.

    Own pixels make the same picture at every strength above their end, but there the page would call a generator.
    """
    above = engine == OWN_PIXELS and direction.change > OWN_TOP
    return replace(direction, change=engine_info(engine).change) if above else direction
