"""What a hostile visitor sends. Each attack answers what was wrong: "" where the app refused it as it should."""

from __future__ import annotations

import asyncio
import json
import struct
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from benchmarks.visitor import Functions, Refused, Visitor

_META = {"_type": "gradio.FileData"}
_PLACES = ("/etc/hostname", "/dev/zero", "/proc/self/environ", "../../../../etc/passwd", "http://127.0.0.1:1/x.png")


async def reads_a_file(client: httpx.AsyncClient, functions: Functions) -> str:
    """Names files of the host in place of an upload."""
    one = Visitor(str(client.base_url), functions)
    function = functions.of("photo", "upload")
    field = next(i for i in function["inputs"] if functions.names.get(i) == "photo")
    async with one.client:
        for place in _PLACES:
            for sent in ({"path": place}, {"path": place, "meta": _META}, {"path": place, "url": place, "meta": _META}):
                one.values[field] = sent
                try:
                    answer = await one.ask(function)
                except Refused:
                    continue
                if "data:image" in str(answer):
                    return f"a picture came back for {place}"
    return ""


async def comes_by_another_name(client: httpx.AsyncClient, _: Functions) -> str:
    """Asks as a page elsewhere would (DNS rebinding, cross-site posts)."""
    for headers in ({"host": "evil.example"}, {"origin": "https://evil.example"}):
        answer = await client.get("/config", headers=headers)
        if answer.status_code != 403:
            return f"{headers} was let in: {answer.status_code}"
    return ""


async def asks_for_closed_routes(client: httpx.AsyncClient, _: Functions) -> str:
    """Asks for what the page has no use for."""
    for path in ("/monitoring/summary", "/gradio_api/file=/etc/passwd", "/file=https://example.org/", "/docs"):
        answer = await client.get(path)
        if answer.status_code not in (403, 404):
            return f"{path} is open: {answer.status_code}"
    return ""


async def sends_too_much(client: httpx.AsyncClient, _: Functions) -> str:
    """Announces 10 GB."""
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    host = f"{client.base_url.host}:{client.base_url.port}"
    writer.write(f"POST /gradio_api/queue/join HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9999999999\r\n\r\n".encode())
    status = await reader.readline()
    writer.close()
    return "" if b" 413 " in status else f"10 GB were let in: {status!r}"


async def breaks_off(client: httpx.AsyncClient, _: Functions) -> str:
    """Goes in the middle of an upload."""

    async def part() -> Any:
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="me.jpg"\r\n\r\n' + b"face" * 50_000
        raise httpx.WriteError("gone")

    headers = {"content-type": "multipart/form-data; boundary=x", "content-length": "9000000"}
    await client.post("/gradio_api/upload", content=part(), headers=headers)
    return "it was answered"


async def sends_a_bomb(client: httpx.AsyncClient, functions: Functions) -> str:
    """A PNG of 30,000 chunks, one of 60,000 × 60,000 pixels, and one that is none."""
    one = Visitor(str(client.base_url), functions)
    async with one.client:
        for data in (_png(8, 8, 30_000), _png(60_000, 60_000, 0), b"\x89PNG\r\n\x1a\n" + b"\0" * 5000):
            await one.bring(data)  # the field is emptied and says why
            answer = await one.ask(functions.after(functions.of("photo", "upload"), "first_picture"))
            if "data:image" in str(answer):
                return "a picture was made of it"
    return ""


async def sends_other_types(client: httpx.AsyncClient, _: Functions) -> str:
    """Calls an endpoint with what is no photo, no table and no function."""
    for more in ({"photo": 5}, {"photo": "x", "settings": [1]}, {"photo": "x" * 100, "preset": {"a": 1}}):
        call = await client.post("/gradio_api/call/v2/headshot", json={"consent": True, **more})
        if call.status_code != 200:
            continue
        answer = await client.get(f"/gradio_api/call/headshot/{call.json()['event_id']}")
        if "event: error" not in answer.text or "Traceback" in answer.text:
            return f"{json.dumps(more)[:60]}: {answer.text[:200]}"
    body = {"fn_index": 99_999, "data": [], "session_hash": "x"}
    answer = await client.post("/gradio_api/queue/join", json=body)
    return "" if answer.status_code >= 400 else "a function that is none was let in"


async def makes_up_sessions(client: httpx.AsyncClient, functions: Functions) -> str:
    """Is a new visitor with every request."""
    function = functions.of("photo", "clear")
    for _ in range(5):
        one = Visitor(str(client.base_url), functions)
        async with one.client:
            await one.ask(function, [False, None])
    return ""


def _png(width: int, height: int, chunks: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    text = chunk(b"tEXt", b"a\0b") * chunks
    return b"\x89PNG\r\n\x1a\n" + head + text + chunk(b"IDAT", zlib.compress(b"\0" * 72)) + chunk(b"IEND", b"")


ATTACKS: tuple[Callable[[httpx.AsyncClient, Functions], Awaitable[str]], ...] = (
    reads_a_file,
    comes_by_another_name,
    asks_for_closed_routes,
    sends_too_much,
    breaks_off,
    sends_a_bomb,
    sends_other_types,
    makes_up_sessions,
)
