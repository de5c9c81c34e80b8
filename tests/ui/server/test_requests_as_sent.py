"""Requests byte by byte: told in two ways, sent slowly, asked for in parts; each ends, and none becomes two."""

from __future__ import annotations

import os
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import pytest

from headshot.ui.server import body as bodies
from headshot.ui.server import slow_headers
from headshot.ui.server.body import Body
from tests.fixtures.browser import LIMIT
from tests.fixtures.served import Served, picture


def line_to(served: Served) -> socket.socket:
    host, port = served.url.removeprefix("http://").split(":")
    line = socket.create_connection((host, int(port)))
    line.settimeout(LIMIT)
    return line


def to_its_end(line: socket.socket) -> bytes:
    """All that comes until the other end closes."""
    said = b""
    try:
        while piece := line.recv(65536):
            said += piece
    except ConnectionResetError:
        pass
    return said


def head(served: Served, *more: str, method: str = "POST /gradio_api/queue/join") -> str:
    host = served.url.removeprefix("http://")
    return "\r\n".join((f"{method} HTTP/1.1", f"Host: {host}", "Content-Type: application/json", *more, "", ""))


HIDDEN = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.mark.parametrize(
    "framing",
    [
        ("Content-Length: 4", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked", "Content-Length: 4"),
        ("Transfer-Encoding: chunked", "Content-Length: 0"),
        ("Content-Length: 4", "Content-Length: 5"),
        ("Content-Length: 4, 5",),
        ("Content-Length: +4",),
        ("Content-Length: -4",),
        ("Content-Length: 0x4",),
        ("Content-Length: 4 4",),
        ("Transfer-Encoding: xchunked",),
        ("Transfer-Encoding: chunked, identity",),
        ("Transfer-Encoding: identity, chunked",),
        ("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: \x0bchunked",),
        ("Transfer-Encoding : chunked",),
        ("Content-Length : 4",),
        ("X: a\r\n Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
    ],
    ids=" + ".join,
)
def test_a_length_told_in_two_ways_or_in_none_is_refused_and_hides_no_request(
    served: Served, framing: tuple[str, ...]
) -> None:
    with line_to(served) as line:
        line.sendall((head(served, *framing) + f"0\r\n\r\n{HIDDEN}").encode("latin-1"))
        said = to_its_end(line)  # it is closed, so nothing after it is read as a request
    assert len(re.findall(rb"HTTP/1\.1 \d", said)) == 1, said
    assert re.match(rb"HTTP/1\.1 (400|501) ", said), said


def test_an_ordinary_request_in_pieces_is_read(served: Served) -> None:
    with line_to(served) as line:
        whole = head(served, "Transfer-Encoding: chunked", "Connection: close") + "2\r\n{}\r\n0\r\n\r\n"
        line.sendall(whole.encode())
        assert re.match(rb"HTTP/1\.1 4\d\d ", said := to_its_end(line)) and b"two ways" not in said


def test_who_sends_slowly_is_let_go(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body and headers that do not come on; many of them, and the page answers meanwhile; no part of a file stays."""
    monkeypatch.setattr(bodies, "PATIENCE", 0.5)
    monkeypatch.setattr(slow_headers, "PATIENCE", 0.5)
    begun = 'Content-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\nabc'
    upload = head(served, "Content-Length: 9000", method="POST /gradio_api/upload").replace(
        "application/json", "multipart/form-data; boundary=b"
    )
    lines = []
    for sent in (
        upload + f"--b\r\n{begun}",
        head(served, "Content-Length: 50") + "{",
        "",
        "GET / HT",
        head(served)[:-2],
    ):
        for _ in range(20):
            lines.append(line_to(served))
            lines[-1].sendall(sent.encode())
    assert served.client.get("/healthz").text == "ok"
    said = [to_its_end(line) for line in lines]
    for line in lines:
        line.close()
    assert all(one.startswith(b"HTTP/1.1 408 ") for one in said[:40]), said[::20]
    assert said[40:] == [b""] * 60
    end = time.monotonic() + LIMIT
    while left := [name for _, _, names in os.walk(served.folder) for name in names if name.startswith("tmp")]:
        assert time.monotonic() < end, left
        time.sleep(0.05)
    assert served.client.get("/config").status_code == 200


def test_a_further_request_on_a_line_has_its_time_too(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_headers, "PATIENCE", 0.5)
    with line_to(served) as line:
        for _ in range(2):
            line.sendall(head(served, method="GET /healthz").encode())
            said = b""
            while not said.endswith(b"\r\n\r\nok"):
                said += line.recv(65536)
        line.sendall(b"GET /healthz HTTP/1.1\r\nX:")
        assert to_its_end(line) == b""


def test_what_comes_on_is_never_too_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the rate, not by the time as a whole; what came fast before buys MOST_PATIENCE and no more."""
    monkeypatch.setattr(bodies, "PATIENCE", 1.0)
    monkeypatch.setattr(bodies, "MOST_PATIENCE", 2.0)

    async def read(pieces: list[tuple[float, int]]) -> tuple[int, str] | None:
        coming = iter(pieces)

        async def receive() -> dict[str, Any]:
            wait, count = next(coming)
            await anyio.sleep(wait)
            return {"type": "http.request", "body": bytes(count), "more_body": True}

        body = Body(receive, 2**30)
        try:
            while (await body())["type"] == "http.request":
                pass
        except RuntimeError:  # all pieces were taken
            pass
        return body.fault

    slow = (408, "The request came too slowly.")
    cases = (
        ([(0.1, 1000)] * 15, None),  # longer than PATIENCE
        ([(0.1, 1)] * 20, slow),
        ([(1.5, 9)], slow),
        ([(0.0, 2**20), (1.3, 1)], None),
        ([(0.0, 2**20), (3.0, 1)], slow),
    )
    with ThreadPoolExecutor(len(cases)) as pool:  # the browser of other tests has an event loop in this thread
        faults = list(pool.map(lambda case: anyio.run(read, case[0]), cases))
    assert faults == [fault for _, fault in cases]


def test_nothing_is_had_in_parts(served: Served) -> None:
    upload = served.upload(picture())[0]
    script = re.search(r'(?:src|href)="\.?(/assets/[^"]+)"', served.client.get("/").text)
    assert script is not None
    many = "bytes=" + ",".join(f"{n}-{n + 1}" for n in range(0, 1000, 2))
    for path in (f"/gradio_api/file={upload}", script[1]):
        whole = served.client.get(path).content
        for asked in (
            many,
            "bytes=abc-",
            "bytes=0-1",
            "bytes=-1",
            "bytes=5-1",
            "x" * 5000,
            "bytes=" + "9" * 5000 + "-",
        ):
            answer = served.client.get(path, headers={"range": asked, "if-range": "x"})
            assert (answer.status_code, answer.content) == (200, whole), (path, asked[:20])
