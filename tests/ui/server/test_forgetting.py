"""Nothing of a visitor is left once they are gone: objects and data URLs are counted, in this process."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from headshot.errors import PhotoError
from headshot.photo.faces import find_faces
from headshot.studio.history import History
from headshot.studio.packed_cutout import PackedCutout
from headshot.studio.session import Sitting
from headshot.types import Headshot, Photo, Subject
from headshot.ui import session_state
from headshot.ui.judge.session import JudgeSession
from headshot.ui.make.session import MakeSession
from headshot.ui.server import visitors
from headshot.ui.server.pictures import Pictures
from tests import ROOT
from tests.fixtures.browser import LIMIT, READY, Visits, give
from tests.fixtures.served import Served, picture, serving
from tests.fixtures.shared_photos import first, photo_path, sitting

META = {"_type": "gradio.FileData"}
FIRST = """
import gc, sys
from headshot.studio import MakeRequest, Sitting, make
from headshot.studio.examples import first_example
from headshot.types import Headshot, Photo, Subject
job = make(MakeRequest(photo=first_example().read(), settings={}))
with job:
    assert job.reports[0].findings
del job
gc.collect()
held = [type(one).__name__ for one in gc.get_objects() if isinstance(one, (Headshot, Photo, Subject, Sitting))]
frames = [f.f_code.co_name for f in gc.get_objects() if type(f).__name__ == "frame" and f.f_code.co_name != "<module>"]
print(held + frames)
"""
KINDS = (Photo, Subject, Sitting, Headshot, MakeSession, JudgeSession, History, Pictures)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    find_faces(np.zeros((64, 64, 3), np.uint8))  # what loads a library at its first use has done so
    with serving(tmp_path_factory.mktemp("served")) as app:
        yield app


_made: list[weakref.ref[Any]] = []


@pytest.fixture(scope="module", autouse=True)
def _noted() -> Iterator[None]:
    """Each object of these kinds is noted when it is made."""

    def noting(made: Callable[..., None]) -> Callable[..., None]:
        def init(self: Any, *given: Any, **named: Any) -> None:
            made(self, *given, **named)
            _made.append(weakref.ref(self))

        return init

    with pytest.MonkeyPatch.context() as patch:
        for kind in KINDS:
            patch.setattr(kind, "__init__", noting(kind.__init__))
        yield
    _made.clear()


def alive() -> set[int]:
    """The noted objects that hold a photo, or something made of one."""
    gc.collect()
    return {id(one) for noted in _made if (one := noted()) is not None}


def shown(served: Served) -> int:
    """Data URLs of photos and pictures in all tables of Gradio that have something under a session's key."""
    page = served.page
    queue = page._queue
    waiting = [list(q._queue) for q in queue.pending_messages_per_session.values()]
    own = [
        vars(block)
        for session in list(served.sessions.values())
        for key, block in session.blocks_config.blocks.items()
        if block is not page.default_config.blocks.get(key)  # a component that was changed for this visitor
    ]
    assert not any(session.config_values for session in list(served.sessions.values()))
    return _urls(own) + _urls(waiting) + _urls(page.pending_diff_streams)


def _urls(table: object) -> int:
    return str(table).count("data:image/jpeg")


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + LIMIT
    while not what():
        assert time.monotonic() < end
        time.sleep(0.25)  # each look collects what is unreachable, which costs more than the wait


def nothing_left(served: Served, monkeypatch: pytest.MonkeyPatch, seconds: float, before: set[int]) -> None:
    """After so much time nothing is alive that was not `before`: what was under way goes at a sweep soon after."""

    def swept() -> bool:
        idle(served, monkeypatch, seconds)
        return not alive() - before

    until(swept)


def sent(served: Served, name: str) -> dict[str, Any]:
    return {"path": served.upload(photo_path(name).read_bytes(), name="me.jpg")[0], "meta": META}


def look_in(served: Served, session: str) -> None:
    """A picture on "Judge", and no more."""
    put = served.function("receive", "j-original")
    field = {"path": served.upload(picture())[0], "meta": META}
    assert served.ask(put._id, served.values(put, j_original=field), session)[-1]["success"]


def use(served: Served, session: str) -> None:
    """A photo and its first picture on "Make", a pair on "Judge"."""
    receive = served.function("receive", "photo")
    assert served.ask(receive._id, served.values(receive, photo=sent(served, "coleman_1.jpg")), session)[-1]["success"]
    live = served.function("live")
    assert served.ask(live._id, served.values(live), session)[-1]["success"]
    for field in ("j-original", "j-other"):
        put = served.function("receive", field)
        values = served.values(put, **{field.replace("-", "_"): sent(served, "coleman_2.jpg")})
        assert served.ask(put._id, values, session)[-1]["success"]


