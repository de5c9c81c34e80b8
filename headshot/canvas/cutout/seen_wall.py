"""Take off a matte what plainly has the colour of the wall beside it and none of the person's, and off colours too.

A dark rim along a cheek, a film of wall beside an arm: the networks see 256 pixels across a whole bust, so that what
they are sure of reaches a pixel or two too far, and no solver gives it back. Where the colours of both sides are even
and far apart, a pixel's own colour tells how much of it is the person.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.canvas.cutout.colour_seeds import hair_apart
from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.imaging.landmarks import eyes_middle
from headshot.imaging.masks import pixels_in
from headshot.imaging.median import medians
from headshot.types import F32, U8

_DEEP, _FAR = 0.05, 0.03  # eye distances from the edge, from which a side's colours are taken
_REACHES = (0.2, 0.5)  # eye distances to each side, over which they are averaged: the first that finds any
_NEAR = 0.15  # eye distances from what is wall already: a shadow deep in fair hair has a dark wall's colour
_ENOUGH = 0.02  # of the pixels within a reach
_APART = (2.0, 4.0)  # steps between the sides, from which they are told apart, and plainly
_UNEVEN = 0.3  # spread of both sides over their distance, at which a pixel's place between them counts 1/e
_CLOTH = 0.2  # more of it away from the hair: strands are of every colour, cloth is not
_WALL, _PERSON = 0.05, 0.4  # places between the wall's colour, 0, and the person's, 1: of no and of all the matte
_RIM = 0.08  # eye distances from what is wall: its colour reaches so far in, by blur and by a coarse matte
_UNEVEN_RIM = 0.5  # as _UNEVEN: a colour taken wrongly for a mixture does less harm than a hole
_NARROW = (0.1, 0.5)  # as _REACHES: skin below an ear and not the hair over it
_STRANDS = 0.5  # place from which a pixel is the person's alone: in hair
_PALE_WALL, _DARK_WALL = 0.95, 0.6  # beside skin and plain cloth, which are darker towards an edge by themselves
_SKIN = 3.0  # steps from the face's colour, from which what lies beside the rim is not skin at all
_SHADED = np.array([0.5, 1, 1], np.float32)  # weights of lightness and hue there: skin in its own shadow is skin
_PLAIN = 0.15  # spread of both sides over their distance, at which cloth counts 1/e as plain
_FACE = 0.1  # eye distances inside the face's oval: nothing there is wall
_BELOW_EYES = 0.5  # eye distances below the eyes, from which no hair lies beside the face's skin


class _Read(NamedTuple):
    """What the colours of n pixels tell: `place` (n,) between the wall's mean colour, 0, and the person's, 1.

    `own`, `wall` (n, 3): those means, in steps; `plain` 0..1: how far apart they are; `uneven`: the spread of both
    sides over their distance.
    """

    place: F32
    own: F32
    wall: F32
    plain: F32
    uneven: F32


def without_seen_wall(copy: WorkingCopy, matte: F32) -> F32:
    """Lower the matte (h, w) 0..1 to the share of the person in each pixel's colour, as far as that can be read."""
    asked = _beside_wall(copy, matte, _NEAR)
    if not asked.any():
        return matte
    read = _read(copy, matte, asked)
    trust = read.plain * np.exp(-((read.uneven / (_UNEVEN + _CLOTH * (1 - copy.hair_zone[asked]))) ** 2))
    over = np.maximum(matte[asked] - np.clip((read.place - _WALL) / (_PERSON - _WALL), 0, 1), 0) * trust
    lowered = matte.copy()
    lowered[asked] -= _but_temples(copy, matte, asked, read.wall, over)
    return lowered


def own_share(copy: WorkingCopy, matte: F32) -> F32:
    """Measure the person's share in each pixel's colour, at most the matte: (h, w) 0..1, for what is seen of the rim.

    A pixel that is wholly the person's by the matte may still hold half of the old wall: a thread of pale specks along
    a jaw, a dark line beside a cheek. Its outline is left; the wall goes out of its colour (`own_colours`). Strands of
    hair are of every colour between both sides and bare skin and plain cloth are not, so that these need to be nearer.
    """
    asked = _beside_wall(copy, matte, _RIM)
    if not asked.any():
        return matte
    read = _read(copy, matte, asked, _NARROW)
    face = medians(pixels_in(copy.colours, copy.face > 0))
    skin = np.clip(_SKIN - np.linalg.norm((read.own - face) * _SHADED, axis=1), 0, 1)
    cloth = (1 - copy.hair_zone[asked]) * np.exp(-((read.uneven / _PLAIN) ** 2))
    sure = np.where(read.wall[:, 0] > read.own[:, 0], _PALE_WALL, _DARK_WALL)
    whole = _STRANDS + (sure - _STRANDS) * np.maximum(skin, cloth)
    trust = read.plain * np.exp(-((read.uneven / _UNEVEN_RIM) ** 2))
    over = np.maximum(matte[asked] - np.clip(read.place / whole, 0, 1), 0) * trust
    share = matte.copy()
    share[asked] -= _but_temples(copy, matte, asked, read.wall, over)
    return share


