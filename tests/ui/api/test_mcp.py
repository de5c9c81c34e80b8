"""The endpoints as tools of the Model Context Protocol; the app where its packages are missing."""

from __future__ import annotations

import asyncio
import base64
import json
import urllib.request
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.fixtures.app_server import App
from tests.fixtures.browser import until
from tests.fixtures.shared_photos import photo_path

TOOLS = {
    "headshot",
    "contact_sheet",
    "read_words",
    "pose_of",
    "judge_pair",
    "best_of",
    "furthest",
    "choices",
    "settings_of",
    "save_look",
    "load_look",
}
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".avif")


def asked(url: str, question: Callable[[Any], Awaitable[Any]]) -> Any:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async def run() -> Any:
        async with (
            streamablehttp_client(f"{url}/gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await question(session)

    with ThreadPoolExecutor(1) as pool:  # the browser of other tests has an event loop in this thread
        return pool.submit(asyncio.run, run()).result()


def test_the_tools_are_the_public_endpoints_and_no_other(app: App) -> None:
    async def listed(session: Any) -> list[list[Any]]:
        tools, resources, prompts = (
            await session.list_tools(),
            await session.list_resources(),
            await session.list_prompts(),
        )
        return [tools.tools, resources.resources, prompts.prompts]

    found, *others = asked(app.url, listed)
    assert {tool.name for tool in found} == TOOLS
    for tool in found:
        asked_for = tool.inputSchema.get("properties", {})
        assert all(len(p.get("description", "")) > 5 and {"type", "enum"} & set(p) for p in asked_for.values()), tool
    words = next(tool for tool in found if tool.name == "read_words")
    assert "plain words" in words.description and set(words.inputSchema["properties"]) == {"words", "engine"}
    assert others == [[], []]


def test_words_through_mcp(app: App) -> None:
    answer = asked(app.url, lambda s: s.call_tool("read_words", {"words": "warmer, an owl"}))
    assert not answer.isError and "light.warmth" in answer.content[0].text and "owl" in answer.content[0].text


def test_what_is_private_cannot_be_called(app: App) -> None:
    with urllib.request.urlopen(f"{app.url}/config") as reply:
        private = {d["api_name"] for d in json.load(reply)["dependencies"] if d["api_visibility"] == "private"}
    assert len(private) > 20

    async def called(session: Any) -> list[bool]:
        return [(await session.call_tool(str(name), {})).isError for name in sorted(private)[:3]]

    assert asked(app.url, called) == [True] * 3


@pytest.mark.data
def test_a_photo_through_mcp_leaves_nothing(app: App) -> None:
    photo = base64.b64encode(photo_path("coleman_1.jpg").read_bytes()).decode()
    answer = asked(app.url, lambda s: s.call_tool("headshot", {"photo": photo, "preset": "mono", "consent": True}))
    assert not answer.isError and "verdict" in answer.content[0].text
    assert until(lambda: not app.files(*PICTURES) and all(p.stat().st_size <= 20_000 for p in app.files()))
