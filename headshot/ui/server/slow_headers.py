"""A connection whose request does not come is closed: uvicorn waits for the end of its headers for ever."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 30.0  # s from a connection, or from the first byte of a further request, to the end of its headers


def install() -> None:
    """Have each connection closed that takes longer than PATIENCE, in this process."""
    if getattr(H11Protocol, "in_time", False):
        return
    H11Protocol.in_time = True  # type: ignore[attr-defined]
    made, received, lost = H11Protocol.connection_made, H11Protocol.data_received, H11Protocol.connection_lost
    timers: dict[Any, asyncio.TimerHandle] = {}

    def stop(line: Any) -> None:
        if (timer := timers.pop(line, None)) is not None:
            timer.cancel()

    def close(line: Any) -> None:
        if timers.pop(line, None) is not None and line.conn.their_state is h11.IDLE:
            line.transport.close()

    def connection_made(line: Any, transport: Any) -> None:
        made(line, transport)
        timers[line] = line.loop.call_later(PATIENCE, close, line)

    def data_received(line: Any, data: bytes) -> None:
        received(line, data)
        if line.conn.their_state is not h11.IDLE:
            stop(line)
        elif line not in timers and line.conn.trailing_data[0]:  # a further request has begun
            timers[line] = line.loop.call_later(PATIENCE, close, line)

    def connection_lost(line: Any, fault: Exception | None) -> None:
        stop(line)
        lost(line, fault)

    H11Protocol.connection_made = connection_made  # type: ignore[method-assign, assignment]
    H11Protocol.data_received = data_received  # type: ignore[method-assign, assignment]
    H11Protocol.connection_lost = connection_lost  # type: ignore[method-assign, assignment]
