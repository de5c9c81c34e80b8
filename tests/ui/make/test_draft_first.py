"""Draft first: a draft by itself after a pause, the newest wish wins, and what a drag wastes, in UNet calls."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from headshot.direction.direct import direct
from headshot.engines import get_engine
from headshot.studio.session import Sitting
from headshot.types import Direction, Headshot, Preview
from headshot.ui.make import draft, painting
from headshot.ui.make.session import MakeSession
from tests.fixtures.shared_photos import sitting

ENGINE = "faceid-sd15"
pytestmark = [pytest.mark.data, pytest.mark.usefixtures("tiny_engine")]


@pytest.fixture
def session() -> Iterator[MakeSession]:
    one = sitting("coleman_1.jpg")
    session = MakeSession(Sitting(one.photo, one.subject))
    yield session
    session.close()


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one with each call of a UNet."""
    from diffusers import UNet2DConditionModel

    made: list[int] = []
    inner = UNet2DConditionModel.forward
    monkeypatch.setattr(
        UNet2DConditionModel, "forward", lambda self, x, *a, **k: (made.append(1), inner(self, x, *a, **k))[1]
    )
    return made


def wish(identity: float = 0.8) -> Direction:
    return direct("linkedin", engine=ENGINE, change=1.0, overrides={"generate.identity": identity})


def moved(session: MakeSession, direction: Direction) -> int:
    """What the page does when a control moves on a generator's rung; the turn."""
    turn = session.begin()
    session.wanted = direction, ENGINE
    return turn


def takes(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.setattr(type(get_engine(ENGINE)), "estimate", lambda self, d: (seconds, "cpu"))


def test_a_draft_comes_by_itself_where_it_is_quick_and_only_there(
    session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft, "PAUSE", 0.0)
    session.draw(replace(wish(), change=0.2))
    for seconds, comes in ((9.0, True), (11.0, False)):
        takes(monkeypatch, seconds)
        found = painting.awaited(session, moved(session, wish()))
        assert (found is not None) == comes
    takes(monkeypatch, 1.0)
    monkeypatch.setattr(draft, "on_zero_gpu", lambda: True)
    assert painting.awaited(session, moved(session, wish())) is None, "seconds of a lent GPU are asked for by a click"


@pytest.mark.sweep
def test_the_old_picture_stays_marked_until_its_wish_is_painted(
    session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    takes(monkeypatch, 1.0)
    monkeypatch.setattr(draft, "PAUSE", 0.0)
    own = session.draw(replace(wish(), change=0.2))
    assert not session.older, "own pixels are what was asked for"
    turn = moved(session, wish())
    assert session.older and session.last is own, "the old picture stays"
    wanted = painting.awaited(session, turn)
    assert wanted is not None and wanted[0].generate.mode == "draft" and wanted[0].generate.candidates == 1
    assert wish().generate.mode == "full", "the final waits for its click"
    pictures = [item for item in session.paint(*wanted, drag=True) if isinstance(item, Headshot)]
    assert len(pictures) == 1 and not session.older
    assert painting.awaited(session, moved(session, wish())) is None, "its picture is there"
    moved(session, wish(0.3))
    assert session.older


@pytest.mark.sweep
def test_a_drag_of_20_events_wastes_at_most_two_forwards(
    session: MakeSession, calls: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It begins while a draft is being painted; of its events only the last paints, once it has rested."""
    takes(monkeypatch, 1.0)
    monkeypatch.setattr(draft, "PAUSE", 600.0)  # no event rests for so long: each is ended by the next
    under_way = session.paint(draft.as_draft(wish()), ENGINE, drag=True)
    assert any(isinstance(item, Preview) and item.step == 1 for item in under_way)
    calls.clear()
    found: list[object] = []
    waiting: list[threading.Thread] = []
    for n in range(20):
        turn = moved(session, wish(0.5 + n / 100))
        if n < 19:
            waiting.append(threading.Thread(target=lambda t=turn: found.append(painting.awaited(session, t))))
            waiting[-1].start()
    for thread in waiting:
        thread.join()
    assert found == [None] * 19, "each was overtaken while it waited"
    assert list(under_way) == [], "and so was the draft that was being painted"
    wasted = len(calls)
    monkeypatch.setattr(draft, "PAUSE", 0.0)
    wanted = painting.awaited(session, turn)
    assert wanted is not None and wanted[0].generate.identity == 0.69, "the newest wins"
    calls.clear()
    pictures = [item for item in session.paint(*wanted, drag=True) if isinstance(item, Headshot)]
    needed = 4 if get_engine(ENGINE).load().run(wanted[0].generate).speed else 10
    assert len(pictures) == 1 and len(calls) == needed
    assert wasted <= 2
