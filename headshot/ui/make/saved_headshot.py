"""A headshot that this app saved, dropped on the page again: the settings and the engine that made it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from headshot import files
from headshot.canvas.cutout.matting import mattings_here
from headshot.direction.engine_table import OWN_PIXELS, engine_info
from headshot.direction.ladder import OWN_TOP
from headshot.direction.matting_table import BUILT_IN, MATTINGS
from headshot.errors import DirectionError
from headshot.language import tr
from headshot.types import Direction


@dataclass(frozen=True)
class Restored:
    """What a saved headshot was made with; `engine` may be one that cannot run here, or that this app does not know.

    `note`: a sentence where something of it cannot be had here.
    """

    direction: Direction
    engine: str
    note: str = ""


def restore(data: bytes) -> Restored | None:
    """Read the settings inside a picture file; None where there are none that this version can read."""
    recipe = files.read(data).recipe
    if recipe is None:
        return None
    try:
        direction, engine = files.restore(recipe), files.engine_of(recipe)
    except DirectionError:
        return None  # of another version, or somebody else's: the picture is still a photo
    fitted, cut_by = within_reach(direction, engine), MATTINGS[direction.cutout.matting]
    given_way = fitted.cutout.matting != cut_by.name
    note = tr("It was cut out by {network}, which is not here.", network=tr(cut_by.title)) if given_way else ""
    return Restored(fitted, engine, note)


def within_reach(direction: Direction, engine: str) -> Direction:
    """Fit a direction to the page's controls.

    Own pixels make the same picture at every strength above their end, but there the page would call a generator. A
    matting network that is not here gives way to the built-in one.
    """
    if direction.cutout.matting not in mattings_here():
        direction = replace(direction, cutout=replace(direction.cutout, matting=BUILT_IN))
    above = engine == OWN_PIXELS and direction.change > OWN_TOP
    return replace(direction, change=engine_info(engine).change) if above else direction
