"""Seconds of each retouching tool, of a move and of the final: `python -m benchmarks.retouch_costs PHOTO`.

Each tool at 1, each feature at its end, and the sensible mix of the contact sheet, right after a picture with nothing
asked, as on the page, where nothing is known of the tool yet; then each slider of the mix moved by itself, which needs
no more than that slider's step and what follows. "Another light" is the canvas made anew. Wall seconds mean something
on a quiet machine alone; processor seconds beside them.
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
from headshot.environment import keep_freed_memory
from headshot.studio.session import Sitting, headshot

HEIGHTS = (800, 2048)  # px: of a preview, of the final
LIGHT = {"light.warmth": 0.1}


def seconds(
    one: Sitting, wish: Mapping[str, float], height: int, rounds: int, before: Mapping[str, float]
) -> tuple[float, float]:
    """Measure the median wall and processor seconds of one picture, made right after that of `before`.

    A picture in another light goes before both, so that no step of theirs is kept.
    """
    asked, known, found = direct(overrides=dict(wish)), direct(overrides=dict(before)), []
    for again in range(rounds + 1):
        headshot(one, direct(overrides=LIGHT), height=height)
        headshot(one, known, height=height)
        wall, processor = time.perf_counter(), time.process_time()
        headshot(one, asked, height=height)
        if again:  # the first one also works out what the stage keeps
            found.append((time.perf_counter() - wall, time.process_time() - processor))
    wall, processor = np.median(np.array(found), axis=0)
    return float(wall), float(processor)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photo", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    keep_freed_memory()  # as the app does
    one = Sitting.open(arguments.photo)
    shape = tuple(key for key, setting in SETTINGS.items() if setting.moves)
    alone = {
        "another light": {"light.warmth": 0.2},
        **wishes(tuple(f"retouch.{tool}" for tool in TOOLS)),
        **wishes(shape),
        "mix": MIX,
    }
    moves = {f"mix, {key} moved": MIX | {key: 0.7 * MIX[key]} for key in MIX}
    moves |= {f"mix, {key} moved": MIX | {key: 0.3} for key in ("retouch.sharpness", "light.warmth")}
    asked = [(height, label, wish, {}) for height in HEIGHTS for label, wish in alone.items()]
    asked += [(HEIGHTS[0], label, wish, MIX) for label, wish in moves.items()]
    for height, label, wish, before in asked:
        wall, processor = seconds(one, wish, height, arguments.rounds, before)
        print(f"{height} px  {label:32} {wall:6.3f} s  {processor:6.3f} s of the processor", flush=True)


if __name__ == "__main__":
    main()
