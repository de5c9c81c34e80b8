"""How long an honest visitor waits for a picture while others send files that are made to take long.

    python -m benchmarks.behind_bombs [PHOTO] [--hostile 0 2 8] [--visits 5] [--json FILE]

Each hostile visitor sends one bomb after the other, as fast as they are answered: TIFFs of 40 megapixels in 16 bits,
the costliest of the files that are read. A row for each number of them: seconds from the end of the honest visitor's
upload to the picture, median and worst, and how many bombs were answered in that time.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import time
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.timing import publish
from benchmarks.visitor import App, Functions, Visitor, client_of

SIDE = 6300  # pixels: just under what is taken


@dataclass
class Sent:
    """How many bombs were answered so far."""

    bombs: int = 0


def deep() -> bytes:
    """A TIFF of 16 bits, under 1 MB, that takes a second of processor."""
    file = BytesIO()
    Image.fromarray(np.full((SIDE, SIDE), 30_000, np.uint16)).save(file, "TIFF", compression="tiff_lzw")
    return file.getvalue()


async def attack(url: str, functions: Functions, bomb: bytes, sent: Sent) -> None:
    """One hostile visitor, until cancelled."""
    async with Visitor(url, functions).present() as one:
        while True:
            await one.bring(bomb)
            sent.bombs += 1


async def visit(url: str, functions: Functions, photo: bytes, sent: Sent) -> tuple[float, int]:
    """An honest visitor: seconds from the end of the upload to the picture, and the bombs answered in that time."""
    async with Visitor(url, functions).present() as one:
        function = functions.of("photo", "upload")
        await one.lay(photo, function, "photo")
        began, before = time.monotonic(), sent.bombs
        await one.ask(function)
        await one.draw(function)
        return time.monotonic() - began, sent.bombs - before


async def row(app: App, functions: Functions, photo: bytes, hostile: int, visits: int) -> dict[str, Any]:
    """One number of hostile visitors."""
    sent, bomb = Sent(), deep()
    attacks = [asyncio.create_task(attack(app.url, functions, bomb, sent)) for _ in range(hostile)]
    try:
        while sent.bombs < hostile:  # until each has had its first answer
            if ended := [task for task in attacks if task.done()]:
                ended[0].result()
            await asyncio.sleep(0.05)
        waits = [await visit(app.url, functions, photo, sent) for _ in range(visits)]
    finally:
        for task in attacks:
            task.cancel()
        await asyncio.gather(*attacks, return_exceptions=True)
    seconds, bombs = [wait for wait, _ in waits], [count for _, count in waits]
    return {
        "hostile": hostile,
        "bombs answered": sent.bombs,
        "picture, s": [round(statistics.median(seconds), 2), round(max(seconds), 2)],
        "bombs answered meanwhile": [round(statistics.median(bombs), 1), max(bombs)],
    }


async def run(photo: bytes, numbers: list[int], visits: int) -> list[dict[str, Any]]:
    """All rows, against one app."""
    app = App()
    try:
        await app.answers()
        async with client_of(app.url) as client:
            functions = await Functions.read(client)
        await visit(app.url, functions, photo, Sent())  # what is loaded once is loaded
        rows = []
        for number in numbers:
            rows.append(await row(app, functions, photo, number, visits))
            print(rows[-1], flush=True)
        return rows
    finally:
        app.end()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photo", nargs="?", type=Path, default=None, help="default: the example photo")
    parser.add_argument("--hostile", nargs="+", type=int, default=[0, 2, 8])
    parser.add_argument("--visits", type=int, default=5)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    if asked.photo is None:
        from headshot.studio.examples import first_example

        asked.photo = first_example().path
    load = os.getloadavg()[0]  # of others: before anything of ours
    rows = asyncio.run(run(asked.photo.read_bytes(), asked.hostile, asked.visits))
    publish({"load of the machine before": round(load, 1), "cores": os.cpu_count(), "rows": rows}, asked.json)


if __name__ == "__main__":
    main()
