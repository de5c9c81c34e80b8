"""What no control shows, kept beside them: the words of what was loaded, who it is, the clicks on the cut-out."""

from __future__ import annotations

from dataclasses import replace

from headshot.direction.diff import diff
from headshot.direction.direct import direct
from headshot.direction.phrases import true_words
from headshot.types import CutoutSettings, Direction


class HeldWords:
    """The words of the direction loaded last that no control shows, and who is in the photo.

    The words go when another look is chosen; who is in the photo, and what was clicked in it, stay.
    """

    def __init__(self) -> None:
        self._loaded: Direction | None = None
        self._person = Direction.person
        self.clicks, self.healed = CutoutSettings(), ""
        self._words: dict[str, str] = {}

    def hold(self, direction: Direction) -> None:
        """Remember a picture's direction: the person, the clicks in the photo and its own words."""
        self._person, self.clicks, self.healed = direction.person, direction.cutout, direction.retouch.heal
        self.hold_look(direction)

    def hold_look(self, direction: Direction) -> None:
        """Remember a look's own words; those of its preset, or that follow from a control, are none.

        A direction that `merge` made changes nothing, so that a control that goes back finds the words it left.
        """
        moved = {k: v for k, v in diff(direction).items() if not k.startswith("look.")}
        plain = direct(direction.preset, overrides=moved)
        if self.merge(plain).look == direction.look:
            return
        self._loaded = direction
        self._words = {k: v for k, v in vars(direction.look).items() if v != getattr(plain.look, k)}

    def merge(self, direction: Direction) -> Direction:
        """Add the person, the clicks, and where the look is still the same the held words to what the controls say.

        Words of which a control was moved since then follow the control, as a look's own words do.
        """
        cutout = replace(direction.cutout, keep=self.clicks.keep, drop=self.clicks.drop)
        retouch = replace(direction.retouch, heal=self.healed)
        direction = replace(direction, person=self._person, cutout=cutout, retouch=retouch)
        if self._loaded is None or not self._words or self._loaded.preset != direction.preset:
            return direction
        held = replace(direction.look, **self._words)
        moved = true_words(held, self._loaded, direction)
        return replace(direction, look=replace(held, **{k: v for k, v in moved.items() if k in self._words}))
