"""Visitors come and go for an hour, one in ten of them hostile; then nothing of them is left and the app is as it was.

    python -m benchmarks.soak [PHOTO…] [--minutes 60] [--at-once 4] [--wait 60] [--seed 1] [--json FILE]

An honest visitor uploads a photo (the example where none is given), sees a picture, moves some sliders, reads the
report; one in three closes the tab in the middle. A hostile one sends what `ATTACKS` lists. Ends with status 1 and the
faults where an honest visitor got no picture, something hostile was let in, the log holds a traceback, a file of a
visitor is left `--wait` seconds after the last one, or memory or descriptors are a tenth over those of the start.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks.attacks import ATTACKS
from benchmarks.load import MOVES
from benchmarks.timing import publish
from benchmarks.visitor import App, Functions, Refused, Visitor, client_of, settled

HOSTILE = 0.1  # of the visitors
LEAVES = 1 / 3  # of the others, in the middle


@dataclass
class Tally:
    """What happened."""

    visits: int = 0
    pictures: int = 0
    left: int = 0
    hostile: int = 0
    faults: list[str] = field(default_factory=list)


async def honest(url: str, functions: Functions, photo: bytes, chance: random.Random, tally: Tally) -> None:
    """One visitor, who may leave at any moment."""
    patience = chance.uniform(0.5, 8.0) if chance.random() < LEAVES else None
    async with Visitor(url, functions).present() as one:
        try:
            async with asyncio.timeout(patience):
                last = await one.draw(await one.bring(photo))
                tally.pictures += 1
                for element, value in chance.sample(MOVES, chance.randint(0, len(MOVES))):
                    last = await one.move(element, value)
                await one.report(last)
        except TimeoutError:
            tally.left += 1
        except (Refused, httpx.HTTPError) as fault:
            tally.faults.append(f"an honest visitor: {type(fault).__name__}: {str(fault)[:200]}")


async def hostile(url: str, functions: Functions, number: int, tally: Tally) -> None:
    """One attack, which must be refused."""
    attack = ATTACKS[number % len(ATTACKS)]
    tally.hostile += 1
    async with client_of(url) as client:
        try:
            if said := await attack(client, functions):
                tally.faults.append(f"{attack.__name__}: {said}")
        except httpx.TransportError:
            pass  # the app hung up


async def soak(
    url: str, photos: list[bytes], *, at_once: int, seed: int, seconds: float = 0.0, visits: int = 0
) -> Tally:
    """Let visitors come for so many seconds, or until so many have come. Each attack comes once in `visits`."""
    async with client_of(url) as client:
        functions = await Functions.read(client)
    chance, tally, end = random.Random(seed), Tally(), time.monotonic() + seconds

    async def door() -> None:
        while time.monotonic() < end or tally.visits < visits:
            tally.visits += 1
            if chance.random() < HOSTILE:
                await hostile(url, functions, tally.hostile, tally)
            else:
                await honest(url, functions, chance.choice(photos), chance, tally)

    await asyncio.gather(*(door() for _ in range(at_once)))
    for number in range(tally.hostile, len(ATTACKS) if visits else 0):
        await hostile(url, functions, number, tally)
    return tally


async def run(photos: list[bytes], minutes: float, at_once: int, wait: float, seed: int) -> dict[str, Any]:
    """Soak an app of its own, and look at what is left."""
    app = App()
    try:
        await app.answers()
        await soak(app.url, photos, at_once=at_once, seed=seed, visits=2 * at_once)  # what is loaded once is loaded
        start = await settled(app, wait)
        tally = await soak(app.url, photos, at_once=at_once, seed=seed, seconds=60 * minutes)
        after = await settled(app, wait)
        left = [p.name for p in app.temp.rglob("*") if p.is_file() and p.name != "lock"]
        if left:
            tally.faults.append(f"files are left: {left[:5]}")
        if "Traceback" in (log := app.log.read_text(encoding="utf-8")):
            tally.faults.append(f"a traceback: {log[log.index('Traceback') :][-600:]}")
        for name in ("megabytes", "descriptors", "threads"):
            if getattr(after, name) > 1.1 * getattr(start, name) + 1:
                tally.faults.append(f"{name}: {getattr(start, name):.0f} before, {getattr(after, name):.0f} after")
        counts = {k: v for k, v in vars(tally).items() if k != "faults"}
        return {**counts, "start": vars(start), "after": vars(after), "faults": tally.faults}
    finally:
        app.end()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", nargs="*", type=Path)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument("--wait", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    if not asked.photos:
        from headshot.studio.examples import first_example

        asked.photos = [first_example().path]
    data = [photo.read_bytes() for photo in asked.photos]
    found = asyncio.run(run(data, asked.minutes, asked.at_once, asked.wait, asked.seed))
    publish(found, asked.json)
    return 1 if found["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
