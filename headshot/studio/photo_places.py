"""Places in the photo as text: which of several people is meant, and what the cut-out must keep or leave out."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from headshot.direction.diff import with_changes
from headshot.direction.parse import parse
from headshot.direction.places import MOST_PLACES, read_places, write_places
from headshot.errors import UserError
from headshot.language import tr
from headshot.photo.subject import face_centre
from headshot.types import Direction, Face, Framing, Photo


def face_point(text: str, faces: Sequence[Face], photo: Photo) -> tuple[float, float]:
    """The point (x, y) in px of the photo as it is now that `text` means.

    `text`: "X,Y" in px of the upload, which may have been larger and turned; or "N", the Nth of `faces` from the left.
    Raises UserError for anything else, a point outside the photo, and a number that there is not.
    """
    hint = tr("Give X,Y in the photo's pixels, or a number counted from the left: 1 is the leftmost face.")
    numbers = _numbers(text)
    if len(numbers) == 2:
        return _as_it_is_now(numbers[0], numbers[1], photo)
    if len(numbers) != 1:
        raise UserError(tr("“{text}” names no face.", text=text[:40]), hint)
    centres = [face_centre(f) for f in faces if f.landmarks is not None]
    if not 1 <= numbers[0] <= len(centres):
        raise UserError(
            tr("There is no face {numbers}: the photo shows {count}.", numbers=numbers[0], count=len(centres)), hint
        )
    return sorted(centres)[numbers[0] - 1]


def clicked_places(key: str, words: Sequence[str], photo: Photo) -> str:
    """Turn "X,Y" in px of the upload into the value of the setting `key`: shares of the upright photo's size.

    Raises UserError for anything else and for a point outside the photo.
    """
    places = []
    for word in words:
        numbers = _numbers(word)
        if len(numbers) != 2:
            raise UserError(tr("“{word}” names no place.", word=word[:40]), "Give X,Y in the photo's pixels.")
        x, y = _as_it_is_now(numbers[0], numbers[1], photo)
        places.append(((x + 0.5) / photo.width, (y + 0.5) / photo.height))
    return str(parse(key, write_places([(min(x, 1.0), min(y, 1.0)) for x, y in places])))


def with_click(direction: Direction, framing: Framing, photo: Photo, at: tuple[float, float], key: str) -> Direction:
    """Add a click at `at` (x, y), shares of the framed picture, to the places of the setting `key`.

    Raises UserError for a place outside the photo, and for more places than a picture takes.
    """
    x, y = at[0] * framing.size[0], at[1] * framing.size[1]
    there = cv2.invertAffineTransform(framing.matrix) @ np.array([x, y, 1.0])
    shares = float(there[0] / photo.width), float(there[1] / photo.height)
    if not all(0 <= share <= 1 for share in shares):
        raise UserError("Your photo ends before that place.", "Click inside your photo.")
    group, name = key.split(".")
    before = read_places(getattr(getattr(direction, group), name))
    if len(before) == MOST_PLACES:
        raise UserError(
            tr("A picture takes {most_places} such places.", most_places=MOST_PLACES),
            "Take one back first, in the tray.",
        )
    return with_changes(direction, {key: write_places([*before, shares])})


def in_picture(places: Sequence[tuple[float, float]], framing: Framing) -> list[tuple[float, float]]:
    """Turn shares of the photo into shares of the framed picture, (x, y); what lies outside it is left out."""
    (wide, high), (width, height) = framing.photo, framing.size
    px = [framing.matrix @ np.array([x * wide - 0.5, y * high - 0.5, 1.0]) for x, y in places]
    shares = [(float(x + 0.5) / width, float(y + 0.5) / height) for x, y in px]
    return [(x, y) for x, y in shares if 0 <= x <= 1 and 0 <= y <= 1]


def _numbers(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        return []


def _as_it_is_now(x: int, y: int, photo: Photo) -> tuple[float, float]:
    """Turn px of the upload into px of the photo, which may have been made smaller and turned. Raises UserError."""
    given = photo.given
    if not (0 <= x < given[0] and 0 <= y < given[1]):
        raise UserError(
            tr(
                "The place {x},{y} lies outside the photo of {given} × {given2} pixels.",
                x=x,
                y=y,
                given=given[0],
                given2=given[1],
            ),
            "Count from 0.",
        )
    wide, high = given[0] - 1, given[1] - 1
    x, y = ((x, y), (high - y, x), (wide - x, high - y), (y, wide - x))[photo.turned]
    scale = photo.width / (given[1] if photo.turned % 2 else given[0])
    return x * scale, y * scale
