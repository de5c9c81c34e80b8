"""How a check, a measure or a kept thing stands, as the published JSON says it."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Green, grey, amber or red; the value is that of the published JSON, the words are in authenticity/labels.py.

    `<` and `max` go by how much a state wants a look, in the order below. Grey, not measured, stands between: it
    vouches for less than green does, and accuses of nothing as amber and red do.
    """

    GREEN = "green"
    GREY = "grey"
    AMBER = "amber"
    RED = "red"

    def __lt__(self, other: str) -> bool:
        return _severity(self) < _severity(other)

    def __le__(self, other: str) -> bool:
        return _severity(self) <= _severity(other)

    def __gt__(self, other: str) -> bool:
        return _severity(self) > _severity(other)

    def __ge__(self, other: str) -> bool:
        return _severity(self) >= _severity(other)


def _severity(state: str) -> int:
    """The place in the order above. Raises ValueError for what is no state."""
    return list(State).index(State(state))


class KeptState(StrEnum):
    """What became of a thing that was asked to be kept; the values are those of the published JSON."""

    KEPT = "kept"
    NOT_MEASURED = "not measured"
    LOOK_HERE = "look here"
    LOST = "lost"
