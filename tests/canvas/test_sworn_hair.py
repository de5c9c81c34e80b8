"""Hair or a hat of the colour of what is behind: it stays where every network is sure."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from headshot.canvas.cutout.colour_evidence import take_back
from headshot.canvas.cutout.logits import logit, sigmoid
from headshot.canvas.cutout.trimap import Trimap
from headshot.canvas.cutout.working_copy import working_copy
from headshot.types import F32
from tests.canvas.test_cutout import found_in, known, small

SAND = (205, 190, 168)


@pytest.mark.data
@pytest.mark.parametrize(("said", "stays"), [(1.0, True), (0.9, False)])
def test_rough_hair_of_the_walls_colour_stays_where_all_are_sure(said: float, stays: bool) -> None:
    """Dark curls whose right half, out to the edge, is lit to the wall's colour, five times as rough as the wall."""
    kept, place = kept_of_lit(said, rough=5, wall=1)
    assert place > 0.1 and kept.size > 300
    assert (kept == 1).mean() > 0.95 if stays else (kept == 1).mean() < 0.3


@pytest.mark.data
@pytest.mark.parametrize(
    ("said", "wide", "wall", "stays"),
    [(0.97, 9.0, 4, True), (0.9, 9.0, 4, False), (0.97, 0.15, 4, False), (0.97, 9.0, 1, False)],
)
def test_a_large_piece_stays_before_clutter(said: float, wide: float, wall: float, stays: bool) -> None:
    """A hat of the street's colour; what is as small as a gap between curls goes, and a plain wall's colour."""
    kept, place = kept_of_lit(said, rough=1, wall=wall, wide=wide)
    assert (place > 0.1) == (wide > 1)
    assert (kept == 1).mean() > 0.95 if stays else (kept == 1).mean() < 0.3


def kept_of_lit(said: float, rough: float, wall: float, wide: float = 9.0) -> tuple[F32, float]:
    """What becomes of the edge of curls that is lit to the wall's colour, `wide` eye distances of it; and its area.

    `said`: by every network; `rough`, `wall`: grain of that edge and of the wall, code values. The area is in square
    eye distances.
    """
    copy = working_copy(*found_in("d8 on wall"))
    true = (small(copy, known()["d8 on wall"]) > 0.5).astype(np.uint8)
    rng = np.random.default_rng(4)
    depth = cv2.distanceTransform(true, cv2.DIST_L2, 3)
    middle = float(copy.marks[10, 0])
    across = np.arange(true.shape[1])[None, :] - middle
    right = (across > 0) & (across < wide * copy.eye_px)
    lit = (true > 0) & right & (depth < 0.24 * copy.eye_px) & (copy.rows < copy.marks[10, 1]) & (copy.head == 0)
    grain = np.where(lit, rough, 3)[..., None] * rng.normal(0, 1, true.shape)[..., None]
    own = np.where(lit[..., None], SAND, (50, 40, 34)) + grain
    behind = np.array(SAND) + wall * rng.normal(0, 1, (*true.shape, 1))
    picture = np.where(true[..., None] > 0, own, behind).clip(0, 255).round().astype(np.uint8)
    copy = replace(copy, picture=picture)
    outside = cv2.dilate(true, copy.disc(0.05)) == 0
    known_now = np.where(true > 0, 1.0, np.where(outside, 0.0, 0.5)).astype(np.float32)
    trimap = Trimap(known_now, copy.head_core(true.astype(np.float32)), copy.hair_zone >= 0.5)
    agreed = sigmoid(logit(np.full(true.shape, said, np.float32)))  # as the networks' answers are joined
    return take_back(copy, trimap, agreed).known[lit], float(lit.sum()) / copy.eye_px**2
