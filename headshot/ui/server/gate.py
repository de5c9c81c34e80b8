"""The gate before the page: which hosts, origins, routes and bodies come in, and with which headers answers go out.

One ASGI layer, the same for a run on one's own machine and for a Space. Gradio serves many routes that this page has no
use for (monitoring, recordings, deep links that write a session to disk, files and addresses by path); what is not in
the table below is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headshot.environment import tells_metrics
from headshot.photo.decode import MAX_BYTES
from headshot.ui.components import uploads
from headshot.ui.server import json_body, metrics
from headshot.ui.server.body import Body

MAX_UPLOAD = uploads.MOST * (MAX_BYTES + 1024) + 4096  # bytes of a request to the upload route
MAX_BODY = 64 * 2**20  # bytes of any other: two of the largest photos in base64
_API = "/gradio_api"
_READ = re.compile(
    rf"/|/config/?|/(static|assets|svelte)/.+|/favicon\.ico|/robots\.txt|/manifest\.json|/picture/[\w-]+/[\w-]+|/pwa_icon(/(192|512))?|/theme\.css"
    rf"|{_API}/(info/?|app_id/?|user/?|login_check/?|startup-events|theme\.css|upload_progress|queue/(data|status)"
    rf"|heartbeat/[\w-]{{1,64}}|call/(v2/)?\w+/\w+|mcp/schema)"
)
_WRITE = re.compile(rf"{_API}/(upload|cancel|reset/?|queue/join|call/(v2/)?\w+/?|mcp(/.*)?)")
_METHODS: Mapping[str, re.Pattern[str]] = {
    "GET": _READ,
    "HEAD": _READ,
    "POST": _WRITE,
}
_MCP = re.compile(rf"{_API}/mcp(/|/http/?)?")
_CALL = re.compile(rf"{_API}/call/(?:v2/)?(?P<name>\w+)/?")
_ASKED = re.compile(rf"{_API}/(call/.+|queue/data)")  # what a program sent is at fault, or a session has ended
_UNFIT = "The request does not fit. See docs/api.md."
_OF_FORM = (ValueError, RecursionError)  # what Gradio raises at a body that cannot be read, or not be told of
_OTHER_PAGE = re.compile(rb"(^|&)(page|deep_link)=")  # of Gradio's own; ours is one, and keeps no session in a link
_IN_PARTS = (b"range", b"if-range")
_FILE = f"{_API}/file="
_KEPT = re.compile(r"/(static|assets|svelte)/")  # the page's own parts: a browser may keep them
_HEADERS = {
    # Gradio's page has scripts and styles in its HTML, and makes functions of our components' scripts.
    "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self' https://huggingface.co https://*.hf.space",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


class Gate:
    """ASGI middleware. `hosts`: names by which the page may be asked for, without port; None: by any.

    With `hosts`, a request from another page (its Origin) is refused as well.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str] | None) -> None:
        self._app = app
        self._hosts = None if hosts is None else frozenset(name.lower().strip("[]") for name in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # a web socket: the page has none
            await send({"type": "websocket.close", "code": 1008})
            return
        headers, path = Headers(scope=scope), _path(scope)
        if path == "/healthz" and scope["method"] in ("GET", "HEAD"):  # a supervisor asks under any name
            await PlainTextResponse("ok")(scope, receive, send)
            return
        if path == "/metrics" and scope["method"] == "GET" and tells_metrics():
            page = getattr(scope.get("app"), "blocks", None)
            await Response(metrics.told(page), media_type=metrics.TYPE)(scope, receive, send)
            return
        if not self._known(headers):
            await PlainTextResponse("This page is not served under that name.", 403)(scope, receive, send)
            return
        if _MCP.fullmatch(path) and scope["method"] != "POST":  # a stream on which nothing would ever be said
            about = "Programs speak the Model Context Protocol here, by POST. See docs/agents.md."
            await PlainTextResponse(about, 405, {"allow": "POST"})(scope, receive, _Answer(send, kept=False))
            return
        if not _is_served(scope["method"], path) or (
            path == "/" and _OTHER_PAGE.search(scope.get("query_string", b""))
        ):
            await PlainTextResponse("Not found.", 404)(scope, receive, send)
            return
        if path.startswith(_FILE) and headers.get("sec-fetch-dest") == "image":
            # A photo field would load what was uploaded a moment ago; its picture comes with the answer, smaller.
            await Response(status_code=204)(scope, receive, send)
            return
        asks_mcp = path.startswith(f"{_API}/mcp")
        most = MAX_UPLOAD if path == f"{_API}/upload" else json_body.MOST if asks_mcp else MAX_BODY
        body = Body(receive, most)
        answer = _Answer(send, kept=bool(_KEPT.match(path)), body=body)
        body.refuse_announced(headers)
        if body.fault is not None:
            await _refused(body.fault)(scope, receive, _Answer(send, kept=False))
            return
        if not _is_known(scope, path):
            await PlainTextResponse("There is nothing of that name.", 404)(scope, receive, answer)
            return
        if asks_mcp and scope["method"] == "POST" and not await body.is_json():
            await _refused(body.fault or (400, _UNFIT))(scope, receive, _Answer(send, kept=False))
            return
        # Nothing of ours is had in parts; what is asked for in many costs more than it weighs.
        whole = {**scope, "headers": [one for one in scope["headers"] if one[0] not in _IN_PARTS]}
        try:
            await self._app(whole, body, answer)
        except ClientDisconnect:  # in the middle of an upload: nobody is there to be told; or it was refused
            pass
        except Exception as fault:
            unfit = scope["method"] == "POST" and isinstance(fault, _OF_FORM)
            if body.fault is None and not unfit and not _ASKED.fullmatch(path):
                raise
            # Gradio reads a program's arguments before its queue does, and a stream ends when its session is forgotten.
            if answer.begun and body.fault is None:
                await answer({"type": "http.response.body", "body": b""})
            elif body.fault is None:
                await PlainTextResponse(_UNFIT, 400)(scope, receive, answer)
        if body.fault is not None and not answer.begun:
            await _refused(body.fault)(scope, receive, _Answer(send, kept=False))

    def _known(self, headers: Headers) -> bool:
        if self._hosts is None:
            return True
        host, origin = _name(f"//{headers.get('host', '')}"), headers.get("origin")
        return host in self._hosts and (origin is None or _name(origin) in self._hosts)


class _Answer:
    """`send` with our headers; `begun`: whether the answer has started. Where `body` was refused, it never does."""

    def __init__(self, send: Send, *, kept: bool, body: Body | None = None) -> None:
        self._send, self._kept, self._body, self.begun = send, kept, body, False

    async def __call__(self, message: Message) -> None:
        if self._body is not None and self._body.fault is not None and not self.begun:
            return  # a sentence of a library's, on a body that it did not get
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
            if not self._kept:
                headers["cache-control"] = "no-store"
        await self._send(message)


def _refused(fault: tuple[int, str]) -> Response:
    """An answer after which the connection ends: what is left of the request is no request."""
    return PlainTextResponse(fault[1], fault[0], {"connection": "close"})


def _path(scope: Scope) -> str:
    """The path below where the app is mounted, as a proxy may say it."""
    return str(scope["path"]).removeprefix(str(scope.get("root_path", "")).rstrip("/"))


def _is_served(method: str, path: str) -> bool:
    if path.startswith(_FILE) and method in ("GET", "HEAD"):
        return uploads.is_upload(unquote(path.removeprefix(_FILE)))
    known = _METHODS.get(method)
    return known is not None and known.fullmatch(path) is not None


def _is_known(scope: Scope, path: str) -> bool:
    """Whether an endpoint that a program calls is one for programs: Gradio would take the page's own functions, too."""
    called = _CALL.fullmatch(path) if scope["method"] == "POST" else None
    page = getattr(scope.get("app"), "blocks", None)
    if called is None or page is None:
        return True
    return any(f.api_visibility == "public" and f.api_name == called["name"] for f in page.fns.values())


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
