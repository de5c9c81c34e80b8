"""What comes in through the gate, and the headers of what goes out."""

from __future__ import annotations

import json
import re
import secrets
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import pytest
from starlette.responses import PlainTextResponse

from headshot.ui.server import gate
from headshot.ui.server.gate import Gate
from tests.fixtures.browser import Visits
from tests.fixtures.served import Served, picture
from tests.fixtures.shared_photos import photo_path

META = {"_type": "gradio.FileData"}


def run(function: Any, *given: Any) -> Any:
    """Run a coroutine function in a thread of its own: Playwright has a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(anyio.run, function, *given).result()


def test_only_this_machine_s_names_and_pages_are_let_in(served: Served) -> None:
    port = served.url.rpartition(":")[2]
    for name in (f"127.0.0.1:{port}", f"localhost:{port}", "localhost", f"[::1]:{port}", f"LOCALHOST:{port}"):
        assert served.client.get("/config", headers={"host": name}).status_code == 200, name
    for name in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", "", "[", "localhost@evil.example"):
        for path in ("/", "/config", "/gradio_api/info", "/gradio_api/mcp/"):
            assert served.client.get(path, headers={"host": name}).status_code in (400, 403), (name, path)
    health = served.client.get("/healthz", headers={"host": "10.0.0.7"})  # a supervisor knows the address alone
    assert (health.status_code, health.text) == (200, "ok")
    assert served.client.post("/healthz").status_code == 404
    for origin, status in {
        served.url: 200,
        f"http://localhost:{port}": 200,
        "https://evil.example": 403,
        "null": 403,
        "http://127.0.0.1.evil.example": 403,
    }.items():
        body = {"fn_index": 0, "data": [], "session_hash": "x"}
        answer = served.client.post("/gradio_api/queue/join", json=body, headers={"origin": origin})
        assert answer.status_code == status, origin


def test_routes_without_a_use_are_closed(served: Served) -> None:
    served.ask(served.function("emptied")._id, [False, None], "known")
    for path in (
        "/monitoring",
        "/monitoring/summary",
        "/gradio_api/openapi.json",
        "/openapi.json",
        "/docs",
        "/gradio_api/dev/reload",
        "/dev/reload",
        "/gradio_api/deep_link?session_hash=known",
        "/gradio_api/file=http://example.org/x.png",
        "/gradio_api/file=https://example.org/x.png",
        "/gradio_api/file=/etc/passwd",
        f"/gradio_api/file={served.folder}/lock",
        f"/gradio_api/file={served.folder}/{'a' * 64}/../../x",
        "/gradio_api/proxy=http://example.org",
        "/gradio_api/token",
        "/gradio_api/runs",
        "/gradio_api/stream/a/b/1/playlist.m3u8",
        "/gradio_api/vibe-code",
        "/pwa_icon/100000",
    ):
        assert served.client.get(path).status_code == 404, path
    assert served.client.get("/manifest.json").json()["name"] == "Headshot"  # it can be installed, with its own icon
    page = served.client.get("/").text  # and shared, with our name and picture
    assert f'og:image" content="{served.url}/pwa_icon/512"' in page and page.count("og:image") == 1
    for path in ("/pwa_icon/192", "/pwa_icon/512", "/favicon.ico"):
        assert served.client.get(path).headers["content-type"] == "image/png", path
    number = served.function("new_seed")._id
    for path in (
        "/gradio_api/run/x",
        "/gradio_api/api/x",
        "/gradio_api/process_recording",
        "/gradio_api/component_server",
        "/gradio_api/vibe-edit",
        "/login",
    ):
        assert served.client.post(path, json={"fn_index": number, "data": [False, 1]}).status_code == 404, path
    assert not (served.folder / "deep_links").exists()


def test_bodies_are_bounded_as_announced_and_as_sent(served: Served) -> None:
    async def most(_: Any, receive: Any, send: Any) -> None:
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ConnectionError
            size, more = size + len(message["body"]), message.get("more_body", False)
        await PlainTextResponse(str(size))({"type": "http"}, receive, send)

    def status(path: str, announced: str | None, chunks: int) -> int:
        scope = {"type": "http", "method": "POST", "path": path, "headers": []}
        if announced is not None:
            scope["headers"] = [(b"content-length", announced.encode())]
        left, sent = [chunks], []

        async def receive() -> dict[str, Any]:
            left[0] -= 1
            return {"type": "http.request", "body": bytes(2**20), "more_body": left[0] > 0}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        run(Gate(most, None), scope, receive, send)
        # Nothing more is read once it is too much.
        assert left[0] >= chunks - gate.MAX_UPLOAD // 2**20 - 2
        return int(sent[0]["status"])

    join, upload = "/gradio_api/queue/join", "/gradio_api/upload"
    assert status(join, None, 3) == status(join, str(2**20), 1) == status(upload, None, 100) == 200
    for path, announced, chunks in (
        (join, str(gate.MAX_BODY + 1), 1),
        (join, "9" * 5000, 1),
        (join, "-1", 1),
        (join, None, 5000),
        (join, "5", 5000),
        (upload, None, 5000),
    ):
        assert status(path, announced, chunks) == 413, (path, announced)
    answer = served.client.post(join, content=b"x" * (gate.MAX_BODY + 1))
    assert answer.status_code == 413


def test_a_body_of_no_form_is_one_sentence_and_no_fault(served: Served, capfd: pytest.CaptureFixture[str]) -> None:
    """What cannot be read, or not be told of: too deep, lone surrogates, no numbers, a boundary that is none."""
    capfd.readouterr()
    for path in ("queue/join", "cancel", "reset", "call/headshot"):
        for body in (
            "[" * 100_000,
            '"\\ud800"',
            '{"fn_index": NaN, "data": [1e999]}',
            "9" * 5000,
            "\xff",
            "null",
            "[]",
        ):
            headers = {"content-type": "application/json"}
            answer = served.client.post(f"/gradio_api/{path}", content=body.encode("latin-1"), headers=headers)
            least = 200 if "1e999" in body and path.startswith("call") else 400  # that one's sentence comes later
            assert least <= answer.status_code < 500, (path, body[:20], answer.status_code)
    headers = {"content-type": f"multipart/form-data; boundary={'b' * 5000}"}
    assert served.client.post("/gradio_api/upload", content=b"x", headers=headers).status_code == 400
    for query in ("page=../../x", "deep_link=../../x", "x=1&page=judge"):
        assert served.client.get(f"/?{query}").status_code == 404, query
    assert "Traceback" not in capfd.readouterr().err


def test_every_answer_has_the_headers(served: Served) -> None:
    for path in ("/", "/config", "/gradio_api/info"):
        answer = served.client.get(path)
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'self' https://huggingface.co https://*.hf.space" in policy
        assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["referrer-policy"]
        assert answer.headers["cache-control"] == "no-store"
    upload = served.upload(picture())[0]
    assert served.client.get(f"/gradio_api/file={upload}").headers["cache-control"] == "no-store"
    script = re.search(r'(?:src|href)="\.?(/assets/[^"]+)"', served.client.get("/").text)
    assert script is not None
    assert served.client.get(script.group(1)).headers.get("cache-control") != "no-store"


def test_a_named_app_is_served_under_its_names_alone() -> None:
    async def fine(scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse("x")(scope, receive, send)

    async def asked(hosts: tuple[str, ...] | None, *headers: tuple[bytes, bytes]) -> int:
        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b""}

        scope = {"type": "http", "method": "GET", "path": "/", "headers": list(headers)}
        await Gate(fine, hosts)(scope, receive, send)
        return int(sent[0]["status"])

    name = ("headshot.example.org",)
    assert run(asked, name, (b"host", b"headshot.example.org")) == 200
    assert run(asked, name, (b"host", b"other.example.org")) == 403
    assert run(asked, name) == 403
    # Behind a proxy that gives its own name, where no name is set, everything is let in.
    assert run(asked, None, (b"host", b"10.0.0.7:7860"), (b"origin", b"https://x.hf.space")) == 200


def test_a_socket_is_closed(served: Served) -> None:
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(
            f"GET /x HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        assert b" 101 " not in line.recv(200)


@pytest.mark.sweep
@pytest.mark.browser
def test_the_page_works_behind_it(served: Served, visit: Visits) -> None:
    """No refused request, nothing that the content security policy stops (`visit` fails on either)."""
    page = visit(served.url)
    page.wait_for_selector("#photo input[type=file]", state="attached")
    for tab in ("Check", "Studio"):
        page.locator("#tabs button[role=tab]", has_text=tab).first.click()
    assert json.loads(page.evaluate("JSON.stringify(navigator.onLine)"))


def test_a_request_that_does_not_fit_is_one_sentence_and_no_traceback(
    served: Served, capfd: pytest.CaptureFixture[str]
) -> None:
    def post(path: str, body: Any) -> tuple[int, str]:
        answer = served.client.post(f"/gradio_api/{path}", json=body)
        return answer.status_code, answer.text

    for path in ("call/nothing", "call/v2/nothing", "call/live", "call/v2/live", "call/receive/"):
        assert post(path, {"data": []}) == (404, "There is nothing of that name."), path
    for body in ({}, {"words": "a", "nonsense": 1}):
        assert post("call/v2/suggestions", body) == (400, "The request does not fit. See docs/api.md."), body
    for number, session in ((None, "x"), (99_999, "x"), (-1, "x"), (0, "x" * 65)):
        status, said = post("queue/join", {"fn_index": number, "data": [], "session_hash": session})
        assert status == 400 and "no such function" in said, number
    assert served.client.get(f"/gradio_api/heartbeat/{'x' * 65}").status_code == 404
    for path in ("queue/data?session_hash=nobody", "call/suggestions/nobody"):
        assert served.client.get(f"/gradio_api/{path}").status_code == 200, path  # it has begun, and says that it ends
    told = capfd.readouterr()
    assert "Traceback" not in told.err and "Exception" not in told.err, told.err[-2000:]


@pytest.mark.data
def test_an_address_is_answered_until_its_session_is_forgotten(served: Served) -> None:
    session = secrets.token_hex(6)
    receive = served.function("receive", "photo")
    path = served.upload(photo_path("coleman_1.jpg").read_bytes(), name="me.jpg")[0]
    answer = str(served.ask(receive._id, served.values(receive, photo={"path": path, "meta": META}), session)[-1])
    addresses = re.findall(r"picture/[\w-]+/[\w-]+", answer)
    assert addresses
    field = served.client.get(f"/gradio_api/file={path}", headers={"sec-fetch-dest": "image"})
    assert (field.status_code, field.content) == (204, b"")  # the field need not have back what was just sent
    for address in addresses:
        got = served.client.get(f"/{address}")
        assert got.status_code == 200 and got.content[:2] == b"\xff\xd8"
        assert got.headers["content-type"] == "image/jpeg" and got.headers["cache-control"] == "no-store"
    assert served.client.get(f"/{addresses[0][:-3]}xyz").status_code == 404
    assert served.client.get(f"/picture/{'x' * 22}/{addresses[0].rpartition('/')[2]}").status_code == 404
    served.page.app.state_holder.forget(session)
    assert served.client.get(f"/{addresses[0]}").status_code == 404


def test_the_page_is_packed_and_pictures_are_not(served: Served) -> None:
    whole = served.client.get("/", headers={"accept-encoding": "identity"})
    packed = served.client.build_request("GET", "/", headers={"accept-encoding": "gzip"})
    answer = served.client.send(packed, stream=True)
    sent = sum(map(len, answer.iter_raw()))
    answer.close()
    assert answer.headers["content-encoding"] == "gzip" and sent < 0.25 * len(whole.content)


def test_metrics_are_off_and_tell_counts_and_times_of_nobody(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    assert served.client.get("/metrics").status_code == 404
    monkeypatch.setenv("HEADSHOT_METRICS", "1")
    asked = served.client.post("/gradio_api/call/suggestions", json={"data": ["my secret wish"]}).json()["event_id"]
    assert "complete" in served.client.get(f"/gradio_api/call/suggestions/{asked}").text
    answer = served.client.get("/metrics", headers={"host": "10.0.0.7"})
    lines = answer.text.splitlines()
    count = re.compile(
        r'headshot_\w+(\{kind="(page|program)"(,le="[\d.+Inf]+")?\})? \d+(\.\d+)?|# TYPE headshot_\w+ \w+'
    )
    assert answer.headers["content-type"].startswith("text/plain") and all(map(count.fullmatch, lines)), lines
    assert any(re.fullmatch(r'headshot_request_seconds_count\{kind="program"\} [1-9]\d*', line) for line in lines)
    assert int(next(line.split()[1] for line in lines if line.startswith("headshot_memory_bytes"))) > 10**8
