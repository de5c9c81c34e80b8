"""Find earrings that hang free beside the neck: too small for the networks in a view of the whole head.

In a view of one ear alone an earring is the most salient thing, and U²-NetP draws its outline. Of a hoop it draws
none: before a plain wall that is what is thin, hangs from the ear and has another colour.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from headshot.canvas.cutout.colour_cells import share_near
from headshot.canvas.cutout.trimap import Mask
from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.imaging.landmarks import TEMPLES
from headshot.imaging.masks import pixels_in
from headshot.imaging.median import medians
from headshot.photo.networks import u2netp
from headshot.types import F32, U8


class _Box(NamedTuple):
    """From where to where, outward and downward from the mesh's point before the ear, in eye distances."""

    inner: float
    outer: float
    top: float
    bottom: float


_VIEW = _Box(-0.55, 0.45, 0.2, 1.65)  # what is shown to the network
_LOBE = _Box(-0.4, 0.35, 0.3, 1.3)  # where it hangs
_WALL = _Box(0.45, 1.3, 0.0, 1.8)  # what is behind it
_FREE = 0.3  # square eye distances of that place outside the matte: no hair lies over the ear
_UNLIKE, _SHARE = 0.9, 0.01  # steps between colours, and which share of the wall has one that is its own
_SOMETHING, _ALL = 0.02, 0.75  # square eye distances, and share of that place, that have not the wall's colour
_SAID = 0.5  # saliency of an earring
_TOP, _MIDDLE = (0.22, 0.95), (-0.4, 0.25)  # of an earring, downward and outward
_WIDE, _TALL, _AREA = 0.5, (0.15, 1.3), (0.012, 0.25)
_HOOK = 0.2  # eye distances from the ear or neck: hooks are too fine to be seen
_OWN = 0.6  # share of it that has not the wall's colour
_HOOP = _Box(-0.9, 0.6, 0.2, 1.5)  # where the whole of a hoop lies
_PLAIN, _CLEAR = 0.5, 3.0  # steps: 95% of a plain wall lies as near to its middle, and no hoop lies as near
_FULL = 0.65  # of the clearest colour near by, from which a pixel is all metal
_NONE, _AWAY = 0.002, 0.03  # share of the wall with a hoop's colour; eye distances from the outline, itself a mixture
_FREELY = 0.1  # eye distances from the outline of half of it: the soft rim of hair is nearer
_HIGH, _ACROSS, _PIECES = (0.12, 1.0), 0.85, 0.1  # eye distances: its size, and how far apart its pieces lie


def find_earrings(copy: WorkingCopy, matte: F32) -> F32:
    """Find what hangs from the ears outside a matte (h, w) 0..1: (h, w) float32 0..1.

    U²-NetP is asked, where it is here, for an ear that no hair covers and under which something has not the colour of
    what is behind.
    """
    found = np.zeros_like(matte)
    body = (matte > 0.5).astype(np.uint8)
    cells = copy.cells
    for temple, outward in zip(TEMPLES, (-1, 1), strict=True):
        view, lobe, wall = (_within(copy, temple, outward, box) for box in (_VIEW, _LOBE, _WALL))
        wall &= body == 0
        lobe &= cv2.dilate(body, copy.disc(0.03)) == 0
        if not wall.any():
            continue
        plain = _from_plain(copy, wall, body)
        if plain is not None:
            found = np.maximum(found, _hoop(copy, _within(copy, temple, outward, _HOOP), wall, body, plain))
        if not u2netp.is_here() or lobe.sum() < _FREE * copy.eye_px**2:
            continue
        unlike = np.zeros_like(lobe)
        unlike[view] = share_near(cells[view], cells[wall], _UNLIKE) < _SHARE
        something = cv2.morphologyEx((unlike & lobe).astype(np.uint8), cv2.MORPH_OPEN, copy.disc(0.03))
        if not _SOMETHING * copy.eye_px**2 <= something.sum() <= _ALL * lobe.sum():
            continue
        said = _seen_alone(copy, view)
        if plain is not None:  # through a hoop the wall is seen
            said[cv2.morphologyEx((plain <= _PLAIN).astype(np.uint8), cv2.MORPH_OPEN, copy.disc(0.04)) > 0] = 0
        found = np.maximum(found, np.where(_hanging(copy, temple, outward, said, body, unlike), said, 0))
    return found


