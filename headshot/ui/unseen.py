"""Words of a look that no control shows, kept beside the controls: a nudge's smile, or those of a loaded look."""

from __future__ import annotations

from headshot.changes import changes, with_changes
from headshot.types import Direction
from headshot.ui.controls import KEYS


class Unseen:
    """What the controls cannot hold of the direction that was used last. Goes when another look is chosen."""

    def __init__(self) -> None:
        self._look = ""
        self._words: dict[str, str] = {}

    def hold(self, direction: Direction) -> None:
        """Remember the direction's own words; those of its look, or that follow from a control, are none."""
        self._look = direction.preset
        moved = changes(direction)
        self._words = {k: v for k, v in moved.items() if k.startswith("look.") and k not in KEYS}

    def whole(self, direction: Direction, engine: str = "retouch") -> Direction:
        """What the controls say, with the words that are held where the look is still the same."""
        if not self._words or self._look != direction.preset:
            return direction
        return with_changes(direction, self._words, engine)
