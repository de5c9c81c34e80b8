"""Fair hair in the light before a sandy wall has its colour, and stays where every network is as sure as can be."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from headshot.canvas.cutout.colour_evidence import take_back
from headshot.canvas.cutout.logits import logit, sigmoid
from headshot.canvas.cutout.trimap import Trimap
from headshot.canvas.cutout.working_copy import working_copy
from tests.canvas.test_cutout import found_in, known, small

SAND = (205, 190, 168)


@pytest.mark.data
@pytest.mark.parametrize(("said", "stays"), [(1.0, True), (0.9, False)])
def test_rough_hair_of_the_walls_colour_stays_where_all_are_sure(said: float, stays: bool) -> None:
    """Dark curls whose right half, out to the edge, is lit to the wall's colour, five times as rough as the wall."""
    copy = working_copy(*found_in("d8 on wall"))
    true = (small(copy, known()["d8 on wall"]) > 0.5).astype(np.uint8)
    rng = np.random.default_rng(4)
    depth = cv2.distanceTransform(true, cv2.DIST_L2, 3)
    middle = float(copy.marks[10, 0])
    right = np.arange(true.shape[1])[None, :] > middle
    lit = (true > 0) & right & (depth < 0.24 * copy.eye_px) & (copy.rows < copy.marks[10, 1]) & (copy.head == 0)
    own = (
        np.where(lit[..., None], SAND, (50, 40, 34))
        + np.where(lit, 5, 3)[..., None] * rng.normal(0, 1, true.shape)[..., None]
    )
    wall = np.array(SAND) + rng.normal(0, 1, (*true.shape, 1))
    picture = np.where(true[..., None] > 0, own, wall).clip(0, 255).round().astype(np.uint8)
    copy = replace(copy, picture=picture)
    outside = cv2.dilate(true, copy.disc(0.05)) == 0
    known_now = np.where(true > 0, 1.0, np.where(outside, 0.0, 0.5)).astype(np.float32)
    trimap = Trimap(known_now, copy.head_core(true.astype(np.float32)), copy.hair_zone >= 0.5)
    agreed = sigmoid(logit(np.full(true.shape, said, np.float32)))  # as the networks' answers are joined
    kept = take_back(copy, trimap, agreed).known[lit]
    assert lit.sum() > 300
    assert (kept == 1).mean() > 0.95 if stays else (kept == 1).mean() < 0.3
