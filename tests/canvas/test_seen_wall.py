"""What plainly is the wall goes off a matte that reaches too far; hair of the wall's colour stays."""

from __future__ import annotations

import functools
from dataclasses import replace

import cv2
import numpy as np
import pytest

from headshot.canvas.cutout.own_colours import own_colours
from headshot.canvas.cutout.seen_wall import own_share, without_seen_wall
from headshot.canvas.cutout.working_copy import WorkingCopy, working_copy
from headshot.imaging.landmarks import NOSE_TIP
from headshot.types import F32
from tests.canvas.test_cutout import found_in, known, small

BLUE, DARK, PALE = (120, 150, 190), (44, 38, 34), (225, 225, 228)
HAIR, SKIN = (46, 36, 30), (205, 160, 135)


@functools.cache
def drawn(wall: tuple[int, int, int]) -> tuple[WorkingCopy, F32]:
    """A person's outline in plain colours: dark hair down to the brow, skin below, an even wall; and its true matte."""
    copy = working_copy(*found_in("d8 on wall"))
    true = small(copy, known()["d8 on wall"])
    own = np.where((copy.rows < brow(copy))[..., None], HAIR, SKIN) * np.ones((*true.shape, 1))
    noise = np.random.default_rng(5).normal(0, 2, (*true.shape, 3))
    picture = own * true[..., None] + np.array(wall) * (1 - true[..., None]) + noise
    return replace(copy, picture=picture.clip(0, 255).round().astype(np.uint8)), true


def brow(copy: WorkingCopy) -> float:
    return float(copy.marks[[105, 334], 1].min())


@pytest.mark.data
@pytest.mark.parametrize("wall", [BLUE, DARK])
def test_a_rim_of_wall_beside_bare_skin_goes_and_skin_stays(wall: tuple[int, int, int]) -> None:
    copy, true = drawn(wall)
    too_far = cv2.dilate(true, copy.disc(0.06))  # as an answer of few pixels may be
    found = without_seen_wall(copy, too_far)
    below = (copy.rows > copy.marks[NOSE_TIP, 1]) & (copy.rows < copy.chin)
    rim = below & (true < 0.02) & (too_far > 0.98)
    assert rim.sum() > 50
    assert found[rim].mean() < 0.3
    assert (1 - found[below & (true > 0.98)]).mean() < 0.01


@pytest.mark.data
def test_dark_hair_before_a_dark_wall_is_not_taken_for_it() -> None:
    copy, true = drawn(DARK)
    above = np.broadcast_to(copy.rows < brow(copy) + 0.15 * copy.eye_px, true.shape)
    assert above.sum() > 5000
    assert np.abs(without_seen_wall(copy, true) - true)[above].max() < 0.1


@pytest.mark.data
def test_shadows_deep_in_fair_hair_are_not_a_dark_wall() -> None:
    copy, true = drawn(DARK)
    depth = cv2.distanceTransform((true > 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    hair = (true > 0.98) & (copy.rows < brow(copy)) & (copy.face == 0)
    shadow = hair & (depth > 0.18 * copy.eye_px) & (depth < 0.26 * copy.eye_px)
    shadow &= (np.arange(true.shape[1]) // 3 % 12 == 0)[None, :]  # here and there
    picture = copy.picture.copy()
    picture[hair] = (190, 160, 110)
    picture[shadow] = DARK
    assert shadow.sum() > 40
    assert without_seen_wall(replace(copy, picture=picture), true)[shadow].min() > 0.98


@pytest.mark.data
def test_a_rim_that_is_half_wall_gets_the_colour_of_the_skin_beside_it() -> None:
    """Pale specks along a jaw: pixels that are the person's by the matte and half of a pale wall's colour."""
    copy, true = drawn(PALE)
    matte = (true > 0.3).astype(np.float32)
    rim = (true > 0.35) & (true < 0.75) & (copy.rows > copy.marks[NOSE_TIP, 1]) & (copy.rows < copy.chin)
    share = own_share(copy, matte)
    assert rim.sum() > 50 and (share <= matte).all()
    was, now = (own_colours(copy.picture, matte, part)[rim].mean(0) for part in (matte, share))
    assert np.abs(was - SKIN).mean() > 25 and np.abs(now - SKIN).mean() < 10
    inside = cv2.erode(true, copy.disc(0.12)) > 0.98
    assert np.array_equal(share[inside], matte[inside])


@pytest.mark.data
def test_dark_hair_before_a_dark_wall_keeps_its_own_colour() -> None:
    copy, true = drawn(DARK)
    above = np.broadcast_to(copy.rows < brow(copy) + 0.15 * copy.eye_px, true.shape)
    assert np.abs(own_share(copy, true) - true)[above].max() < 0.1