def idle(served: Served, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """So much time passes."""
    with monkeypatch.context() as later:
        later.setattr(visitors, "monotonic", lambda: time.monotonic() + seconds)
        served.page.app.state_holder.sweep()
    served.page.app.state_holder._closing.submit(int).result()


@pytest.mark.parametrize("visitors_here", first([12, 60]))
@pytest.mark.data
def test_after_the_time_without_use_nothing_is_left(
    served: Served, monkeypatch: pytest.MonkeyPatch, visitors_here: int
) -> None:
    before = alive()
    holder = served.page.app.state_holder
    here = ["one", *(f"visitor {i}" for i in range(visitors_here - 1))]
    for session in here:
        holder.page_opened(session)
        (use if session == "one" else look_in)(served, session)
    assert len(alive() - before) >= 2 * len(here)
    assert shown(served) == 0  # Gradio itself keeps nothing, not even while they are here
    idle(served, monkeypatch, session_state.KEEP_SECONDS / 2)  # a slow machine took long for them
    assert set(here) <= set(served.sessions)
    nothing_left(served, monkeypatch, session_state.KEEP_SECONDS + 1, before)
    assert shown(served) == 0
    # The page is still open: the next thing that is asked of it works, and says that there is no photo.
    live = served.function("live")
    assert served.ask(live._id, served.values(live), "one")[-1]["success"]
    for session in here:
        holder.page_closed(session)


@pytest.mark.sweep
def test_what_loads_at_its_first_use_keeps_no_photo_of_it() -> None:
    """In a process of its own: a library that keeps an exception of its import keeps the frames that asked for it."""
    run = subprocess.run([sys.executable, "-c", FIRST], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0 and run.stdout.split()[-1] == "[]", run.stdout + run.stderr


@pytest.mark.sweep
@pytest.mark.data
def test_a_page_that_lost_its_connection_may_come_back(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    holder, before = served.page.app.state_holder, alive()
    holder.page_opened("lost")
    use(served, "lost")
    (made,) = [v for v in served.sessions["lost"].state_data.values() if isinstance(v, MakeSession)]
    assert len(made.sitting._stages) and made.last is not None
    idle(served, monkeypatch, visitors.REST + 1)  # what is soon made again goes before all of it does
    assert not len(made.sitting._stages) and isinstance(made.sitting._cut[1], PackedCutout)
    assert made.last is made.candidates[0] and not made.last.canvas.regions
    del made
    assert served.ask(served.function("live")._id, served.values(served.function("live")), "lost")[-1]["success"]
    holder.page_closed("lost")
    idle(served, monkeypatch, visitors.GRACE / 2)
    assert "lost" in served.sessions
    holder.page_opened("lost")
    idle(served, monkeypatch, visitors.GRACE * 2)
    assert "lost" in served.sessions
    holder.page_closed("lost")
    nothing_left(served, monkeypatch, visitors.GRACE * 2, before)
    assert "lost" not in served.sessions


@pytest.mark.data
def test_made_up_sessions_are_few_and_drive_no_visitor_out(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    holder, before = served.page.app.state_holder, alive()
    monkeypatch.setattr(holder, "capacity", 5)
    use(served, "visitor")
    for number in range(20):
        served.ask(served.function("emptied")._id, [False, None], f"made-up-{number}")
    assert len(served.sessions) <= 5 and "visitor" in served.sessions

    def gone() -> bool:
        idle(served, monkeypatch, visitors.GRACE + 1)  # nobody has a page open, and every answer was fetched
        return not served.sessions

    until(gone)
    nothing_left(served, monkeypatch, 2 * visitors.GRACE, before)


@pytest.mark.browser
@pytest.mark.data
def test_a_closed_tab_is_forgotten(served: Served, visit: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "GRACE", 0.5)
    before, sessions = alive(), set(served.sessions)
    page = visit(served.url)
    give(page, "coleman_1.jpg")
    page.wait_for_selector(READY)
    page.wait_for_selector("#history .tile")
    assert alive() - before and set(served.sessions) - sessions
    page.close()
    until(lambda: not set(served.sessions) - sessions)
    served.page.app.state_holder._closing.submit(int).result()
    until(lambda: not alive() - before)  # a picture that was under way when the tab was closed
    assert shown(served) == 0


@pytest.mark.data
def test_a_closed_sitting_holds_neither_photo_nor_subject() -> None:
    one = Sitting(sitting("coleman_1.jpg").photo, sitting("coleman_1.jpg").subject)
    one.close()
    assert not any(isinstance(held, Photo | Subject) for held in gc.get_referents(one.__dict__))
    with pytest.raises(PhotoError, match="forgotten"):
        one.photo  # noqa: B018
