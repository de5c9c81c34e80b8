"""The tools for agents by a real client of the Model Context Protocol; the app where its packages are missing."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import re
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client
from PIL import Image

from headshot.ui.agents.tools import GONE
from tests import ROOT
from tests.fixtures.app_server import App
from tests.fixtures.browser import until
from tests.fixtures.shared_photos import photo_path

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


def tokens(*parts: Any) -> float:
    """What a model reads or writes, by three letters a token and 750 px of a picture (as Anthropic counts these)."""
    total = 0.0
    for part in parts:
        if getattr(part, "type", "") == "image":
            with Image.open(io.BytesIO(base64.b64decode(part.data))) as image:
                total += image.width * image.height / 750
        else:
            total += len(getattr(part, "text", None) or json.dumps(part)) / 3
    return total


def uploaded(app: App, name: str) -> str:
    with photo_path(name).open("rb") as file:
        return str(httpx.post(f"{app.url}/gradio_api/upload", files={"files": (name, file)}, trust_env=False).json()[0])


def test_three_short_tools_and_no_other(app: App) -> None:
    async def listed(session: Any) -> Any:
        return await session.list_tools()

    found = asked(app.url, listed).tools
    assert {tool.name for tool in found} == {"headshot", "judge_pair", "choices"}
    assert tokens(*(tool.model_dump(exclude_none=True) for tool in found)) < 1000
    for tool in found:
        asked_for = tool.inputSchema["properties"]
        assert tool.description and all(part.get("description") and "type" in part for part in asked_for.values())
        assert "save_as" not in asked_for, "nobody writes to the server's disk"


def test_what_there_is_to_choose_is_short_json(app: App) -> None:
    for group, key in (("", "looks"), ("light", "light.warmth")):
        answer = asked(app.url, lambda s, group=group: s.call_tool("choices", {"group": group}))
        assert not answer.isError and key in json.loads(answer.content[0].text) and tokens(*answer.content) < 1000


def test_what_is_no_tool_cannot_be_called_and_an_old_name_says_what_to_do(app: App) -> None:
    async def all_of_them(session: Any) -> dict[str, Any]:
        return {name: await session.call_tool(name, {}) for name in (*GONE, "receive")}

    answers = asked(app.url, all_of_them)
    assert all(answer.isError for answer in answers.values())
    assert "no such tool" in answers.pop("receive").content[0].text
    endpoints = set(Client(app.url, verbose=False).view_api(return_format="dict")["named_endpoints"])
    for name, answer in answers.items():
        text = answer.content[0].text
        assert name in text and set(re.findall(r"/[a-z_]+", text)) <= endpoints
        assert re.search(r"/[a-z_]+", text), "each of them stays as an endpoint"


@pytest.mark.data
def test_a_file_goes_in_and_a_picture_comes_out_and_nothing_is_left(app: App) -> None:
    words = {
        "photo": uploaded(app, "coleman_1.jpg"),
        "look": "mono",
        "settings": {"light.warmth": 0.2},
        "consent": True,
    }
    answer = asked(app.url, lambda s: s.call_tool("headshot", words))
    text, picture = answer.content
    told = json.loads(text.text)
    assert not answer.isError and told["verdict"] in ("green", "amber") and told["report"] and told["disclosure"]
    assert picture.type == "image" and picture.mimeType == "image/jpeg"
    data = base64.b64decode(picture.data)
    assert b"algorithmicallyEnhanced" in data or b"humanEdits" in data, "it carries its mark"
    assert tokens(words, *answer.content) < 2000

    pair = {"photo": uploaded(app, "coleman_1.jpg"), "picture": uploaded(app, "coleman_2.jpg"), "consent": True}
    answer = asked(app.url, lambda s: s.call_tool("judge_pair", pair))
    assert not answer.isError and json.loads(answer.content[0].text)["verdict"] in ("green", "grey", "amber")
    assert tokens(pair, *answer.content) < 2000
    assert until(lambda: not app.files(*PICTURES))


@pytest.mark.data
def test_wrong_places_and_values_are_one_sentence(app: App) -> None:
    cases = (
        ({"photo": "/etc/hostname", "consent": True}, "not uploaded here"),
        ({"photo": "http://127.0.0.1:1/x.jpg", "consent": True}, "not uploaded here"),
        ({"photo": f"{app.url}/gradio_api/file=/etc/hostname", "consent": True}, "not uploaded here"),
        ({"consent": True}, "photo"),
        ({"photo": "x", "consent": True, "size": 99999}, "99999"),
        ({"photo": uploaded(app, "noface_cat.png"), "consent": True}, "No face"),
        ({"photo": uploaded(app, "coleman_1.jpg"), "consent": True, "look": "nothing"}, "nothing"),
        ({"photo": uploaded(app, "coleman_1.jpg"), "consent": True, "settings": {"light.warmth": "x" * 9}}, "warmth"),
    )

    async def called(session: Any) -> list[Any]:
        return [await session.call_tool("headshot", words) for words, _ in cases]

    for (words, said), answer in zip(cases, asked(app.url, called), strict=True):
        assert answer.isError and said in answer.content[0].text and len(answer.content[0].text) < 600, (words, answer)


@pytest.mark.sweep
@pytest.mark.data
def test_on_this_machine_a_path_goes_in_and_a_file_may_come_out(tmp_path: Path) -> None:
    """`headshot mcp`, as an agent starts it."""
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    photo, made = str(photo_path("garan_1.jpg")), tmp_path / "made.jpg"

    async def run() -> list[Any]:
        program = StdioServerParameters(command=sys.executable, args=["-m", "headshot", "mcp"], cwd=ROOT)
        async with stdio_client(program) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            ask = {"photo": photo, "consent": True, "save_as": str(made)}
            return [
                await session.call_tool("headshot", ask | {"consent": False}),
                await session.call_tool("headshot", ask),
                await session.call_tool("headshot", ask),
                await session.call_tool("headshot", ask | {"save_as": "me.txt"}),
            ]

    with ThreadPoolExecutor(1) as pool:
        refused, first, again, no_picture = pool.submit(asyncio.run, run()).result()
    assert refused.isError and "agreed" in refused.content[0].text
    assert not first.isError and json.loads(first.content[0].text)["saved"] == str(made)
    assert first.content[1].type == "image" and tokens(*first.content) < 2000
    assert again.isError and no_picture.isError, "no file is written over, and none of another kind"
    with Image.open(made) as image:
        assert max(image.size) > 800
    assert list(tmp_path.iterdir()) == [made]
