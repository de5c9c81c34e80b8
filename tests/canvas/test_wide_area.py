"""Wide unknown areas of the body have a calm outline; hair and narrow edges are left to the solver."""

from __future__ import annotations

import numpy as np

from headshot.canvas.cutout.trimap import Trimap
from headshot.canvas.cutout.wide_area import calmed, wide_of_body
from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.imaging.landmarks import NOSE_BASE
from tests.canvas.test_cutout_pieces import copy_of

CLOTH, HAIR = (230, 230, 225), (40, 30, 25)


def beside(colour: tuple[int, int, int], zone: float) -> tuple[WorkingCopy, Trimap]:
    """Dark hair above the nose's base, `colour` below it, and 60 px unknown at its side (60 between the eyes)."""
    known = np.zeros((260, 260), np.float32)
    known[:, :120], known[100:, 120:180] = 1, 0.5
    copy = copy_of(np.zeros(known.shape, np.uint8))
    copy.marks[NOSE_BASE, 1] = 100  # the chin is at 140
    copy.picture[:100], copy.picture[100:] = HAIR, colour
    copy.hair_zone[:] = zone
    copy.hair_zone[:100] = 1
    return copy, Trimap(known, copy.face, np.zeros(known.shape, bool))


def test_above_the_chin_an_area_is_cloth_where_no_hair_is_beside_it_or_off_the_hair() -> None:
    cloth = wide_of_body(*beside(CLOTH, 1.0))
    hair = wide_of_body(*beside(HAIR, 1.0))
    sleeve = wide_of_body(*beside(HAIR, 0.2))
    above, below = np.s_[112:126, 140:165], np.s_[156:, 140:165]
    assert cloth[above].min() == sleeve[above].min() == 1 and hair[above].max() == 0
    assert min(one[below].min() for one in (cloth, hair, sleeve)) == 1
    assert max(one[:100].max() for one in (cloth, hair, sleeve)) == 0


def test_a_mottled_area_becomes_even_and_its_outline_firm() -> None:
    copy, trimap = beside(CLOTH, 1.0)
    noise = np.random.default_rng(2).uniform(-0.25, 0.25, trimap.known.shape)
    slope = np.clip(0.9 - (np.arange(260) - 120) / 75, 0.1, 0.9)[None, :]
    likely = np.where(trimap.unknown, (slope + noise).clip(0, 1), trimap.known).astype(np.float32)
    wide = wide_of_body(copy, trimap)
    made = calmed(copy, trimap, likely, wide)
    there = np.s_[170:240, 120:180]
    assert np.abs(np.diff(made[there], axis=0)).mean() < 0.2 * np.abs(np.diff(likely[there], axis=0)).mean()
    assert made[there][:, :15].min() > 0.8 and made[there][:, 45:].max() < 0.2
    assert (made[wide == 0] == likely[wide == 0]).all()
    narrow = trimap._replace(known=np.where(np.arange(260)[None, :] > 132, 0, trimap.known).astype(np.float32))
    assert wide_of_body(copy, narrow).max() == 0
    assert calmed(copy, narrow, likely, np.zeros_like(wide)) is likely