def _beside_wall(copy: WorkingCopy, matte: F32, reach: float) -> NDArray[np.bool_]:
    """Mark what is the person at all and lies within `reach` eye distances of the wall, but no inner part of a face."""
    near = cv2.dilate((matte < 0.05).astype(np.uint8), copy.disc(reach))
    return (matte > 0) & (near > 0) & (cv2.erode(copy.face, copy.disc(_FACE)) == 0)


def _read(copy: WorkingCopy, matte: F32, asked: NDArray[np.bool_], reaches: tuple[float, ...] = _REACHES) -> _Read:
    half = cv2.resize(copy.colours, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    sides = ((matte > 0.95, _DEEP), (matte < 0.05, _FAR))
    own, wall = (
        pixels_in(_side(copy, half, cv2.erode(side.astype(np.uint8), copy.disc(deep)), reaches), asked)
        for side, deep in sides
    )
    across = own[:, :3] - wall[:, :3]
    squared = np.maximum(_dot(across, across), 1e-3)
    place = _dot(pixels_in(copy.colours, asked) - wall[:, :3], across) / squared
    plain = np.clip((np.sqrt(squared) - _APART[0]) / (_APART[1] - _APART[0]), 0, 1) * own[:, 4] * wall[:, 4]
    uneven = np.sqrt((own[:, 3] + wall[:, 3]) / squared)
    return _Read(_f32(place), own[:, :3], wall[:, :3], _f32(plain), _f32(uneven))


def _but_temples(copy: WorkingCopy, matte: F32, asked: NDArray[np.bool_], wall: F32, over: F32) -> F32:
    """Lessen what is `over` (n,) above the eyes where the wall has the hair's colour.

    A thin strip of dark hair at the temple has a dark wall's colour, and only skin lies behind it.
    """
    below = (copy.rows - float(eyes_middle(copy.marks)[1])) / (_BELOW_EYES * copy.eye_px)
    below = np.broadcast_to(np.clip(below, 0, 1), matte.shape)[asked]
    above = (below < 1) & (over > 0.01)
    over[above] *= np.maximum(below[above], hair_apart(copy, matte, wall[above]))
    return over


def _f32(values: NDArray[np.floating]) -> F32:
    return np.asarray(values, np.float32)


def _dot(a: F32, b: F32) -> F32:
    return np.asarray(np.einsum("ij,ij->i", a, b), np.float32)


def _side(copy: WorkingCopy, colours: F32, where: U8, reaches: tuple[float, ...]) -> F32:
    """Average the `colours` (h / 2, w / 2, 3) of the pixels `where` (h, w) is 1, of near ones if any are: (h, w, 5).

    The mean in steps, its variance, and 1 where there are any, to 0.
    """
    weight = cv2.resize(where.astype(np.float32), colours.shape[1::-1], interpolation=cv2.INTER_AREA)
    squares = np.einsum("ijk,ijk->ij", colours, colours)
    planes = np.dstack([colours, squares, np.ones_like(squares)]) * weight[..., None]
    sums, known = np.zeros_like(planes), np.zeros_like(weight)
    for reach in reaches:
        side = 2 * max(1, round(reach * copy.eye_px / 2)) + 1
        found = cv2.blur(planes, (side, side))
        fresh = np.clip(found[..., 4] / _ENOUGH, 0, 1) * (1 - known)
        sums += (fresh / np.maximum(found[..., 4], 1e-5))[..., None] * found
        known += fresh
    sums /= np.maximum(known, 1e-5)[..., None]
    sums[..., 3] = np.maximum(sums[..., 3] - np.einsum("ijk,ijk->ij", sums[..., :3], sums[..., :3]), 0)
    sums[..., 4] = known
    return np.asarray(cv2.resize(sums, copy.size, interpolation=cv2.INTER_LINEAR), np.float32)
