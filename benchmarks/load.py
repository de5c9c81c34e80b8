"""How many visitors the app bears: each comes, uploads, sees a picture, moves five sliders, reads the report, leaves.

    python -m benchmarks.load PHOTO… [--visitors 1 8 32 64] [--wait 600] [--json FILE]

All of a row come at once and stay until the last one has its report. Columns: visitors; errors; first picture
(seconds from the upload, median and worst); page (seconds that another one waited for the page meanwhile, median and
worst); MB at most, MB for each visitor present at the end, descriptors, threads, and the memory `--wait` seconds after
all have left, as a share of that at the start. The start is after one visitor who warmed up: what is loaded once is
loaded. Memory is that of the app and its children, shared pages counted once. The gallery's tiles are not asked for.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks.page_wait import page_waits
from benchmarks.timing import publish
from benchmarks.visitor import App, Functions, Refused, Use, Visitor, client_of, settled

MOVES = (
    ("set-light-strength", 0.7),
    ("set-light-warmth", 0.2),
    ("set-crop-head_height", 0.5),
    ("set-light-exposure", 0.2),
    ("set-retouch-contrast", 0.3),
)


@dataclass
class Row:
    """What one number of visitors saw."""

    visitors: int
    start: Use
    pictures: list[float] = field(default_factory=list)
    page: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    present: Use = field(default_factory=lambda: Use(0, 0, 0))
    after: Use = field(default_factory=lambda: Use(0, 0, 0))
    seconds: float = 0.0

    def told(self) -> dict[str, Any]:
        """The row for people and for JSON."""
        pictures = self.pictures or [float("nan")]
        return {
            "visitors": self.visitors,
            "errors": len(self.errors),
            "said": sorted(set(self.errors))[:3],
            "first picture, s": [round(statistics.median(pictures), 1), round(max(pictures), 1)],
            "page, s": [round(statistics.median(self.page), 2), round(max(self.page), 2)],
            "MB at start": round(self.start.megabytes),
            "MB at most": round(max(u.megabytes for u in self.uses)),
            "MB for each present": round((self.present.megabytes - self.start.megabytes) / self.visitors, 1),
            "descriptors": [self.start.descriptors, max(u.descriptors for u in self.uses), self.after.descriptors],
            "threads": [self.start.threads, max(u.threads for u in self.uses), self.after.threads],
            "after, of the start": round(self.after.megabytes / self.start.megabytes, 2),
            "seconds": round(self.seconds),
        }


async def visit(url: str, functions: Functions, photo: bytes, row: Row, all_done: asyncio.Barrier) -> None:
    """One visitor, from coming to leaving."""
    async with Visitor(url, functions).present() as one:
        try:
            began = time.monotonic()
            last = await one.draw(await one.bring(photo))
            row.pictures.append(time.monotonic() - began)
            for element, value in MOVES:
                last = await one.move(element, value)
            await one.report(last)
        except (Refused, httpx.HTTPError) as fault:
            row.errors.append(str(fault)[:200] or type(fault).__name__)
        await all_done.wait()
        await all_done.wait()  # until what is held now was read


async def watch(app: App, row: Row) -> None:
    """Sample what the app holds, until cancelled."""
    while True:
        row.uses.append(await asyncio.to_thread(app.use))
        await asyncio.sleep(0.5)


async def measure(app: App, photos: list[bytes], visitors: int, wait: float) -> Row:
    """One row."""
    async with client_of(app.url) as client:
        functions = await Functions.read(client)
    row = Row(visitors, app.use())
    all_done = asyncio.Barrier(visitors + 1)
    with page_waits(app.url) as waits:
        watching = asyncio.create_task(watch(app, row))
        began = time.monotonic()
        coming = (visit(app.url, functions, photos[i % len(photos)], row, all_done) for i in range(visitors))
        going = [asyncio.create_task(one) for one in coming]
        await all_done.wait()
        row.seconds = time.monotonic() - began
        row.present = app.use()
        await all_done.wait()
        await asyncio.gather(*going)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    row.page = waits
    row.after = await settled(app, wait)
    return row


async def run(photos: list[Path], numbers: list[int], wait: float) -> list[dict[str, Any]]:
    """All rows, against one app."""
    app = App()
    try:
        await app.answers()
        data = [photo.read_bytes() for photo in photos]
        await measure(app, data, 1, min(wait, 30))
        rows = []
        for number in numbers:
            rows.append((await measure(app, data, number, wait)).told())
            print(rows[-1], flush=True)
        return rows
    finally:
        app.end()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", nargs="+", type=Path)
    parser.add_argument("--visitors", nargs="+", type=int, default=[1, 8, 32, 64])
    parser.add_argument("--wait", type=float, default=600.0, help="seconds after the last one has left")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    load = os.getloadavg()[0]  # of others: before anything of ours
    rows = asyncio.run(run(asked.photos, asked.visitors, asked.wait))
    publish({"load of the machine before": round(load, 1), "cores": os.cpu_count(), "rows": rows}, asked.json)


if __name__ == "__main__":
    main()
