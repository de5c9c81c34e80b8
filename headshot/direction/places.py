"""Places of a photo as text: "0.42,0.31 0.5,0.6", each x and y as a share of the upright photo's width and height."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_PLACES = 24
SUGGESTED = "suggested"  # in place of places: asks which might be meant
_PLACE = re.compile(r"([01](?:\.\d{1,9})?|\.\d{1,9}),([01](?:\.\d{1,9})?|\.\d{1,9})")
_LONGEST = MOST_PLACES * 26  # characters


def read_places(text: str) -> tuple[tuple[float, float], ...]:
    """Read the places of a text, (x, y) in 0..1 each. Raises ValueError for anything else, and for too many."""
    if len(text) > _LONGEST:
        raise ValueError("too long")
    found = []
    for word in text.split():
        if not (match := _PLACE.fullmatch(word)):
            raise ValueError(word)
        x, y = float(match[1]), float(match[2])
        if x > 1 or y > 1:
            raise ValueError(word)
        found.append((x, y))
    if len(found) > MOST_PLACES:
        raise ValueError("too many")
    return tuple(found)


def write_places(places: Iterable[tuple[float, float]]) -> str:
    """Write places as text, to a ten-thousandth of the photo."""
    return " ".join(f"{x:.4f},{y:.4f}" for x, y in places)
