"""The log holds where a fault happened and of which kind, and nothing that a visitor sent."""

from __future__ import annotations

import base64
import logging
import secrets

import pytest

from headshot.ui.server import log
from headshot.ui.server.blocks import BUG
from tests.fixtures.served import Served, picture

strangers = pytest.mark.parametrize("served", ["for strangers"], indirect=True)
NAME = "my_holiday_with_ann.jpg"


@strangers
@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.sweep)])
def test_requests_that_fail_leave_nothing_of_theirs_in_the_log(
    served: Served, capfd: pytest.CaptureFixture[str], step: int
) -> None:
    """Arguments left out, too many, of wrong types, for every `step`-th function of the page and of the API."""
    photo = base64.b64encode(picture() + secrets.token_bytes(200)).decode()
    mark = photo[-120:-60]
    for function in list(served.page.fns.values())[::step]:
        if function.fn is None:
            continue
        if not function.inputs:
            continue
        wrong = {"path": f"/etc/{NAME}", "orig_name": NAME, "x": photo}
        many = ([photo] * len(function.inputs), [photo] * 60) if function.api_visibility == "public" else ()
        for data in ([photo], [wrong] * len(function.inputs), *many):
            answer = served.ask(function._id, data)[-1]
            assert "verbose" not in str(answer)
    said = "".join(capfd.readouterr())
    assert mark not in said and NAME not in said and photo[:60] not in said


@strangers
def test_a_bug_s_words_stay_out_and_its_place_does_not(
    served: Served, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = " ".join(("cannot", "read", NAME)), " ".join(("secret", "of", "ann"))

    def broken(*_: object) -> None:
        raise ValueError(first) from KeyError(second)

    function = served.function("new_seed")
    monkeypatch.setattr(function, "fn", broken)
    last = served.ask(function._id, [False, 3])[-1]
    assert last["output"]["error"] == BUG
    said = "".join(capfd.readouterr())
    assert "ValueError" in said and "KeyError" in said and "test_log.py" in said and "in broken" in said
    assert "cannot read" not in said and "secret of ann" not in said


def test_what_an_agent_names_is_not_in_the_log(served: Served, capfd: pytest.CaptureFixture[str]) -> None:
    """Tools, arguments, methods and headers that there are not: the protocol's library would quote each of them."""
    accepted = {"accept": "application/json, text/event-stream"}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": NAME, "arguments": {NAME: NAME}}}
    choices = {**call, "params": {"name": "choices", "arguments": {NAME: NAME, "about": {NAME: 1}}}}
    progress = {**choices, "params": {**choices["params"], "_meta": {"progressToken": {NAME: NAME}}}}
    notes = {"jsonrpc": "2.0", "method": NAME, "params": {NAME: NAME}}
    before = logging.getLogRecordFactory()
    log.install()
    try:
        for body in (call, choices, progress, notes, {**call, "method": NAME}, {NAME: NAME}, {**call, "id": [NAME]}):
            served.client.post("/gradio_api/mcp/", json=body, headers=accepted)
        served.client.post("/gradio_api/mcp/", json=call, headers={**accepted, "content-type": NAME})
        served.client.post("/gradio_api/mcp/", json=call, headers={**accepted, "mcp-protocol-version": NAME})
    finally:
        logging.setLogRecordFactory(before)
    assert NAME not in "".join(capfd.readouterr())


def test_no_record_acts_on_a_terminal(caplog: pytest.LogCaptureFixture) -> None:
    before = logging.getLogRecordFactory()
    log.install()
    try:
        logging.getLogger("some.package").warning(
            f"bad {chr(27)}[2J{chr(0x202E)} name %s{chr(10)}FORGED line", "A" * 5000
        )
        try:
            raise ValueError(NAME)
        except ValueError:
            logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    finally:
        logging.setLogRecordFactory(before)
    assert (
        "202e" in caplog.text
        and chr(27) not in caplog.text
        and "AAAA" not in caplog.text
        and f"{chr(10)}FORGED" not in caplog.text
    )
    assert "ValueError" in caplog.text and NAME not in caplog.text
