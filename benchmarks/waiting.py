"""Time what a person waits for: `python -m benchmarks.waiting [PHOTO] [--runs N] [--json FILE]`.

First picture at preview size from 1.3, 12 and 48 megapixels after the bytes have arrived, a slider at preview size, the
final picture of 2048 px with its file, and the whole command `make`. Median of nine, wall and processor seconds, beside
the goal; peak memory of each. The photo (default: the example) is enlarged, with fine noise, so that its JPEG is as
large as a camera's. Each row runs in a process of its own, one after the other, so that little memory is held.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.timing import in_turns, publish

SIZES = {"first picture, 1.3 MP": 1.3, "first picture, 12 MP": 12.0, "first picture, 48 MP": 48.0}
SLIDER, FINAL, COMMAND = "slider, preview", "final picture, 2048 px", "command line, make"
GOALS = dict(zip((*SIZES, SLIDER, FINAL, COMMAND), (1.5, 2.0, 3.0, 0.1, 1.5, 3.0), strict=True))  # s, two free cores


def enlarged(photo: Path, megapixels: float) -> bytes:
    """A JPEG of the photo at so many megapixels."""
    from headshot.photo.decode import read_photo

    pixels = read_photo(photo).pixels
    scale = (megapixels * 1e6 / (pixels.shape[0] * pixels.shape[1])) ** 0.5
    large = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    rng, file = np.random.default_rng(1), BytesIO()
    for rows in range(0, len(large), 256):  # in strips: 48 megapixels of noise at once are half a gigabyte
        part = large[rows : rows + 256]
        part[:] = (part + rng.normal(0, 3, (*part.shape[:2], 1))).clip(0, 255).astype(np.uint8)
    from PIL import Image

    Image.fromarray(large).save(file, "JPEG", quality=92)
    return file.getvalue()


def work(row: str, photo: Path) -> Callable[[int], Any]:
    """What a row times, as a function of the run's number."""
    from headshot.direction.direct import direct
    from headshot.files.encode import headshot_file
    from headshot.studio.session import PREVIEW_HEIGHT, Sitting, headshot
    from headshot.ui.components.compare.compare import compare_value

    direction = direct()
    if row in SIZES:
        data = enlarged(photo, SIZES[row])

        def first(_: int) -> Any:
            made = headshot(Sitting.open(data), direction, height=PREVIEW_HEIGHT)
            return compare_value(made.canvas.original, made.picture)

        return first
    one = Sitting.open(enlarged(photo, 12.0))
    if row == FINAL:
        # Made anew each time: the stage is what most of it goes into.
        return lambda _: (one._stages.leave(0), headshot_file(headshot(one, direction, height=2048)))

    def slider(run: int) -> Any:
        light = replace(direction.light, strength=(run % 10) / 10)
        moved = headshot(one, replace(direction, light=light), height=PREVIEW_HEIGHT)
        return compare_value(moved.canvas.original, moved.picture)

    return slider


def command(photo: Path) -> Callable[[int], Any]:
    def make(_: int) -> None:
        with tempfile.TemporaryDirectory() as out:
            run = [sys.executable, "-m", "headshot", "make", str(photo), "--out", out]
            subprocess.run(run, check=True, capture_output=True)

    return make


def measured(row: str, photo: Path, runs: int) -> dict[str, float]:
    """Seconds and MB of one row, in this process, whose memory is set up as the app's is."""
    from headshot.environment import keep_freed_memory
    from headshot.ui.server.memory import keep_small_pages

    keep_freed_memory()
    keep_small_pages()
    whose = resource.RUSAGE_CHILDREN if row == COMMAND else resource.RUSAGE_SELF
    arm = command(photo) if row == COMMAND else work(row, photo)
    before = resource.getrusage(whose)
    times = in_turns({row: arm}, runs)[row]
    after = resource.getrusage(whose)
    processor = float(np.median(times.processor))
    if row == COMMAND:  # its work is another process's
        processor = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / (runs + 1)
    return {"median": times.median, "p90": times.p90, "processor": processor, "peak MB": after.ru_maxrss / 1024}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photo", nargs="?", type=Path, default=None, help="default: the example photo")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--row", choices=tuple(GOALS), help="this row alone, as JSON, in this process")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    if asked.photo is None:
        from headshot.studio.examples import first_example

        asked.photo = first_example().path
    if asked.row:
        print(json.dumps(measured(asked.row, asked.photo, asked.runs)))
        return
    print(f"{'':<26}{'goal':>8}{'median':>9}{'p90':>9}{'processor':>11}{'peak MB':>9}   seconds, {platform.machine()}")
    found = {}
    for row, goal in GOALS.items():
        options = ["--runs", str(asked.runs), "--row", row]
        run = [sys.executable, "-m", "benchmarks.waiting", str(asked.photo), *options]
        said = subprocess.run(run, check=True, capture_output=True, text=True).stdout
        one = found[row] = {"goal": goal, **json.loads(said)}
        seconds = f"{one['median']:>9.2f}{one['p90']:>9.2f}{one['processor']:>11.2f}"
        print(f"{row:<26}{goal:>8.1f}{seconds}{one['peak MB']:>9.0f}", flush=True)
    if asked.json:
        publish(found, asked.json)


if __name__ == "__main__":
    main()
