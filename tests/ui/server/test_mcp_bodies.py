"""Bodies for the Model Context Protocol that its library does not expect: one line, 400, and no traceback."""

from __future__ import annotations

import json
from typing import Any

import pytest

from headshot.ui.server import json_body
from tests.fixtures.served import Served

ACCEPTED = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
PLACE = "/gradio_api/mcp/"


def call(value: str) -> str:
    return (
        '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "choices", "arguments": '
        f'{{"a": {value}}}}}}}'
    )


NO_FORM = [
    "[" * 100_000,
    call("9" * 5000),
    *(call("[" * depth + "]" * depth) for depth in (70, 300, 950, 1100)),
    *(call('{"a":' * depth + "1" + "}" * depth) for depth in (70, 300, 950)),
    '{"jsonrpc": "2.0", "id": "\\ud800", "method": "tools/list"}',
    '{"jsonrpc": "2.0", "id": 1, "method": "\\udfff"}',
    '{"jsonrpc": "2.0", "id": 1, "method": "tools/list", "\\udc00": 1}',
    "\xff",
    "",
    "\0",
    '{"a": 1',
]


@pytest.mark.parametrize("place", [PLACE, PLACE.rstrip("/"), f"{PLACE}http/"])
def test_a_body_of_no_form_is_one_line(served: Served, capfd: pytest.CaptureFixture[str], place: str) -> None:
    capfd.readouterr()
    for body in NO_FORM:
        answer = served.client.post(place, content=body.encode("latin-1"), headers=ACCEPTED, follow_redirects=True)
        assert (answer.status_code, answer.text) == (400, "The request does not fit. See docs/api.md."), body[:80]
    answer = served.client.post(place, content=b" " * (json_body.MOST + 1), headers=ACCEPTED, follow_redirects=True)
    assert answer.status_code == 413
    told = capfd.readouterr()
    assert "Traceback" not in told.err and "ERROR" not in told.err, told.err[-2000:]


def test_odd_bodies_are_no_fault_of_ours(served: Served, capfd: pytest.CaptureFixture[str]) -> None:
    """What is JSON, and no request or no argument: the library's own refusal."""
    capfd.readouterr()
    for body in ("null", "[]", '"x"', "1e999", "NaN", call("NaN"), call("1e999"), call("9" * 400), call('"\\u0000"')):
        answer = served.client.post(PLACE, content=body.encode(), headers=ACCEPTED)
        assert answer.status_code < 500, body
    bom = served.client.post(PLACE, content=b"\xef\xbb\xbf{}", headers=ACCEPTED)
    assert bom.status_code == 400
    assert "Traceback" not in capfd.readouterr().err


def test_no_stream_is_held_open_on_which_nothing_is_said(served: Served) -> None:
    for method in ("GET", "HEAD", "DELETE"):
        for more in ({}, {"last-event-id": "x"}):
            answer = served.client.request(method, PLACE, headers={**ACCEPTED, **more}, timeout=60)
            assert answer.status_code == 405 and answer.headers["allow"] == "POST", method
    page = served.client.get(PLACE, headers={"accept": "text/html", "x-forwarded-host": '"><script>alert(1)</script>'})
    assert "script" not in page.text
    listed: list[dict[str, Any]] = json.loads(served.client.get(f"{PLACE}schema").text)
    assert "choices" in [tool["name"] for tool in listed]
