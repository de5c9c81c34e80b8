"""The looks on the visitor's own face, small: the gallery's tiles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from headshot.direction.direct import direct
from headshot.direction.engine_table import OWN_PIXELS, engine_info
from headshot.direction.presets import load_presets
from headshot.files.data_url import data_url
from headshot.studio.session import THUMBNAIL_HEIGHT, Sitting, headshot
from headshot.types import CutoutSettings, Direction


class LookPreviews:
    """The previews made for one visitor: `made` holds data URLs by tile, `in_sight` the tiles that come first."""

    def __init__(self) -> None:
        self.made: Mapping[str, str] = {}
        self.in_sight: tuple[str, ...] = ()

    def add(self, more: Mapping[str, str]) -> None:
        """Add or replace previews."""
        self.made = {**self.made, **more}

    def look_at(self, tiles: Sequence[object]) -> None:
        """Make the previews of these tiles first: they are in sight."""
        self.in_sight = tuple(str(tile)[:80] for tile in tiles)

    def clear(self) -> None:
        """Forget all previews."""
        self.made = {}


def preview(sitting: Sitting, direction: Direction) -> str:
    """A direction in own pixels, 4:5, as a data URL; cut out as the sitting's last picture was."""
    cutout, crop = sitting.cut_by or CutoutSettings(), replace(direction.crop, aspect="4:5")
    direction = replace(direction, seed=0, change=engine_info(OWN_PIXELS).change, cutout=cutout, crop=crop)
    return data_url(headshot(sitting, direction, height=THUMBNAIL_HEIGHT).picture, 82)


def thumbnails(
    sitting: Sitting,
    first: Sequence[str] = (),
    sought: Callable[[], Sequence[str]] = tuple,
    own: Callable[[], Mapping[str, Direction]] = dict,
) -> Iterator[dict[str, str]]:
    """The looks on this person as data URLs by tile: the visitor's `own` first, then those of `sought` (both asked
    again before each), then those of `first`, then the others. Yields all so far after 4, 12, 24 … of them.
    """
    left = list(dict.fromkeys((*first, *load_presets())))
    made: dict[str, str] = {}
    step, due = 4, 4
    while True:
        mine = {tile: look for tile, look in own().items() if tile not in made}
        if not left and not mine:
            break
        if mine:
            name, direction = next(iter(mine.items()))
        else:
            name = next((n for n in sought() if n in left), left[0])
            left.remove(name)
            direction = direct(name)
        made[name] = preview(sitting, direction)
        if len(made) >= due or not left:
            yield dict(made)
            step += 4
            due += step
