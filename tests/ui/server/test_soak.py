"""The short form of `make soak`: some visitors, each attack once, on the app that all tests share."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks.soak import Tally, soak
from tests.fixtures.app_server import App
from tests.fixtures.shared_photos import photo_path


@pytest.mark.sweep
@pytest.mark.data
def test_visitors_come_and_go_and_each_attack_is_refused(app: App) -> None:
    photos, before = [photo_path("coleman_1.jpg").read_bytes()], app.log.count("Traceback")

    def run() -> Tally:
        return asyncio.run(soak(app.url, photos, at_once=1, seed=3, visits=1))

    with ThreadPoolExecutor(1) as thread:  # Playwright has a loop in this one
        tally = thread.submit(run).result()
    assert tally.faults == [] and tally.pictures >= 1 and tally.hostile == 8
    assert app.log.count("Traceback") == before
