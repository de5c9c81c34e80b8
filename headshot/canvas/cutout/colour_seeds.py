"""Sure pixels near a place, as examples of the person's and the background's colours there."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.canvas.cutout.trimap import Mask, Trimap
from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.imaging.masks import places_in
from headshot.types import F32

_SEEDS = 1200  # of each side
_NEAR = 0.8  # eye distances from what is asked, within which they lie
_LEAST = 50
_INNER = 0.05  # eye distances inside what is sure: at its rim it is not quite
_CLUTTER = 25.0  # 8-bit Lab spread of the background at which its colour counts 1/e
_ALIKE = 2.0  # squared steps between a colour of hair and the background's, from which they are told apart
_HAIR_ALIKE = 2.0  # steps between a wall's colour and most of the hair, up to which they are one
_EXACT_TREE, _LEAF = 4, 10  # FLANN_INDEX_KDTREE_SINGLE, and how many seeds are compared one by one
_FEW = 300  # seeds, where all of them are compared with each pixel
_MOST_ALIKE = 0.4  # of the hair: more, and the hair has the wall's colour


class Seeds(NamedTuple):
    """Features (n, 5): Lab colour and place in steps. `hair` is without skin, or empty where too little is sure."""

    background: F32
    person: F32
    hair: F32

    @property
    def apart(self) -> F32:
        """Steps between the colour of each seed of the background and most of the hair, (n,)."""
        return _apart(self.background, self.hair if len(self.hair) else self.person)


def find_seeds(copy: WorkingCopy, trimap: Trimap, asked: Mask, plain: F32) -> Seeds | None:
    """Choose sure pixels near those `asked`, or None where one side has too few. `plain` (h, w): see `plainness`.

    A pocket of the wall between curls that the networks took for hair is no example of hair: before a plain wall
    what has its colour is left out, unless much of the hair has it.
    """
    if not asked.any():
        return None
    near = copy.within(_NEAR, asked)
    sure = trimap.person & near
    skin = copy.is_skin | (cv2.dilate(trimap.core, copy.disc(0.06)) > 0)
    background, person = (copy.features[_some(where)] for where in (trimap.background & near, sure))
    of_hair = _some(sure & ~skin & (copy.rows < copy.chin + 0.3 * copy.eye_px))
    hair = copy.features[of_hair]
    if len(background) < _LEAST or len(person) < _LEAST:
        return None
    nearly_colour_alone = np.array([1, 1, 1, 0.35, 0.35], np.float32)
    apart = distance(background * nearly_colour_alone, hair * nearly_colour_alone)
    pocket = (apart < _ALIKE) & (plain[of_hair] > 0.4)
    if pocket.sum() <= _MOST_ALIKE * len(hair):
        hair = hair[~pocket]
    return Seeds(background, person, hair if len(hair) >= _LEAST else hair[:0])


def find_inner(copy: WorkingCopy, trimap: Trimap, asked: Mask) -> F32:
    """Choose pixels (n, 5) well inside the sure person near those `asked`; none where they are too few."""
    near = copy.within(_NEAR, asked)
    inner = copy.features[_some(near & (cv2.erode(trimap.person.astype(np.uint8), copy.disc(_INNER)) > 0))]
    return inner if len(inner) >= _LEAST else inner[:0]


def _apart(background: F32, person: F32) -> F32:
    """Measure how far each colour of the background (n, 5) is from the nearer third of the person's, steps (n,)."""
    a, b = background[:, :3], person[:, :3]
    squared = (a * a).sum(1)[:, None] - 2 * (a @ b.T) + (b * b).sum(1)
    near = np.partition(squared, len(b) // 3, axis=1)[:, len(b) // 3]
    return np.asarray(np.sqrt(np.maximum(near, 0)), np.float32)


def hair_apart(copy: WorkingCopy, matte: F32, wall: F32) -> F32:
    """Measure how plainly the colours of a wall (n, 3), in steps of distance, differ from the hair's: (n,), 0 to 1.

    Hair is what of the `matte` (h, w) above the chin is solid and no skin.
    """
    solid = cv2.erode((matte > 0.95).astype(np.uint8), copy.disc(0.05)) > 0
    hairy = solid & ~copy.is_skin & (copy.face == 0) & (copy.hair_zone > 0.5) & (copy.rows < copy.chin)
    hair = copy.colours[_some(hairy)][:_FEW]
    if len(hair) < _LEAST:
        return np.ones(len(wall), np.float32)
    return np.asarray(np.clip(_apart(wall, hair) - _HAIR_ALIKE, 0, 1), np.float32)


def _some(where: Mask) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Choose pixels, up to 1,200, of those marked, always the same ones: rows and columns."""
    rows, columns = places_in(where)
    chosen = np.random.default_rng(1).permutation(len(rows))[:_SEEDS]
    return rows[chosen], columns[chosen]


def distance(seeds: F32, wanted: F32) -> F32:
    """Measure the squared distance of each wanted pixel (n, 5) to the nearest seed (m, 5): (n,)."""
    return np.asarray(nearest(seeds, wanted, 1)[0][:, 0] ** 2, np.float32)


def of_nearest(seeds: F32, values: F32, wanted: F32, count: int = 8) -> F32:
    """Average the `values` (m, k) of the `count` seeds (m, 5) nearest to each wanted pixel (n, 5): (n, k)."""
    return np.asarray(values[nearest(seeds, wanted, count)[1]].mean(1), np.float32)


def nearest(seeds: F32, wanted: F32, count: int) -> tuple[F32, NDArray[np.int32]]:
    """Find the distances and places of the `count` seeds (m, 5) nearest to each wanted pixel (n, 5): (n, count) each.

    `count` is at most m.
    """
    if not len(wanted):
        return np.empty((0, count), np.float32), np.empty((0, count), np.int32)
    tree = cv2.flann.Index(seeds, {"algorithm": _EXACT_TREE, "leaf_max_size": _LEAF})
    places, squared = tree.knnSearch(wanted, count, params={"checks": -1, "eps": 0.0, "sorted": True})
    return np.sqrt(squared), np.asarray(places, np.int32)


def plainness(copy: WorkingCopy, trimap: Trimap) -> F32:
    """Measure 1 where the sure background around has one colour, to 0 where it is clutter or far: (h, w).

    Clutter holds every colour, so that none of them proves anything.
    """
    quarter = cv2.resize(copy.picture, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(quarter, cv2.COLOR_RGB2LAB).astype(np.float32)
    sigma = 0.5 * copy.eye_px / 4
    size = (lab.shape[1], lab.shape[0])
    background = cv2.resize(trimap.background.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.99
    weight = background.astype(np.float32)

    def spread(values: F32) -> F32:
        return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma), np.float32)

    share = spread(weight) + 1e-4
    mean = spread(lab * weight[..., None]) / share[..., None]
    variance: F32 = spread(lab * lab * weight[..., None]) / share[..., None] - mean * mean
    deviation = np.sqrt(np.maximum(variance, 0) * np.array([0.25, 1, 1], np.float32)).sum(2)
    plain = np.exp(-((deviation / _CLUTTER) ** 2)) * (share > 2e-3)
    return np.asarray(cv2.resize(plain.astype(np.float32), copy.size, interpolation=cv2.INTER_LINEAR), np.float32)
