"""The queue: bounded, with a place that is told, and no work for who has left; a full house says so."""

from __future__ import annotations

import base64
import io
import threading
import time
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
from tests.fixtures.served import Served, picture
from tests.fixtures.shared_photos import photo_path

META = {"_type": "gradio.FileData"}


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
        closed.setattr(emptied, "trigger_mode", "always_last")  # as a slider's picture: the newest counts alone
        first = queue.waiting()[0]
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


def test_no_star_and_no_undo_gives_way(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what waits for a visitor a slider's older picture gives way, never the newest of its kind, nor a click."""
    star, gate = served.function("star"), threading.Event()
    queue, here = served.page._queue, "clicks fast"
    newest = [f for f in served.page.fns.values() if f.trigger_mode == "always_last" and not f.types_generator]
    moved = next(f for f in newest if f.concurrency_limit == "default")  # one at a time
    monkeypatch.setattr(waiting, "MOST_OF_ONE", 6)
    monkeypatch.setattr(waiting, "MOST_CLICKS", 9)
    with monkeypatch.context() as closed:
        for function in (star, moved):
            nothing = [None] * len(function.outputs)
            closed.setattr(function, "fn", lambda *_, nothing=nothing: gate.wait(LIMIT) and nothing)

        def click(function: Any) -> httpx.Response:
            return served.begin(function._id, served.values(function), here)

        for function in (moved, *[star] * waiting.AT_WORK_FOR_ONE):  # these are at work
            assert click(function).status_code == 200
        until(lambda: len(queue) == 0)
        for function in [moved, moved, *[star] * 4]:
            assert click(function).status_code == 200
        older, newer = (e._id for e in queue.waiting() if e.fn is moved)
        for left in (
            [newer],
            [newer],
            [newer],
        ):  # the fourth, fifth and sixth star after the first that was one too many
            assert click(star).status_code == 200
            assert [e._id for e in queue.waiting() if e.fn is moved] == left
        assert sum(e.fn is star for e in queue.waiting()) == 7
        ended = [m for m in queue.pending_messages_per_session[here]._queue if m.msg == "process_completed"]
        assert [m.event_id for m in ended] == [older]
        assert click(star).status_code == 200
        refused = click(star)
        assert refused.status_code == 503 and refused.json()["detail"] == waiting.TOO_MANY
        gate.set()
        until(lambda: len(queue) == 0 and not any(queue.active_jobs))


def test_a_newcomer_s_turn_is_before_those_who_had_one(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many requests of others wait, and however many others they are: one turn each, newcomers first."""
    emptied, gate, order = served.function("emptied"), threading.Event(), []
    queue = served.page._queue

    def work(*given: Any) -> list[None]:
        gate.wait(LIMIT)
        return [None] * len(emptied.outputs)

    begun = queue.get_events

    def noted() -> Any:
        found = begun()
        order.extend(e.session_hash for e in found[0]) if found else None
        return found

    with monkeypatch.context() as closed:
        closed.setattr(emptied, "fn", work)
        closed.setattr(queue, "get_events", noted)
        served.begin(emptied._id, [False, None], "busy")
        until(lambda: any(queue.active_jobs))
        for _ in range(4):
            for session in ("busy", "also busy"):
                served.begin(emptied._id, [False, None], session)
        served.begin(emptied._id, [False, None], "comes last")
        gate.set()
        until(lambda: len(queue) == 0 and not any(queue.active_jobs))
    assert order[:4] == ["busy", "also busy", "comes last", "busy"] and order.count("also busy") == 4


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
        assert "leaves" not in [event.session_hash for event in queue.event_ids_to_events.values()]
        queue.broadcast_estimations(emptied.concurrency_id)
        queue.pending_messages_per_session.pop("stays")  # whatever loses it
        queue.broadcast_estimations(emptied.concurrency_id)
        gate.set()
        until(lambda: len(queue) == 0 and not any(queue.active_jobs))
    holder.page_closed("stays")
    assert not queue.stopped and served.ask(emptied._id, [False, None])[-1]["success"]


def test_nobody_waits_behind_the_bombs_of_another(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight visitors send file after file, into several fields, whose decoding does not end; each has one at work, and
    another one's photo is read meanwhile.
    """
    gate, hanging = threading.Event(), []
    read, bomb = opened_photo._reader, picture(64, (1, 2, 3))

    def slow(data: bytes) -> Any:
        if data == bomb:
            hanging.append(data)
            gate.wait(LIMIT)
        return read(data)

    def asked(field: str, photo: bytes) -> tuple[int, list[Any]]:
        receive = served.function("receive", field)
        sent = {"path": served.upload(photo)[0], "meta": META}
        return receive._id, served.values(receive, **{field.replace("-", "_"): sent})

    def begin(session: str, field: str, photo: bytes) -> None:
        assert served.begin(*asked(field, photo), session).status_code == 200

    monkeypatch.setattr(opened_photo, "_reader", slow)
    try:
        for number in range(8):
            for field in ("photo", "j-original", "photo") if number < 2 else ("photo",):
                begin(f"hostile {number}", field, bomb)
        until(lambda: len(hanging) == 8)  # one of each
        answer = served.ask(*asked("photo", picture()), "honest")[-1]
        assert answer["success"] and "No face was found" in str(answer)
        assert len(hanging) == 8 and not gate.is_set()
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
