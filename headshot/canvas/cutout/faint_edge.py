"""Keep an edge smooth where nothing is seen of it: dark hair before a dark room, a black coat before a black one."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.imaging.colour import in_channels
from headshot.types import F32, U8

_NEAR = 4.0  # px of the working copy, over which the colours of the two sides are averaged
_UNSEEN = (0.06, 0.2)  # distances between them in RGB, 0..1 each, at which an edge is not and is plainly seen
_UNSEEN_CLOTH = (0.12, 0.4)  # the same where no strands are to be kept
_DARK = (50, 90)  # grey code values, at which the networks alone and the colours alone are believed
_BLACK = (25, 45)  # mean code values of the lighter side, at which nothing but an outline is known, and more
_SMOOTH = 0.05  # eye distances
_FIRM = 3.0  # how much steeper than the blur
_DECIDED = 8.0  # how much steeper than the networks' doubt, in the black


def edge_seen(picture: U8, matte: F32, unseen: tuple[float, float]) -> F32:
    """Measure how far an edge at each pixel would be seen: (h, w) float32, 0 not at all to 1 plainly.

    By the mean colours of both sides (matte 0..1): noise and JPEG blocks are all that single pixels of a dark place
    tell, and a matte that follows them is ragged.
    """
    person, wall = sides(picture, matte)
    return _plain(_apart(person, wall), unseen)


def trusted_slope(copy: WorkingCopy, matte: F32) -> F32:
    """Measure how far fine detail of the colours is to be trusted with the edge of a solved matte: (h, w) 0..1.

    In the light as for strands, which lie on shoulders too; in the dark cloth has none.
    """
    apart, lighter = _seen(copy.picture, matte)
    return _trust(apart, (1 - (1 - copy.hair_zone) * _below(_DARK, lighter)) * (1 - _below(_BLACK, lighter)))


def _trust(apart: F32, strands: F32) -> F32:
    """Blend the thresholds by where `strands` (h, w) 0..1 are to be kept: cloth has none."""
    return np.asarray(strands * _plain(apart, _UNSEEN) + (1 - strands) * _plain(apart, _UNSEEN_CLOTH), np.float32)


def _below(bounds: tuple[int, int], light: F32) -> F32:
    return np.asarray(np.clip((bounds[1] - light) / (bounds[1] - bounds[0]), 0, 1), np.float32)


def _seen(picture: U8, matte: F32) -> tuple[F32, F32]:
    """Measure how far both sides lie apart, in RGB of 0..1, and the mean code value of the lighter one: (h, w) each."""
    person, wall = sides(picture, matte)
    return _apart(person, wall), np.asarray(255 * np.maximum(person.mean(2), wall.mean(2)), np.float32)


def sides(picture: U8, matte: F32) -> tuple[F32, F32]:
    """Average the colours, 0..1, of the person and of the wall near each pixel: (h, w, 3) each."""
    height, width = matte.shape
    half = (max(1, width // 2), max(1, height // 2))  # the means are smooth
    colour = cv2.resize(picture, half, interpolation=cv2.INTER_AREA).astype(np.float32) / np.float32(255)
    # Blurred: a ragged matte has sorted the noise.
    inside = 2 * cv2.GaussianBlur(cv2.resize(matte, half, interpolation=cv2.INTER_AREA), (0, 0), _NEAR / 4) - 1
    means = []
    for share in (np.maximum(inside, 0), np.maximum(-inside, 0)):
        weight = np.maximum(cv2.GaussianBlur(share, (0, 0), _NEAR / 2), 1e-3)
        mean = cv2.GaussianBlur(colour * in_channels(share), (0, 0), _NEAR / 2) / in_channels(weight)
        means.append(np.asarray(cv2.resize(mean, (width, height), interpolation=cv2.INTER_LINEAR), np.float32))
    return means[0], means[1]


def _apart(person: F32, wall: F32) -> F32:
    return np.asarray(np.sqrt(((person - wall) ** 2).sum(2)), np.float32)


def _plain(apart: F32, unseen: tuple[float, float]) -> F32:
    return np.asarray(np.clip((apart - unseen[0]) / (unseen[1] - unseen[0]), 0, 1), np.float32)


def smooth_where_unseen(copy: WorkingCopy, matte: F32, person: F32) -> F32:
    """Smooth the matte (h, w) 0..1 along the edge where its two sides have nearly one colour.

    About the head what the networks say, `person` (h, w) 0..1, is all that is known in the dark: colours would give the
    room a share of the hair. In the light they know better (fair hair before a yellow wall). How soft such an edge is
    nobody knows either: it gets the width of a sharp one, not that of the networks' doubt, which shows as a dark glow.
    """
    apart, lighter = _seen(copy.picture, matte)
    black = _below(_BLACK, lighter)  # strands there are no more than the noise
    trust = _trust(apart, copy.hair_zone * (1 - black))
    light = cv2.GaussianBlur(cv2.cvtColor(copy.picture, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), _NEAR)
    believed = copy.head_zone * _below(_DARK, light)
    known = believed * person + (1 - believed) * matte
    known = np.clip((known - 0.5) * (1 + (_DECIDED - 1) * black) + 0.5, 0, 1)
    known = cv2.GaussianBlur(known, (0, 0), _SMOOTH * copy.eye_px)
    smooth = np.clip((known - 0.5) * _FIRM + 0.5, 0, 1)
    return np.asarray(trust * matte + (1 - trust) * smooth, np.float32)
