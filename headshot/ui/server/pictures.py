"""Pictures for the page, each sent once: answers name them by address, and the browser asks for each address once.

An answer of the page tells all that a component shows, the tray's forty pictures and the photo beside the headshot too,
and Gradio tells the last answer of a handler twice. So the data URLs in it are put aside here, in the memory of the
visitor's session, and an address stands in their place; components/dom.js keeps what it fetched in the page's memory.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections import OrderedDict
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

from gradio.state_holder import SessionState
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

MOST = 8 * 2**20  # bytes kept for one visitor: what the newest answer names, several times over
_ADDRESS = re.compile(r"/picture/([\w-]{16,64})/([\w-]{16,64})")
_DATA_URL = re.compile(r"data:image/jpeg;base64,([A-Za-z0-9+/=]+)")
_IN_HTML = re.compile(rf' src="({_DATA_URL.pattern})"')


class Pictures:
    """One visitor's pictures by address, the ones named last; the oldest go above MOST bytes."""

    def __init__(self) -> None:
        self.name = secrets.token_urlsafe(16)
        self._key = secrets.token_bytes(16)  # nobody can tell from an address what is behind it
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0

    def address(self, data_url: str) -> str:
        """Put a JPEG's data URL aside, or find it; returns its address, from the page's own."""
        digest = hashlib.blake2b(data_url.encode(), key=self._key, digest_size=16).digest()
        name = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if name in self._held:
            self._held.move_to_end(name)
        else:
            picture = base64.b64decode(data_url.partition(",")[2])
            self._held[name] = picture
            self._bytes += len(picture)
            while self._bytes > MOST and len(self._held) > 1:
                self._bytes -= len(self._held.popitem(last=False)[1])
        return f"picture/{self.name}/{name}"

    def get(self, name: str) -> bytes | None:
        """The picture's bytes; None where it is not, or no longer, here."""
        return self._held.get(name)

    def clear(self) -> None:
        """Forget all."""
        self._held.clear()
        self._bytes = 0


_of_session: WeakKeyDictionary[SessionState, Pictures] = WeakKeyDictionary()
_by_name: WeakValueDictionary[str, Pictures] = WeakValueDictionary()


def named(answer: Any, state: SessionState) -> Any:
    """The answer of a handler of the page, with addresses in place of the pictures in it."""
    pictures = _of_session.get(state)
    if pictures is None:
        pictures = _of_session[state] = Pictures()
        _by_name[pictures.name] = pictures
    return _named(answer, pictures)


def forget(state: SessionState) -> None:
    """Forget a session's pictures."""
    if (pictures := _of_session.pop(state, None)) is not None:
        pictures.clear()


def _named(value: Any, pictures: Pictures) -> Any:
    match value:
        case str() if _DATA_URL.fullmatch(value):
            return pictures.address(value)
        case str() if "data:image/jpeg" in value:  # HTML: the page's script puts the picture in (keys.js)
            return _IN_HTML.sub(lambda found: f' data-picture="{pictures.address(found[1])}"', value)
        case dict():
            return {key: _named(one, pictures) for key, one in value.items()}
        case list():
            return [_named(one, pictures) for one in value]
        case tuple() if type(value) is tuple:  # of several outputs
            return tuple(_named(one, pictures) for one in value)
    return value


class PictureRoute:
    """ASGI middleware: answers for the addresses of pictures."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = _ADDRESS.search(str(scope.get("path", ""))) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        pictures = _by_name.get(found[1])
        picture = None if pictures is None else pictures.get(found[2])
        if picture is None:
            await Response(status_code=404)(scope, receive, send)
        else:
            await Response(picture, media_type="image/jpeg")(scope, receive, send)
