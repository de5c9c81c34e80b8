"""What no control shows, kept beside the controls: the words of a nudge's smile or of a loaded look, and who it is."""

from __future__ import annotations

from dataclasses import replace

from headshot.changes import changes, with_changes
from headshot.types import Direction
from headshot.ui.controls import KEYS


class Unseen:
    """What the controls cannot hold of the direction that was used last. The words go when another look is chosen; who
    is in the photo stays.
    """

    def __init__(self) -> None:
        self._look = ""
        self._person = Direction.person
        self._words: dict[str, str] = {}

    def hold(self, direction: Direction) -> None:
        """Remember a picture's direction: the person and its own words."""
        self.hold_look(direction)
        self._person = direction.person

    def hold_look(self, direction: Direction) -> None:
        """Remember a look's own words; those of its preset, or that follow from a control, are none."""
        self._look = direction.preset
        moved = changes(direction)
        self._words = {k: v for k, v in moved.items() if k.startswith("look.") and k not in KEYS}

    def whole(self, direction: Direction, engine: str = "retouch") -> Direction:
        """What the controls say, with the person, and with the words where the look is still the same."""
        direction = replace(direction, person=self._person)
        if not self._words or self._look != direction.preset:
            return direction
        return with_changes(direction, self._words, engine)
