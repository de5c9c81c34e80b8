"""Decide a veil: a wide half-clear area is neither person nor wall, and shows as a ghost on every backdrop."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.canvas.cutout.faint_edge import edge_seen, sides
from headshot.canvas.cutout.working_copy import WorkingCopy, nearest_is
from headshot.types import F32, U8

_CLEAR, _SOLID = 0.08, 0.92  # matte, between which a pixel is half clear
_WIDE = 0.04  # eye distances: half the width of the narrowest veil; a strand is narrower
_EVEN = 0.2  # spread of the matte over 5 × 5 px: hair is less even
_UNSEEN = (0.1, 0.3)  # distances of the two sides in RGB, 0..1 each, at which a veil's edge is not and is plainly seen
_STEEP = 4.0  # what the matte is stretched by about its middle
_STRANGE = 0.05  # distance in RGB, 0..1 each, from all mixtures of both sides
_AROUND = 28  # px: so far `sides` looks
_GROWN = 0.08  # eye distances that such an area's thin rim reaches
_SHORT = 0.14  # eye distances beyond face and skull: hair that is no longer has no strands
_PERSON = 0.8  # matte from which an area whose edge is not seen is the person


def without_veil(copy: WorkingCopy, matte: F32) -> F32:
    """Stretch the matte (h, w) 0..1 to one side or the other where a wide area of it is evenly half clear.

    Frizz before a wall of nearly its colour is such an area too: only for a cut-out that is in doubt for its veil.
    """
    veil = cv2.morphologyEx(_wide_veil(copy, matte), cv2.MORPH_OPEN, copy.disc(0.75 * _WIDE))
    return _decided(copy, matte, np.asarray(veil, np.uint8), 0.5)


def without_unseen_veil(copy: WorkingCopy, matte: F32) -> F32:
    """Take a wide half-clear area by the hair off the matte (h, w) 0..1 where no edge is seen in it.

    Dark hair before something dark: the colours give both sides half, and what a light backdrop shows is a shadow
    beside the head.
    """
    kernel = copy.disc(0.75 * _WIDE)
    veil = _wide_veil(copy, matte) & (copy.hair_zone > 0.3).astype(np.uint8)
    if not cv2.morphologyEx(veil, cv2.MORPH_OPEN, kernel).any():
        return matte
    unseen = edge_seen(copy.picture, matte, _UNSEEN) < 0.5
    veil = cv2.morphologyEx(veil & unseen.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    return np.minimum(matte, _decided(copy, matte, cv2.dilate(veil, kernel), _PERSON))


def without_strange_veil(copy: WorkingCopy, matte: F32) -> F32:
    """Take a wide, mostly clear area off the matte (h, w) 0..1 whose colour is no mixture of both sides.

    Dark hair behind a hand, before a wall: the solver mixes it of hand and wall, which shows as a film of skin.
    """
    kernel = copy.disc(0.5 * _WIDE)
    veil = cv2.morphologyEx(_wide_veil(copy, matte) & (matte < 0.5).astype(np.uint8), cv2.MORPH_OPEN, kernel)
    if not veil.any():
        return matte
    x, y, width, height = cv2.boundingRect(veil)
    rows, columns = (slice(max(0, at - _AROUND), at + size + _AROUND) for at, size in ((y, height), (x, width)))
    picture = copy.picture[rows, columns]
    person, wall = sides(picture, matte[rows, columns])
    colour = cv2.blur(picture, (3, 3)).astype(np.float32) / np.float32(255)
    across, from_wall = person - wall, colour - wall
    place = (from_wall * across).sum(2) / np.maximum((across * across).sum(2), 1e-4)
    off = np.sqrt(((from_wall - place.clip(0, 1)[..., None] * across) ** 2).sum(2))
    veil[rows, columns] &= (off > _STRANGE).astype(np.uint8)
    veil = cv2.dilate(cv2.morphologyEx(veil, cv2.MORPH_OPEN, kernel), copy.disc(_GROWN))
    return np.minimum(matte, _decided(copy, matte, veil, 0.5))


def without_bare_veil(copy: WorkingCopy, matte: F32, core: U8) -> F32:
    """Take a wide, mostly clear area off the matte (h, w) 0..1 beside a bare head, which has no strands.

    `core` (h, w) 0 or 1: face, ears and skull (WorkingCopy.head_core). Where hair is, the nearest solid pixel is hair.
    """
    kernel = copy.disc(0.5 * _WIDE)
    veil = cv2.morphologyEx(_wide_veil(copy, matte) & (matte < 0.5).astype(np.uint8), cv2.MORPH_OPEN, kernel)
    solid = matte > _SOLID
    if not veil.any() or not solid.any():
        return matte
    bare = nearest_is(solid, cv2.dilate(core, copy.disc(_SHORT)) > 0)
    grown = cv2.dilate(veil & bare.astype(np.uint8), copy.disc(_GROWN))
    return np.minimum(matte, _decided(copy, matte, grown, 0.5))


def _wide_veil(copy: WorkingCopy, matte: F32) -> U8:
    """Mark what is half clear, wider than a strand and even: (h, w) 0 or 1."""
    half = ((matte > _CLEAR) & (matte < _SOLID)).astype(np.uint8)
    wide = cv2.morphologyEx(half, cv2.MORPH_OPEN, copy.disc(_WIDE))
    mean = cv2.blur(matte, (5, 5))
    spread = np.sqrt(np.maximum(cv2.blur(matte * matte, (5, 5)) - mean * mean, 0))
    return np.asarray(wide & (spread < _EVEN), np.uint8)


def _decided(copy: WorkingCopy, matte: F32, veil: U8, middle: float) -> F32:
    """Stretch the matte about `middle` where `veil` (h, w) is 1, softly at its rim."""
    share = cv2.GaussianBlur(veil.astype(np.float32), (0, 0), 0.02 * copy.eye_px) * veil
    decided = np.clip((matte - middle) * _STEEP + 0.5, 0, 1)
    return np.asarray(matte + share * (decided - matte), np.float32)
