"""What one visitor can learn of another, or do to one: nothing without a name that nobody is told."""

from __future__ import annotations

import json
import re
import secrets
import uuid

import pytest

from tests.fixtures.served import Served, picture
from tests.fixtures.shared_photos import photo_path

META = {"_type": "gradio.FileData"}
TOLD = (
    "/",
    "/config",
    "/manifest.json",
    "/gradio_api/info",
    "/gradio_api/app_id",
    "/gradio_api/user",
    "/gradio_api/queue/status",
    "/gradio_api/mcp/schema",
    "/healthz",
    "/robots.txt",
)


@pytest.mark.data
def test_nothing_of_a_visitor_is_told_to_another(served: Served) -> None:
    """Neither a session's name, an event's, an upload's place nor a picture's address is in what anybody is told."""
    session = secrets.token_hex(6)
    receive = served.function("receive", "photo")
    (place,) = served.upload(photo_path("coleman_1.jpg").read_bytes())
    field = {"path": place, "meta": META}
    said = served.ask(receive._id, served.values(receive, photo=field), session)
    addresses = set(re.findall(r"picture/[\w-]+/[\w-]+", json.dumps(said)))
    assert addresses and said[-1]["success"]
    events = {message["event_id"] for message in said if message.get("event_id")}
    secret = {session, place.split("/")[-2], *events, *(part for one in addresses for part in one.split("/")[1:])}
    for path in TOLD:
        answer = served.client.get(path, headers={"cookie": f"session_hash={session}; access-token=x"})
        assert not [one for one in secret if one in answer.text], path
        assert "set-cookie" not in answer.headers, path
    one = sorted(addresses)[0]
    name, key = one.split("/")[1:]
    assert served.client.get(f"/{one}").status_code == 200
    for other in (f"{name}/{key[:-1]}A", f"{secrets.token_urlsafe(16)}/{key}", f"{session}/{key}", f"{name}/{session}"):
        if other != f"{name}/{key}":
            assert served.client.get(f"/picture/{other}").status_code == 404, other
    # Another session with the same names in it: each is its own, also with a cookie, a header or a query of the first.
    thief = secrets.token_hex(6)
    served.ask(served.function("emptied")._id, [False, None], thief)
    download = next(f for f in served.page.fns.values() if getattr(f.fn, "__name__", "") == "save")
    told = served.ask(download._id, served.values(download), thief)[-1]
    assert "iVBOR" not in json.dumps(told) and "/9j/" not in json.dumps(told)


def test_nobody_cancels_or_hears_another_one_s_work(served: Served) -> None:
    """Without its session's name or the event's, which are told to that visitor alone."""
    session, thief = secrets.token_hex(6), secrets.token_hex(6)
    receive = served.function("receive", "j-original")
    field = {"path": served.upload(picture())[0], "meta": META}
    joined = served.begin(receive._id, served.values(receive, j_original=field), session)
    event = joined.json()["event_id"]
    for names in (
        {"session_hash": thief, "fn_index": receive._id, "event_id": uuid.uuid4().hex},
        {"session_hash": f"{session}x", "fn_index": receive._id, "event_id": ""},
        {"session_hash": None, "fn_index": receive._id, "event_id": session},
    ):
        assert served.client.post("/gradio_api/cancel", json=names).status_code < 500
    with served.client.stream("GET", "/gradio_api/queue/data", params={"session_hash": thief}) as lines:
        assert "process_completed" not in "".join(lines.iter_text())
    with served.client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as lines:
        heard = [json.loads(line[5:]) for line in lines.iter_lines() if line.startswith("data:")]
    (last,) = [message for message in heard if message["msg"] == "process_completed"]
    assert last["success"] and last["event_id"] == event
