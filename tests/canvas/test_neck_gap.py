"""Between neck and hair the background is seen through a gap; in a collar or a helmet's ring it is not."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from headshot.canvas.cutout import neck_gap
from headshot.canvas.cutout.trimap import Trimap
from headshot.canvas.cutout.witnesses import Witnesses
from headshot.imaging.landmarks import NOSE_BASE
from headshot.types import F32
from tests.canvas.test_cutout_pieces import copy_of

SKIN, HAIR, WALL, STREET = (150, 90, 70), (30, 25, 25), (215, 190, 130), (40, 60, 35)
GAP = np.s_[125:165, 110:128]


class Told(NamedTuple):
    """What came out: the trimap's values and the probability by the networks, (240, 220) each."""

    known: F32
    person: F32


def told(
    over: tuple[int, int, int],
    inside: tuple[int, int, int],
    said: float,
) -> Told:
    """A bare neck with something `over` a gap beside it, of the colour `inside`; the networks have `said` person."""
    picture = np.full((240, 220, 3), STREET, np.uint8)
    probability, known = np.full(picture.shape[:2], 0.02, np.float32), np.zeros(picture.shape[:2], np.float32)
    places = {"over": np.s_[40:125, 110:150], "neck": np.s_[60:230, 60:110], "shoulder": np.s_[165:230, 60:200]}
    for name, place in places.items():
        if name == "over" and over == STREET:
            continue
        picture[place] = over if name == "over" else SKIN
        probability[place], known[place] = 0.98, 1
    picture[GAP], probability[GAP], known[GAP] = inside, said, 0.5
    beside = np.s_[125:165, 128:140]  # of the street, and half filled by the networks
    probability[beside], known[beside] = 0.7, 0.5
    copy = copy_of(np.zeros(known.shape, np.uint8))
    copy.picture[:] = picture
    copy.marks[NOSE_BASE, 1] = 100
    copy.is_skin[:] = np.abs(picture.astype(int) - SKIN).max(2) < 5
    trimap = Trimap(known.copy(), copy.face, np.zeros(known.shape, bool))
    witnesses = Witnesses(probability, probability, np.full_like(probability, 0.98))
    made, person = neck_gap.without_neck_gap(copy, trimap, witnesses, probability)
    return Told(made.known, person)


def test_a_gap_under_hair_beside_the_bare_neck_opens() -> None:
    found = told(HAIR, WALL, 0.85)
    assert (found.known[128:162, 112:126] == 0).all()
    assert (found.known[150:220, 70:100] == 1).all()
    assert found.person[145, 134] < 0.35  # beside it the networks filled too
    assert found.person[60, 134] == found.person[200, 80] == np.float32(0.98)


def test_a_ring_a_lock_and_what_the_networks_are_sure_of_stay() -> None:
    for over, inside, said in ((STREET, WALL, 0.85), (HAIR, HAIR, 0.85), (HAIR, WALL, 0.97)):
        found = told(over, inside, said)
        assert (found.known[GAP] == 0.5).all()
        assert found.person[145, 134] == np.float32(0.7)


def test_a_piece_larger_than_a_gap_can_be_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as the raised shoulder of somebody who leans."""
    monkeypatch.setattr(neck_gap, "_MOST", 0.2)
    assert (told(HAIR, WALL, 0.85).known[GAP] == 0.5).all()
