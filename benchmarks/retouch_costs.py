"""Seconds of each retouching tool, for a move and for the final: `python -m benchmarks.retouch_costs PHOTO`.

A picture is made once before, as on the page; then each tool at 1, each feature at its end, and the sensible mix of the
contact sheet. Wall seconds mean something on a quiet machine alone; processor seconds beside them.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from benchmarks.retouch_sheet import MIX, TOOLS, wishes
from headshot.direction.direct import direct
from headshot.direction.settings import SETTINGS
from headshot.studio.session import Sitting, headshot

HEIGHTS = (800, 2048)  # px: of a preview, of the final


def seconds(one: Sitting, wish: Mapping[str, float], height: int, rounds: int) -> tuple[float, float]:
    """Measure the median wall and processor seconds of one picture."""
    asked, found = direct(overrides=dict(wish)), []
    headshot(one, asked, height=height)
    for _ in range(rounds):
        wall, processor = time.perf_counter(), time.process_time()
        headshot(one, asked, height=height)
        found.append((time.perf_counter() - wall, time.process_time() - processor))
    wall, processor = np.median(np.array(found), axis=0)
    return float(wall), float(processor)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photo", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    one = Sitting.open(arguments.photo)
    shape = tuple(key for key, setting in SETTINGS.items() if setting.moves)
    asked = {"nothing": {}, **wishes(tuple(f"retouch.{tool}" for tool in TOOLS)), **wishes(shape), "mix": MIX}
    for height in HEIGHTS:
        for label, wish in asked.items():
            wall, processor = seconds(one, wish, height, arguments.rounds)
            print(f"{height} px  {label:24} {wall:6.3f} s  {processor:6.3f} s of the processor", flush=True)


if __name__ == "__main__":
    main()
