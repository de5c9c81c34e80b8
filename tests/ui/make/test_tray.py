"""The tray never loses: above its memory each picture is made again from its recipe, equal to the byte."""

from __future__ import annotations

import random
from contextlib import suppress

import numpy as np
import pytest

from headshot.direction.direct import direct
from headshot.direction.presets import load_presets
from headshot.errors import UserError
from headshot.studio.history import History
from headshot.studio.light_result import bytes_of
from headshot.studio.session import Sitting
from headshot.ui.make.session import MakeSession
from tests.fixtures.shared_photos import photo_path

pytestmark = [pytest.mark.data, pytest.mark.sweep]
MANY = 60
MEMORY = 8 * 2**20  # bytes: about two pictures at full preview size


def test_every_picture_of_a_long_session_comes_back_as_it_was() -> None:
    session, dice = MakeSession(Sitting.open(photo_path("coleman_1.jpg"))), random.Random(15)
    session.history = History(memory=MEMORY)
    session.draw(direct("linkedin"))
    made = {}
    for _ in range(MANY):
        if dice.random() < 0.15:
            place = 0.3 + 0.4 * dice.random(), 0.1 + 0.4 * dice.random()
            with suppress(UserError):  # a picture takes eight places of a kind
                session.mend(*place, dice.choice(("cutout.keep", "cutout.drop", "retouch.heal")))
        else:
            settings = {
                "light.warmth": round(dice.uniform(-1, 1), 2),
                "light.exposure": round(dice.uniform(-0.5, 0.5), 2),
                "crop.head_height": round(dice.uniform(0.4, 0.6), 2),
                "crop.aspect": dice.choice(("1:1", "4:5")),
            }
            session.draw(direct(dice.choice(list(load_presets())), overrides=settings))
        step = session.history.now
        assert step is not None
        made[step.number] = step.result.picture.copy()
    steps = {s.number: s for s in session.history.strip}
    assert set(made) <= set(steps) and sum(s.small for s in steps.values()) > 0.8 * len(made)
    assert sum(bytes_of(s.result) for s in steps.values()) < MEMORY + MANY * 150_000
    for number in dice.sample(sorted(made), len(made)):
        again = session.picture_of(session.history.go(number))
        session.keep(again, back=True)
        assert np.array_equal(again.picture, made[number]), steps[number].what
    assert set(made) <= {s.number for s in session.history.strip}
