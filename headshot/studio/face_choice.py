"""Which of several people is meant, as text: a place in the photo, or a number counted from the left."""

from __future__ import annotations

from collections.abc import Sequence

from headshot.errors import UserError
from headshot.photo.subject import face_centre
from headshot.types import Face, Photo


def face_point(text: str, faces: Sequence[Face], photo: Photo) -> tuple[float, float]:
    """The point (x, y) in px of the photo as it is now that `text` means.

    `text`: "X,Y" in px of the upload, which may have been larger and turned; or "N", the Nth of `faces` from the left.
    Raises UserError for anything else, a point outside the photo, and a number that there is not.
    """
    given = photo.given
    hint = "Give X,Y in the photo's pixels, or a number counted from the left: 1 is the leftmost face."
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 2:
        x, y = numbers
        if not (0 <= x < given[0] and 0 <= y < given[1]):
            raise UserError(f"The face {x},{y} lies outside the photo of {given[0]} × {given[1]} pixels.", hint)
        wide, high = given[0] - 1, given[1] - 1
        x, y = ((x, y), (high - y, x), (wide - x, high - y), (y, wide - x))[photo.turned]
        scale = photo.width / (given[1] if photo.turned % 2 else given[0])
        return x * scale, y * scale
    if len(numbers) != 1:
        raise UserError(f"“{text[:40]}” names no face.", hint)
    centres = [face_centre(f) for f in faces if f.landmarks is not None]
    if not 1 <= numbers[0] <= len(centres):
        raise UserError(f"There is no face {numbers[0]}: the photo shows {len(centres)}.", hint)
    return sorted(centres)[numbers[0] - 1]
