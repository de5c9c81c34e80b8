"""In which language a visitor is spoken to: what the address says (`?lang=de`), else what the browser likes."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headshot.language import current, languages, liked, speaking
from headshot.text import asset
from headshot.ui.server.preview import with_our_preview

_PAGE = (b'lang="en"', b"<head>")


def language_of(query: str, header: str) -> str:
    """The code of the language for a request with this query string and Accept-Language header."""
    asked = parse_qs(query[:2000], max_num_fields=50).get("lang", [""])[0]
    return asked if asked in languages() else liked(header)


def language_of_request(request: Any) -> str:
    """The same for a request as Gradio hands it to `process_api`; English where there is none."""
    one = request[0] if isinstance(request, list) and request else request
    try:
        return language_of(one.url.query or "", one.headers.get("accept-language", ""))
    except (AttributeError, ValueError):  # called by a test or from Python: nobody asked over HTTP
        return current()


class Spoken:
    """ASGI middleware: sets the language for what answers the request, and writes it into the page's HTML.

    A visitor's choice is kept in the browser alone; a few lines at the top of the page ask for it before all else.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        header = Headers(scope=scope).get("accept-language", "")
        with speaking(language_of(scope.get("query_string", b"").decode("latin-1"), header)):
            page = scope["method"] == "GET" and scope["path"] in ("", "/")
            await self._app(scope, receive, _Page(send, scope) if page else send)


class _Page:
    """`send` that gathers the page's HTML and passes it on with its language, preview, first styles and script."""

    def __init__(self, send: Send, scope: Scope) -> None:
        self._send, self._scope, self._body = send, scope, b""
        self._start: Message = {}

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
            return
        if not self._start or message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        first = f"<head><style>{asset(__file__, 'early.css')}</style><script>{asset(__file__, 'spoken.js')}</script>"
        body = self._body.replace(_PAGE[0], f'lang="{current()}"'.encode(), 1).replace(_PAGE[1], first.encode(), 1)
        body = with_our_preview(body, self._scope)
        headers = [(k, v) for k, v in self._start["headers"] if k.lower() not in (b"content-length", b"vary")]
        headers += [(b"content-length", str(len(body)).encode()), (b"vary", b"Accept-Language")]
        await self._send({**self._start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


def _is_html(message: Message) -> bool:
    return any(k.lower() == b"content-type" and v.startswith(b"text/html") for k, v in message["headers"])
