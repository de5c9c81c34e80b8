"""One visitor over raw HTTP, as a browser asks: page, upload, picture, moves, report; and the app as a process.

The functions are found in /config by the element that begins them and the event, as the browser finds them.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 1800.0  # s that an answer may take: only a hang takes longer


class Refused(Exception):
    """The app answered with a sentence in place of what was asked for."""


def client_of(url: str) -> httpx.AsyncClient:
    """A client for the app, which speaks plain HTTP: without the certificates, whose reading takes 14 ms each time."""
    return httpx.AsyncClient(base_url=url, trust_env=False, timeout=LIMIT, verify=False)


@dataclass(frozen=True)
class Functions:
    """What the page does, of /config. `starts`: the values with which its fields begin, by component."""

    dependencies: tuple[Mapping[str, Any], ...]
    names: Mapping[int, str]  # element ids, by component
    starts: Mapping[int, Any]

    @classmethod
    async def read(cls, client: httpx.AsyncClient) -> Functions:
        config = (await client.get("/config")).raise_for_status().json()
        names = {c["id"]: str(c["props"].get("elem_id") or "") for c in config["components"]}
        starts = {c["id"]: c["props"].get("value") for c in config["components"] if c["type"] != "state"}
        return cls(tuple(config["dependencies"]), names, starts)

    def of(self, element: str, event: str) -> Mapping[str, Any]:
        """The function that an event of an element begins."""
        wanted = (element, event)
        return next(d for d in self.dependencies if any((self.names.get(t[0]), t[1]) == wanted for t in d["targets"]))

    def after(self, function: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        """The function called `name` that follows on another one's success."""
        following = (d for d in self.dependencies if d["trigger_after"] == function["id"])
        return next(d for d in following if d["api_name"].rstrip("_0123456789") == name)


class Visitor:
    """A browser's session: `present` holds the connection that an open page holds."""

    def __init__(self, url: str, functions: Functions) -> None:
        self.session = secrets.token_hex(6)
        self.functions = functions
        self.client = client_of(url)
        self.values = dict(functions.starts)

    @asynccontextmanager
    async def present(self) -> AsyncIterator[Visitor]:
        """The page is open while this is; then the visitor is gone."""
        (await self.client.get("/")).raise_for_status()
        heart = asyncio.create_task(self._beat())
        try:
            yield self
        finally:
            heart.cancel()
            await asyncio.gather(heart, return_exceptions=True)
            await self.client.aclose()

    async def _beat(self) -> None:
        async with self.client.stream("GET", f"/gradio_api/heartbeat/{self.session}") as lines:
            async for _ in lines.aiter_lines():
                pass

    async def bring(self, photo: bytes, element: str = "photo", event: str = "upload") -> Mapping[str, Any]:
        """Upload a photo into a field; returns the function that took it. Raises Refused."""
        function = self.functions.of(element, event)
        await self.lay(photo, function, element)
        await self.ask(function)
        return function

    async def lay(self, photo: bytes, function: Mapping[str, Any], element: str) -> None:
        """Upload a photo for a field that is an input of `function`. Raises Refused."""
        sent = await self.client.post("/gradio_api/upload", files=[("files", ("me.jpg", photo))])
        if sent.status_code != 200:
            raise Refused(sent.text)
        field = next(i for i in function["inputs"] if self.functions.names.get(i) == element)
        self.values[field] = {"path": sent.json()[0], "orig_name": "me.jpg", "meta": {"_type": "gradio.FileData"}}

    async def draw(self, after: Mapping[str, Any]) -> Mapping[str, Any]:
        """The picture that follows on a photo or a move; returns the function that made it. Raises Refused."""
        function = self.functions.after(after, "first_picture")
        await self.ask(function)
        return function

    async def move(self, element: str, value: Any) -> Mapping[str, Any]:
        """Move a slider; returns the function that made the picture. Raises Refused."""
        function = self.functions.of(element, "input")
        self.values[next(i for i in function["inputs"] if self.functions.names.get(i) == element)] = value
        await self.ask(function)
        return function

    async def report(self, after: Mapping[str, Any]) -> None:
        """The report that follows on a picture. Raises Refused."""
        await self.ask(self.functions.after(after, "measure"))

    async def ask(self, function: Mapping[str, Any], data: list[Any] | None = None) -> Any:
        """Have a function of the page run; returns its last answer. Raises Refused."""
        given = [self.values.get(i) for i in function["inputs"]] if data is None else data
        body = {"fn_index": function["id"], "data": given, "session_hash": self.session, "trigger_id": None}
        joined = await self.client.post("/gradio_api/queue/join", json=body)
        if joined.status_code != 200:
            raise Refused(joined.text)
        where = {"session_hash": self.session}
        async with self.client.stream("GET", "/gradio_api/queue/data", params=where) as lines:
            async for line in lines.aiter_lines():
                message = json.loads(line[5:]) if line.startswith("data:") else {}
                if message.get("msg") == "process_completed":
                    if not message["success"]:
                        raise Refused(str(message["output"]))
                    return message["output"]
                if message.get("msg") in ("unexpected_error", "close_stream"):
                    raise Refused(str(message))
        raise Refused("the stream ended")


@dataclass(frozen=True)
class Use:
    """What a process and its children hold: memory in MB (shared pages counted once), descriptors, threads."""

    megabytes: float
    descriptors: int
    threads: int


class App:
    """`python app.py` on a free port, with a temp folder of its own. `environment` is laid over this process's."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="headshot-load-")
        self.log = Path(self.folder.name) / "app.log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{port}"
        self.temp = Path(self.folder.name) / "temp"
        self.temp.mkdir()
        own = {"HOST": "127.0.0.1", "PORT": port, "TMPDIR": str(self.temp), "PYTHONUNBUFFERED": "1"}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "app.py"],
                cwd=ROOT,
                env={**os.environ, **(environment or {}), **own},
                stdout=log,
                stderr=log,
            )

    async def answers(self) -> None:
        """Returns once the page is there. Raises RuntimeError where the app ended."""
        async with client_of(self.url) as client:
            while True:
                if self.process.poll() is not None:
                    raise RuntimeError(self.log.read_text(encoding="utf-8"))
                try:
                    (await client.get("/")).raise_for_status()
                    return
                except httpx.TransportError:
                    await asyncio.sleep(0.2)

    def use(self) -> Use:
        """What the app holds now."""
        return use_of(self.process.pid)

    def end(self) -> None:
        """SIGTERM; returns once the process is gone, and its folder with it."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.folder.cleanup()


def use_of(pid: int) -> Use:
    """What the process `pid` and its children hold now (Linux)."""
    memory, descriptors, threads = 0.0, 0, 0
    for one in (pid, *children_of(pid)):
        try:
            place = Path("/proc") / str(one)
            lines = (place / "smaps_rollup").read_text().splitlines()
            memory += next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
            descriptors += len(os.listdir(place / "fd"))
            threads += len(os.listdir(place / "task"))
        except (OSError, StopIteration):  # it ended just now
            continue
    return Use(memory, descriptors, threads)


def children_of(pid: int) -> list[int]:
    """The processes below `pid`, all floors down (Linux)."""
    found: list[int] = []
    try:
        for task in (Path("/proc") / str(pid) / "task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *children_of(child)]
    except OSError:
        pass
    return found


async def settled(app: App, seconds: float) -> Use:
    """What the app holds after so many seconds without a visitor."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await asyncio.sleep(min(1.0, seconds))
    return app.use()