def _from_plain(copy: WorkingCopy, wall: Mask, body: U8) -> F32 | None:
    """Measure how far each colour is from a plain `wall`'s, (h, w) steps; None where it is not plain."""
    clear = wall & (cv2.dilate(body, copy.disc(2 * _HOOK)) == 0)
    if not clear.any():
        return None
    steps = np.linalg.norm(copy.colours - medians(pixels_in(copy.colours, clear)), axis=-1).astype(np.float32)
    return steps if np.percentile(steps[clear], 95) <= _PLAIN else None


def _hoop(copy: WorkingCopy, place: Mask, wall: Mask, body: U8, unlike: F32) -> F32:
    """Find what is thin in a `place` before a plain `wall`, (h, w) each: (h, w) float32 0..1, by how `unlike` it is."""
    thin = np.zeros(body.shape, np.uint8)
    thin[place] = share_near(copy.cells[place], copy.cells[wall], _UNLIKE) < _NONE
    thin &= cv2.dilate(body, copy.disc(_AWAY)) == 0
    count, labels = cv2.connectedComponents(cv2.dilate(thin, copy.disc(_PIECES / 2)))
    away = cv2.distanceTransform(1 - body, cv2.DIST_L2, cv2.DIST_MASK_5)
    reached, beyond = away <= _HOOK * copy.eye_px, cv2.erode(place.astype(np.uint8), copy.disc(0.03)) == 0
    keep = np.zeros(count, np.uint8)
    for one in range(1, count):
        piece = (labels == one) & (thin > 0)
        _, _, width, height = np.array(cv2.boundingRect(piece.astype(np.uint8))) / copy.eye_px
        clear = unlike[piece].max() >= _CLEAR and np.median(away[piece]) >= _FREELY * copy.eye_px
        hangs = bool((piece & reached).any()) and not (piece & beyond).any()
        keep[one] = clear and hangs and _HIGH[0] <= height <= _HIGH[1] and width <= _ACROSS
    hoop = cv2.dilate(keep[labels] & thin, copy.disc(_AWAY)) & (body == 0)
    most = cv2.dilate(np.where(hoop > 0, unlike, 0), copy.disc(0.06))
    share = unlike / np.maximum(_FULL * most, _CLEAR / 2)
    return np.where(hoop > 0, np.minimum(share, 1), 0).astype(np.float32)


def _within(copy: WorkingCopy, temple: int, outward: int, box: _Box) -> Mask:
    """Mark the pixels within a box beside an ear."""
    across = (np.arange(copy.size[0], dtype=np.float32) - copy.marks[temple, 0]) * outward / copy.eye_px
    down = (copy.rows - copy.marks[temple, 1]) / copy.eye_px
    return np.asarray((across >= box.inner) & (across <= box.outer) & (down >= box.top) & (down <= box.bottom))


def _seen_alone(copy: WorkingCopy, view: Mask) -> F32:
    """Ask U²-NetP for a part of the full photo: (h, w) float32 0..1, 0 beyond it."""
    x, y, width, height = cv2.boundingRect(view.astype(np.uint8))
    across, down = copy.full.shape[1] / copy.size[0], copy.full.shape[0] / copy.size[1]
    rows = slice(round(y * down), round((y + height) * down))
    columns = slice(round(x * across), round((x + width) * across))
    saliency = u2netp.saliency(np.ascontiguousarray(copy.full[rows, columns]))
    said = np.zeros(view.shape, np.float32)
    said[y : y + height, x : x + width] = cv2.resize(saliency, (width, height), interpolation=cv2.INTER_AREA)
    return said


def _hanging(copy: WorkingCopy, temple: int, outward: int, said: F32, body: U8, unlike: Mask) -> Mask:
    """Mark the pieces of what was said that have an earring's size and place, and not the wall's colour."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((said > _SAID).astype(np.uint8))
    near = cv2.dilate(body, copy.disc(_HOOK)) > 0
    keep = np.zeros(count, np.uint8)
    for one in range(1, count):
        piece = labels == one
        free = piece & (body == 0)
        left, top, width, height, area = stats[one] / copy.eye_px
        down = top - copy.marks[temple, 1] / copy.eye_px
        across = (left + width / 2 - copy.marks[temple, 0] / copy.eye_px) * outward
        upper = piece & (copy.rows < (top + height / 3) * copy.eye_px)
        keep[one] = (
            _TOP[0] <= down <= _TOP[1]
            and _MIDDLE[0] <= across <= _MIDDLE[1]
            and width <= _WIDE
            and _TALL[0] <= height <= _TALL[1]
            and area <= _AREA[1] * copy.eye_px
            and free.sum() >= _AREA[0] * copy.eye_px**2
            and (upper & near).any()
            and unlike[free].mean() >= _OWN
        )
    return np.asarray(cv2.dilate(keep[labels], copy.disc(0.05)) > 0)
