"""What the colours of an unknown pixel tell: hair, wall, or neither."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from headshot.canvas.cutout.colour_evidence import evidence
from headshot.canvas.cutout.colour_seeds import plainness
from headshot.canvas.cutout.trimap import Trimap
from headshot.canvas.cutout.working_copy import working_copy
from tests.canvas.test_cutout import found_in, known, small

WALL, HAIR, FRILL = (176, 166, 148), (50, 40, 34), (240, 238, 232)


@pytest.mark.data
@pytest.mark.parametrize(
    ("colour", "clutter", "least", "most"),
    [(WALL, 0, -8, -2), (HAIR, 0, 0, 8), (FRILL, 0, -0.5, 8), (FRILL, 60, -8, -0.01)],
    ids=["wall", "hair", "frill", "frill before clutter"],
)
def test_what_has_neither_colour_is_no_wall_where_the_wall_is_plain(
    colour: tuple[int, int, int], clutter: int, least: float, most: float
) -> None:
    copy = working_copy(*found_in("d8 on wall"))
    true = (small(copy, known()["d8 on wall"]) > 0.5).astype(np.uint8)
    rng = np.random.default_rng(2)
    away = cv2.distanceTransform(1 - true, cv2.DIST_L2, 3)
    band = (away > 0) & (away < 0.25 * copy.eye_px) & (copy.rows < copy.marks[10, 1])
    blocks = cv2.resize(rng.uniform(-clutter, clutter, (12, 12, 3)), copy.size, interpolation=cv2.INTER_CUBIC)
    picture = np.where(true[..., None] > 0, HAIR, np.array(WALL) + blocks)
    picture[band] = colour
    picture = (picture + rng.normal(0, 1.5, (*true.shape, 1))).clip(0, 255).round().astype(np.uint8)
    copy = replace(copy, picture=picture)
    sure = np.where(true > 0, 1.0, np.where(band, 0.5, 0.0)).astype(np.float32)
    trimap = Trimap(sure, copy.head_core(true.astype(np.float32)), copy.hair_zone >= 0.5)
    told = evidence(copy, trimap, band, plainness(copy, trimap))
    assert told is not None
    assert least <= np.median(told.person) <= most
