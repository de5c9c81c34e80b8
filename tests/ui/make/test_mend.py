"""A click on the picture that says what belongs to the person in the cut-out."""

from __future__ import annotations

import numpy as np
import pytest

from headshot.direction.direct import direct
from headshot.direction.places import MOST_PLACES, read_places
from headshot.errors import UserError
from headshot.studio.session import Sitting
from headshot.ui.make.session import MakeSession
from tests import SHARED


@pytest.fixture(scope="module")
def session() -> MakeSession:
    path = SHARED / "data" / "people" / "azhat.jpg"
    if not path.is_file():
        pytest.skip("the shared photos of people are not here (HEADSHOT_SHARED)")
    return MakeSession(Sitting.open(path))


@pytest.mark.sweep
@pytest.mark.data
def test_a_click_is_a_picture_of_its_own_that_can_be_taken_back(session: MakeSession) -> None:
    first = session.draw(direct())
    made = session.mend(0.02, 0.9, "cutout.keep")  # the wall beside her shoulder
    again = session.mend(0.95, 0.4, "cutout.keep")
    assert len(read_places(made.direction.cutout.keep)) == 1 and len(read_places(again.direction.cutout.keep)) == 2
    before, after = (session.sitting.canvas(one.direction, 300).matte for one in (first, made))
    assert after[240:, :8].mean() > before[240:, :8].mean() + 0.3
    assert [step.what for step in session.history.strip][1:] == [
        "Yours in the cut-out: 1 place",
        "Yours in the cut-out: 2 places",
    ]
    healed = session.mend(0.5, 0.9, "retouch.heal")
    assert healed.direction.cutout == again.direction.cutout and (healed.picture != again.picture).any()
    assert session.draw(direct("speaker")).direction.retouch.heal == healed.direction.retouch.heal
    session.history.go(session.history.strip[2].number)
    session.keep(again, back=True)
    # What the controls say keeps the clicks, also with another look; the way back takes them along.
    assert session.draw(direct("speaker")).direction.cutout == again.direction.cutout
    session.history.go(session.history.strip[0].number)
    session.keep(first, back=True)
    assert np.array_equal(session.draw(direct()).picture, first.picture)


@pytest.mark.sweep
@pytest.mark.data
def test_what_cannot_be_mended_is_one_sentence(session: MakeSession) -> None:
    session.draw(direct())
    for at, said in (((-0.2, 0.5), "ends before"), ((0.5, 7.0), "ends before")):
        with pytest.raises(UserError, match=said):
            session.mend(*at, "cutout.drop")
    for _ in range(MOST_PLACES):
        session.mend(0.02, 0.98, "retouch.heal")
    with pytest.raises(UserError, match=f"takes {MOST_PLACES}"):
        session.mend(0.02, 0.98, "retouch.heal")
    with pytest.raises(UserError, match="mended by clicks"):
        MakeSession(session.sitting).mend(0.5, 0.5, "cutout.keep")
