"""Uploads that are read: what is read for a visitor who has left ends, and one who was refused a moment ago waits."""

from __future__ import annotations

import threading
import time
from typing import Any

import httpx
import pytest

from headshot.errors import UserError
from headshot.files import opened_photo
from headshot.files.asker import asker
from headshot.ui.server import waiting
from tests.fixtures.browser import LIMIT
from tests.fixtures.served import Served, picture


def until(what: Any) -> None:
    end = time.monotonic() + LIMIT
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


def begin(served: Served, session: str, photo: bytes) -> None:
    receive = served.function("receive", "j-original")
    field = {"path": served.upload(photo)[0], "meta": {"_type": "gradio.FileData"}}
    assert served.begin(receive._id, served.values(receive, j_original=field), session).status_code == 200


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> dict[str, threading.Event]:
    """Files are read until their visitor has left; the events are set when it begins and when it ends."""
    events = {"begun": threading.Event(), "ended": threading.Event()}

    def read(data: bytes) -> Any:
        events["begun"].set()
        one, end = asker(), time.monotonic() + LIMIT
        while time.monotonic() < end:
            try:
                one.go_on(None)
            except UserError:
                events["ended"].set()
                raise
            time.sleep(0.02)
        raise AssertionError("nobody left")

    monkeypatch.setattr(opened_photo, "_reader", read)
    return events


def test_reading_ends_when_its_visitor_s_stream_ends(served: Served, endless: dict[str, threading.Event]) -> None:
    begin(served, "closes", picture())
    with httpx.Client(base_url=served.url, trust_env=False, timeout=LIMIT) as page:
        with page.stream("GET", "/gradio_api/queue/data", params={"session_hash": "closes"}):
            assert endless["begun"].wait(LIMIT) and not endless["ended"].is_set()
    assert endless["ended"].wait(LIMIT)
    until(lambda: not any(served.page._queue.active_jobs))


def test_reading_ends_when_its_session_is_forgotten(served: Served, endless: dict[str, threading.Event]) -> None:
    """Also where nobody ever asked for the answer."""
    begin(served, "never listened", picture())
    assert endless["begun"].wait(LIMIT)
    served.page.app.state_holder.forget("never listened")
    assert endless["ended"].wait(LIMIT)
    until(lambda: not any(served.page._queue.active_jobs))


def test_uploads_of_one_who_was_refused_wait_and_nobody_else_s(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    paused, read = {"refused"}, []
    here = opened_photo._reader
    monkeypatch.setattr(waiting, "_pauses", paused.__contains__)
    monkeypatch.setattr(opened_photo, "_reader", lambda data: read.append(asker().name) or here(data))
    begin(served, "refused", picture())
    begin(served, "another", picture())
    until(lambda: read == ["another"])
    emptied = served.function("emptied")
    assert served.begin(emptied._id, [False, None], "refused").status_code == 200
    until(lambda: [e.fn.fn.__name__ for e in served.page._queue.waiting()] == ["receive"])  # all else goes on
    paused.clear()
    until(lambda: read == ["another", "refused"])
    until(lambda: not any(served.page._queue.active_jobs))
