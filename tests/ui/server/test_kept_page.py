"""The page's HTML is made once for each language and address; what differs is never mixed up."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import Receive, Scope, Send

from headshot.ui.server import kept_page
from headshot.ui.server.kept_page import KeptPage


class Making:
    """An app that says how it was asked, and counts."""

    def __init__(self) -> None:
        self.made = 0
        self.status, self.cookie = 200, ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.made += 1
        said = {k.decode(): v.decode() for k, v in scope["headers"]}
        body = f"{said.get('host')} {said.get('accept-language')} {scope['query_string']!r} {scope['method']}"
        answer = HTMLResponse(body, self.status) if scope["path"] == "/" else PlainTextResponse(body)
        if self.cookie:
            answer.set_cookie("a", self.cookie)
        await answer(scope, receive, send)


def ask(app: KeptPage, path: str = "/", method: str = "GET", host: str = "here", **headers: str) -> httpx.Response:
    async def one() -> httpx.Response:
        transport: Any = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            return await client.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    with ThreadPoolExecutor(1) as pool:  # the browser of other tests has an event loop in this thread
        return pool.submit(asyncio.run, one()).result()


def test_a_page_is_made_once_and_is_the_same_again() -> None:
    making = Making()
    app = KeptPage(making)
    first, second = ask(app), ask(app)
    assert making.made == 1 and first.content == second.content and first.headers == second.headers
    assert ask(app, "/?utm=1").content == first.content and making.made == 1  # what the page does not depend on


@pytest.mark.parametrize(
    "other",
    [
        {"host": "there"},
        {"accept_language": "de"},
        {"path": "/?lang=es"},
        {"x_forwarded_host": "evil.example"},
        {"x_forwarded_proto": "https"},
        {"accept_encoding": "identity"},
        {"x_gradio_server": "http://evil.example"},
    ],
    ids=str,
)
def test_what_the_page_depends_on_is_never_mixed_up(other: dict[str, str]) -> None:
    making = Making()
    app = KeptPage(making)
    first = ask(app)
    assert ask(app, **other).status_code == 200 and making.made == 2
    assert ask(app).content == first.content and making.made == 2


def test_what_is_no_plain_page_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    making = Making()
    app = KeptPage(making)
    for path, method in (("/config", "GET"), ("/?deep_link=x", "GET"), ("/?page=x", "GET"), ("/", "HEAD")):
        before = making.made
        ask(app, path, method), ask(app, path, method)
        assert making.made == before + 2, path
    making.status = 500
    ask(app)
    making.status, making.cookie = 200, "own"
    ask(app), ask(app)
    making.cookie = ""
    before = making.made
    ask(app), ask(app)
    assert making.made == before + 1
    monkeypatch.setattr(kept_page, "MOST", 2)
    for host in ("a", "b", "c"):
        ask(app, host=host)
    assert len(app._kept) == 2
