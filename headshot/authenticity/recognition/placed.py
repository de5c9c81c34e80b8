"""Moved here from headshot/pair.py."""

from __future__ import annotations

from dataclasses import dataclass

from headshot.authenticity.recognition.own_range import OwnRange
from headshot.authenticity.thresholds import cut
from headshot.types import State


@dataclass(frozen=True)
class Placed:
    """The picture among the person's own photos: distances of the embedded judge, smaller is more alike.

    `range`: None with a single further photo. `copying`: see own_range.copy_paste, 0 as free as a new photo, 1 a copy
    of the original.
    """

    range: OwnRange | None
    copying: float

    @property
    def clings(self) -> bool:
        """Whether a picture that is another photo is too near to the original, by the report's own cut."""
        rule = cut("copy_paste", "another photo")
        assert rule is not None
        return rule.state(max(0.0, self.copying)) != State.GREEN
