"""Two replicas of the real app behind sticky sessions: nothing is shared, and one may die."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from benchmarks.visitor import App, Functions, Visitor
from headshot.ui.make.result_card import FORGOTTEN
from tests.fixtures.shared_photos import photo_path
from tests.fixtures.sticky_proxy import COOKIE, StickyProxy, proxied


@pytest.mark.sweep
@pytest.mark.data
def test_a_visitor_stays_on_one_replica_and_is_told_where_it_dies() -> None:
    photo, apps = photo_path("garan_1.jpg").read_bytes(), [App(), App()]

    async def run(proxy: StickyProxy) -> dict[str, Any]:
        for app in apps:
            await app.answers()
        async with httpx.AsyncClient(base_url=proxy.url, trust_env=False, timeout=600) as client:
            functions = await Functions.read(client)
        visitors = [Visitor(proxy.url, functions), Visitor(proxy.url, functions)]
        async with visitors[0].present() as ann, visitors[1].present() as bob:
            at = [int(one.client.cookies[COOKIE]) for one in visitors]
            for one in (ann, bob):
                await one.report(await one.draw(await one.bring(photo)))
            known = [(came, number) for came, number in proxy.served if came]
            assert len(known) > 10 and all(came == str(number) for came, number in known), "each stays on one"
            assert [int(one.client.cookies[COOKIE]) for one in visitors] == at
            os.kill(apps[at[0]].process.pid, signal.SIGKILL)
            apps[at[0]].process.wait()
            told = json.dumps(await ann.ask(_moved(ann)), ensure_ascii=False)
            now = int(ann.client.cookies[COOKIE])
            await ann.draw(await ann.bring(photo))
            await bob.ask(_moved(bob))
            return {"at": at, "now": now, "told": told, "bob": bob.client.cookies[COOKIE]}

    try:
        # In a thread: where Playwright is at work it has a loop in this one.
        with proxied([app.url for app in apps]) as proxy, ThreadPoolExecutor(1) as thread:
            seen = thread.submit(asyncio.run, run(proxy)).result()
    finally:
        for app in apps:
            if app.process.poll() is None:
                app.end()
    assert sorted(seen["at"]) == [0, 1], "a new visitor goes to the next replica"
    assert seen["now"] == seen["at"][1] == int(seen["bob"]), "the other one serves"
    assert FORGOTTEN in seen["told"]


def _moved(one: Visitor) -> Any:
    """The function that the slider of warmth begins, with the slider moved."""
    function = one.functions.of("set-light-warmth", "input")
    one.values[next(i for i in function["inputs"] if one.functions.names.get(i) == "set-light-warmth")] = 0.3
    return function
