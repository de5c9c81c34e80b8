"""The queue: bounded, with a place that is told, and no work for who has left; a full house says so."""

from __future__ import annotations

import base64
import io
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from PIL import Image

from headshot.errors import UserError
from headshot.files import opened_photo
from headshot.ui.agents import tools as agent_tools
from headshot.ui.agents.tools import Answer, Call
from headshot.ui.api import make as api_make
from headshot.ui.server import visitors, waiting
from headshot.ui.server.blocks import FULL_HOUSE
from tests.fixtures.browser import LIMIT
from tests.fixtures.served import Served, picture, serving
from tests.fixtures.shared_photos import photo_path

META = {"_type": "gradio.FileData"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served")) as app:
        yield app


def until(what: Any) -> None:
    end = time.monotonic() + LIMIT
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_the_queue_is_bounded_as_a_whole_and_for_each_visitor(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """One function is kept from working; what waits behind it fills the queue."""
    emptied, gate = served.function("emptied"), threading.Event()
    with monkeypatch.context() as closed:
        closed.setattr(emptied, "fn", lambda *_: gate.wait(LIMIT) and [None] * len(emptied.outputs))
        queue = served.page._queue
        assert served.begin(emptied._id, [False, None], "first").status_code == 200
        until(lambda: any(queue.active_jobs))
        closed.setattr(waiting, "MOST_OF_ONE", 3)
        closed.setattr(waiting, "MOST", 5)
        assert [served.begin(emptied._id, [False, None], "greedy").status_code for _ in range(3)] == [200] * 3
        first = next(e for q in queue.event_queue_per_concurrency_id.values() for e in q.queue)
        assert served.begin(emptied._id, [False, None], "greedy").status_code == 200  # the oldest gave way
        (ended,) = [m for m in queue.pending_messages_per_session["greedy"]._queue if m.msg == "process_completed"]
        assert len(queue) == 3 and ended.event_id == first._id and ended.success
        assert [served.begin(emptied._id, [False, None], f"v{i}").status_code for i in range(2)] == [200] * 2
        refused = served.begin(emptied._id, [False, None], "another")
        assert refused.status_code == 503 and refused.json()["detail"] == waiting.FULL
        closed.setattr(waiting, "MOST_OF_PROGRAMS", 0)
        closed.setattr(waiting, "MOST", 100)
        program = served.client.post("/gradio_api/call/suggestions", json={"data": ["warm", "retouch"]})
        assert program.status_code == 503 and program.json()["detail"] == waiting.FULL
        assert served.begin(emptied._id, [False, None], "person").status_code == 200
        gate.set()
        until(lambda: len(queue) == 0 and not any(queue.active_jobs))
    assert served.ask(emptied._id, [False, None])[-1]["success"]


def test_the_place_in_the_queue_is_told_once(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    emptied, gate = served.function("emptied"), threading.Event()
    queue = served.page._queue
    with monkeypatch.context() as closed:
        closed.setattr(emptied, "fn", lambda *_: gate.wait(LIMIT) and [None] * len(emptied.outputs))
        served.begin(emptied._id, [False, None], "first")
        until(lambda: any(queue.active_jobs))
        for number in range(4):
            served.begin(emptied._id, [False, None], f"before-{number}")
        for _ in range(2):
            served.begin(emptied._id, [False, None], "asks")
        said = [m.log for m in queue.pending_messages_per_session["asks"]._queue if m.msg == "log"]
        assert said == ["Many people are here just now: 4 requests are before yours."]
        assert not [m for m in queue.pending_messages_per_session["before-1"]._queue if m.msg == "log"]
        gate.set()
        until(lambda: len(queue) == 0 and not any(queue.active_jobs))


def test_who_leaves_while_waiting_stops_nobody_else(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that waits is kept as long as its page is open; one that is forgotten takes its requests along."""
    emptied, gate = served.function("emptied"), threading.Event()
    queue, holder = served.page._queue, served.page.app.state_holder
    with monkeypatch.context() as closed:
        closed.setattr(emptied, "fn", lambda *_: gate.wait(LIMIT) and [None] * len(emptied.outputs))
        served.begin(emptied._id, [False, None], "first")
        until(lambda: any(queue.active_jobs))
        for session in ("leaves", "stays"):
            holder.page_opened(session)
            served.begin(emptied._id, [False, None], session)
        holder.page_closed("leaves")
        closed.setattr(visitors, "monotonic", lambda: time.monotonic() + 10_000)
        holder.sweep()
        assert "stays" in holder.session_data and "leaves" not in holder.session_data
        assert [event.session_hash for event in queue.waiting()] == ["stays"]
        queue.broadcast_estimations(emptied.concurrency_id)
        queue.pending_messages_per_session.pop("stays")  # whatever loses it
        queue.broadcast_estimations(emptied.concurrency_id)
        gate.set()
        until(lambda: len(queue) == 0 and not any(queue.active_jobs))
    holder.page_closed("stays")
    assert not queue.stopped and served.ask(emptied._id, [False, None])[-1]["success"]


def test_nobody_waits_behind_the_bombs_of_another(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """One visitor sends file after file whose decoding does not end; another one's photo is read meanwhile."""
    receive, gate, hanging = served.function("receive", "photo"), threading.Event(), []
    read, bomb = opened_photo._reader, picture(64, (1, 2, 3))

    def slow(data: bytes) -> Any:
        if data == bomb:
            hanging.append(data)
            gate.wait(LIMIT)
        return read(data)

    monkeypatch.setattr(opened_photo, "_reader", slow)
    try:
        for _ in range(8):
            sent = {"path": served.upload(bomb)[0], "meta": META}
            assert served.begin(receive._id, served.values(receive, photo=sent), "hostile").status_code == 200
        until(lambda: len(hanging) == waiting.AT_WORK_FOR_ONE)
        sent = {"path": served.upload(picture())[0], "meta": META}
        answer = served.ask(receive._id, served.values(receive, photo=sent), "honest")[-1]
        assert answer["success"] and "No face was found" in str(answer)
        assert len(hanging) == waiting.AT_WORK_FOR_ONE and not gate.is_set()
    finally:
        gate.set()
        until(lambda: len(served.page._queue) == 0 and not any(served.page._queue.active_jobs))


@pytest.mark.data
def test_work_for_a_program_ends_when_its_caller_leaves(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    cells, ended = [], threading.Event()
    real = api_make.while_wanted

    def watched() -> Any:
        go_on = real()

        def counted(cell: object) -> None:
            cells.append(cell)
            if len(cells) == 1:
                until(lambda: not _wanted(served))
            try:
                go_on(cell)
            except UserError:
                ended.set()
                raise

        return counted

    monkeypatch.setattr(api_make, "while_wanted", watched)
    photo = base64.b64encode(_small(photo_path("coleman_1.jpg").read_bytes())).decode()
    asked = {"photo": photo, "rows": "light.warmth=-0.5,0,0.5", "columns": "light.fill=0,0.5,1", "height": 240}
    call = served.client.post("/gradio_api/call/v2/contact_sheet", json=asked).json()["event_id"]
    with httpx.Client(base_url=served.url, trust_env=False, timeout=LIMIT) as program:
        with program.stream("GET", f"/gradio_api/call/contact_sheet/{call}"):
            until(lambda: cells)
    assert ended.wait(LIMIT) and len(cells) == 1
    until(lambda: not any(served.page._queue.active_jobs))


def test_work_for_an_agent_ends_when_it_leaves(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless(call: Call, asked: object) -> Answer:
        begun.set()
        until(lambda: _has_left(call))
        ended.set()
        return Answer("")

    monkeypatch.setitem(agent_tools.TOOLS, "choices", replace(agent_tools.TOOLS["choices"], run=endless))
    for token in ({}, {"_meta": {"progressToken": 1}}):
        begun.clear(), ended.clear()
        tool = {"name": "choices", "arguments": {}, **token}
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": tool}
        accepted = {"accept": "application/json, text/event-stream"}
        with httpx.Client(base_url=served.url, trust_env=False, timeout=LIMIT, headers=accepted) as program:
            with program.stream("POST", "/gradio_api/mcp/", json=body):
                assert begun.wait(LIMIT)
        assert ended.wait(LIMIT), token


def _has_left(call: Call) -> bool:
    try:
        call.go_on(None)
    except UserError:
        return True
    return False


def _wanted(served: Served) -> bool:
    return any(e.alive for job in list(served.page._queue.active_jobs) if job for e in job)


def _small(photo: bytes) -> bytes:
    file = io.BytesIO()
    with Image.open(io.BytesIO(photo)) as image:
        image.resize((image.width // 2, image.height // 2)).save(file, "JPEG")
    return file.getvalue()


def test_a_full_house_says_so_and_keeps_who_is_there(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    receive = served.function("receive", "j-original")

    def bring(session: str) -> str:
        field = {"path": served.upload(picture())[0], "meta": META}
        answer = served.ask(receive._id, served.values(receive, j_original=field), session)[-1]
        assert answer["success"]
        return str(answer["output"])

    assert FULL_HOUSE.message not in bring("here")
    others = sum(map(visitors._holds_something, served.sessions.values()))
    monkeypatch.setattr(visitors, "MOST_PHOTOS", others)
    assert FULL_HOUSE.message in bring("comes too late")
    assert FULL_HOUSE.message not in bring("here")
    served.page.app.state_holder.forget("here")
    assert FULL_HOUSE.message not in bring("comes again")
