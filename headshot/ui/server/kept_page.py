"""The page's HTML, kept once it was made: it is the same for everybody, and to make it takes a tenth of a second of CPU
in which nothing else is answered.
"""

from __future__ import annotations

from collections import OrderedDict

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headshot.ui.server.spoken import language_of

MOST = 16  # pages, 1 MB each: languages × names by which this app is asked for
_SAID_IN = ("host", "x-forwarded-host", "x-forwarded-proto", "x-gradio-server")  # the page holds its own address
_OTHER = (b"page=", b"deep_link=")  # in a query by which Gradio would answer with something else
_Key = tuple[str | None, ...]


class KeptPage:
    """ASGI middleware: answers a GET of the page from memory, after the first one of each language and address."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: OrderedDict[_Key, Response] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        if key in self._kept:
            self._kept.move_to_end(key)
            await self._kept[key](scope, receive, send)
            return
        answer: list[Message] = []

        async def listen(message: Message) -> None:
            answer.append(message)
            await send(message)

        await self._app(scope, receive, listen)
        if len(answer) == 2 and answer[0].get("status") == 200 and not _sets_cookie(answer[0]):
            page = self._kept[key] = Response(answer[1]["body"])
            page.raw_headers = list(answer[0]["headers"])
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)


def _key(scope: Scope) -> _Key | None:
    """By what one page differs from another; None for what is no page."""
    if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] not in ("", "/"):
        return None
    query: bytes = scope.get("query_string", b"")
    if any(name in query for name in _OTHER):
        return None
    headers = Headers(scope=scope)
    language = language_of(query.decode("latin-1"), headers.get("accept-language", ""))
    return (
        language,
        "gzip" if "gzip" in headers.get("accept-encoding", "") else None,
        scope["path"],
        scope.get("scheme"),
        scope.get("root_path"),
        *(headers.get(name) for name in _SAID_IN),
    )


def _sets_cookie(start: Message) -> bool:
    return any(name.lower() == b"set-cookie" for name, _ in start["headers"])
