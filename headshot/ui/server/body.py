"""The body of a request on its way in: at most so many bytes, and not slower than anybody's line."""

from __future__ import annotations

import anyio
from starlette.datastructures import Headers
from starlette.types import Message, Receive

from headshot.ui.server import json_body

SLOWEST = 1024  # bytes a second that a body must bring; a bad line of a telephone brings ten times as many
PATIENCE = 30.0  # s without any, at first
MOST_PATIENCE = 120.0  # s without any, however fast it came before
# Status and words. They are for programs: no browser of ours sends such a request.
_TWO_LENGTHS = (400, "The request's length is told in two ways.")
_TOO_LARGE = (413, "The request is too large.")
_TOO_SLOW = (408, "The request came too slowly.")


class Body:
    """`receive` up to `most` bytes, in time; then the client counts as gone, and `fault` says why: (status, words)."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._left = receive, most
        self._complete = False
        self._end: float | None = None  # s of the event loop's clock
        self._whole: Message | None = None  # what was looked at before it is taken
        self.fault: tuple[int, str] | None = None

    def refuse_announced(self, headers: Headers) -> None:
        """Set `fault` where the headers say that it is too large, or say its length in two ways.

        Of two lengths a proxy in front may believe the other one: what we leave of the body is a second request to it.
        """
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers and "content-length" in headers:
            self.fault = _TWO_LENGTHS
        elif not length.isdecimal() or len(length) > 12 or int(length) > self._left:
            self.fault = _TOO_LARGE

    async def is_json(self) -> bool:
        """Read all of it, and say whether it fits; then it is still there to be taken."""
        data, more = bytearray(), True
        while more:
            message = await self()
            if message["type"] != "http.request":
                return False
            data += message.get("body", b"")
            more = message.get("more_body", False)
        self._whole = {"type": "http.request", "body": bytes(data), "more_body": False}
        return json_body.fits(data)

    async def __call__(self) -> Message:
        if self._whole is not None:
            whole, self._whole = self._whole, None
            return whole
        if self._complete:  # from here on it tells that the client goes
            return await self._receive()
        if self.fault is not None:
            return {"type": "http.disconnect"}
        now = anyio.current_time()
        self._end = now + PATIENCE if self._end is None else self._end
        message: Message | None = None
        with anyio.CancelScope(deadline=self._end):
            message = await self._receive()
        if message is None:
            self.fault = _TOO_SLOW
            return {"type": "http.disconnect"}
        count = len(message.get("body", b""))
        self._left -= count
        self._end = min(self._end + count / SLOWEST, anyio.current_time() + MOST_PATIENCE)
        self._complete = not message.get("more_body", False)
        if self._left < 0:
            self.fault = _TOO_LARGE
            return {"type": "http.disconnect"}
        return message
