"""The looks that a visitor loaded from files, as tiles of the gallery: in the session's memory, no photo in them."""

from __future__ import annotations

from dataclasses import dataclass

from headshot.direction.diff import diff
from headshot.direction.look_file import Loaded
from headshot.direction.preset_file import PARTS
from headshot.types import Direction

KEPT = 5  # the last ones
GROUP = ("yours", "Yours")  # the gallery's chip for them


@dataclass(frozen=True)
class LoadedLook:
    """A loaded look. `tile`: its name in the gallery, the look that it lies over first: "linkedin/yours-2"."""

    tile: str
    look: Loaded


def base_of(tile: str) -> str:
    """The preset that a tile of the gallery stands for, or lies over."""
    return tile.partition("/")[0]


class LoadedLooks:
    """The last `KEPT` looks, the newest first. One for each session."""

    def __init__(self) -> None:
        self.looks: tuple[LoadedLook, ...] = ()  # replaced whole: previews read it from another thread
        self._loaded = 0

    def add(self, look: Loaded) -> LoadedLook:
        """Put a look in front; the same one again only moves there, the oldest above `KEPT` goes."""
        self._loaded += 1
        own = LoadedLook(f"{look.direction.preset}/yours-{self._loaded}", look)
        self.looks = (own, *(o for o in self.looks if o.look != look))[:KEPT]
        return own

    def tile_of(self, direction: Direction) -> str:
        """The tile of the look that a picture was made with: a loaded one where its own words, or all that it sets, are
        in the direction; else that of the preset.
        """
        for own in self.looks:
            look = own.look.direction
            words, same = _own_words(look), all(getattr(look, g) == getattr(direction, g) for g in (*PARTS, "look"))
            if look.preset == direction.preset and (same or (words and words == _own_words(direction))):
                return own.tile
        return direction.preset

    def direction(self, tile: str) -> Direction | None:
        """The direction of a tile, with all of its words; None for a tile that is not, or no longer, here."""
        return next((own.look.direction for own in self.looks if own.tile == tile), None)


def _own_words(direction: Direction) -> dict[str, str]:
    """The look's words that are neither its preset's nor follow from a control."""
    return {key: value for key, value in diff(direction).items() if key.startswith("look.")}
