"""Turn a photo upright by its faces: messengers and scanners drop the EXIF tag that says how the camera was held.

A face on its side is found, and its roll says which way is up. One upside down is found as well, weakly, and its mesh
reads as if it stood upright; the detector's score tells: 0.50 to 0.78 on 53 photos turned by half, 0.80 and more
upright on all but eight (docs/log.md, "Turned photos"). So a weak face is looked for in the other quarters too: one
that fills its frame, which is weak upright as well, with grey round it. One with its body under it does not hang.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np

from headshot.imaging.resize import scaled
from headshot.language import tr
from headshot.photo.faces import find_faces
from headshot.photo.segmentation import person_probability
from headshot.photo.subject import choose, head_pose
from headshot.types import U8, Face, Photo

_SURE = 0.8  # score from which an upright face needs no second look
_MORE = 0.05  # by which another quarter's score must be better
_NEW = 0.75  # least score in another quarter, unless the face lies: rocks are found at 0.69
_MOST_ROLL = 45.0  # °
_SIDE = 1280  # px at which the quarters are searched
_FILLS = 0.4  # of the shorter side: a face that is longer is found weakly whichever way it is, for want of surroundings
_ROUND = 0.6  # of the longer side: grey laid round it then
_ENOUGH = 0.1  # of the face's height, of which rows are to be seen there
_BELOW, _ABOVE = ((0.3, 1.0), 0.5), ((0.6, 1.2), 0.1)  # of the face's height; the person's least and most share there


class _Reading(NamedTuple):
    """The main face: the detector's score, its roll in degrees or None where it has no mesh, its share of the frame."""

    score: float
    roll: float | None
    share: float = 0.0

    @property
    def upright(self) -> bool:
        return self.roll is not None and abs(self.roll) <= _MOST_ROLL


def find_upright(photo: Photo) -> tuple[Photo, tuple[Face, ...]]:
    """Find the faces of a photo, the largest first; where they lie or hang, of the photo turned by a quarter or two.

    A turned photo has the note that says so, and its `turned`.
    """
    faces = find_faces(photo.pixels)
    quarters = _quarters(photo.pixels, _read(photo.pixels, faces))
    if not quarters:
        return photo, faces
    photo = turn(photo, quarters)
    return replace(photo, notes=(*photo.notes, turn_note(quarters))), find_faces(photo.pixels)


def turn(photo: Photo, quarters: int) -> Photo:
    """Turn a photo clockwise by so many quarters."""
    pixels = np.ascontiguousarray(np.rot90(photo.pixels, -quarters))
    return replace(photo, pixels=pixels, uploaded=photo.given, turned=(photo.turned + quarters) % 4)


def turn_note(quarters: int, name: str = tr("The photo")) -> str:
    """Make the sentence on a photo that was turned by so many quarters."""
    if quarters == 2:
        return tr("{name} was upside down, and was turned upright.", name=tr(name))
    return tr("{name} lay on its side, and was turned upright.", name=tr(name))


def _quarters(pixels: U8, given: _Reading) -> int:
    if given.upright and given.score >= _SURE:
        return 0
    small = scaled(pixels, min(1.0, _SIDE / max(pixels.shape[:2])))
    least = _NEW
    if given.share > _FILLS:
        wide = round(_ROUND * max(small.shape[:2]))
        small = cv2.copyMakeBorder(small, wide, wide, wide, wide, cv2.BORDER_CONSTANT, value=(128, 128, 128))
        least, given = _SURE, _read(small, find_faces(small))
    lies = given.roll is not None and not given.upright
    best, quarters = 0.0 if lies else max(given.score + _MORE, least) if given.upright else least, 0
    for number in (1, 2, 3):
        turned = np.ascontiguousarray(np.rot90(small, -number))
        seen = _read(turned, find_faces(turned))
        if seen.upright and seen.score >= best:
            best, quarters = seen.score, number
    return 0 if quarters == 2 and _stands(pixels) else quarters


def _stands(pixels: U8) -> bool:
    """Tell whether the main face has its body under it, and nothing of it over it."""
    faces = find_faces(pixels)
    if not faces:
        return False
    x0, y0, x1, y1 = faces[choose(faces, pixels.shape[1], pixels.shape[0])].box
    tall, columns = y1 - y0, slice(max(0, int(x0)), max(1, int(x1)))
    person = person_probability(pixels)

    def share(top: float, bottom: float) -> float | None:
        part = person[max(0, int(top)) : max(0, int(bottom)), columns]
        return float(part.mean()) if len(part) > _ENOUGH * tall else None

    (near, far), least = _BELOW
    below = share(y1 + near * tall, y1 + far * tall)
    (near, far), most = _ABOVE
    above = share(y0 - far * tall, y0 - near * tall)
    return below is not None and above is not None and below >= least and above <= most


def _read(pixels: U8, faces: tuple[Face, ...]) -> _Reading:
    if not faces:
        return _Reading(0.0, None)
    face = faces[choose(faces, pixels.shape[1], pixels.shape[0])]
    x0, y0, x1, y1 = face.box
    share = max(x1 - x0, y1 - y0) / min(pixels.shape[:2])
    return _Reading(face.score, None if face.landmarks is None else head_pose(face.landmarks).roll, share)
