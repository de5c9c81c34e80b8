"""Time the looks on a visitor's own photo: the first tiles in sight, a later row, all of them.

    python -m benchmarks.gallery PHOTO… [--rounds 3] [--json FILE]

The clock starts when the first picture of a photo is made, as on the page, whose tiles follow it. "first": the four
tiles that are sent first; "sought": a row far down that was scrolled or filtered to while they were being made, until
its tiles are sent; "all": every look. Medians: seconds that pass, and after "of processor" those that it works, which
other programs on the machine disturb less.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

from benchmarks.timing import publish
from headshot.direction.direct import direct
from headshot.direction.presets import load_presets
from headshot.studio.session import PREVIEW_HEIGHT, Sitting, headshot
from headshot.ui.make.look_previews import thumbnails

_ROW = 4


def measure(photo: Path) -> dict[str, float]:
    """Time one photo's tiles, in seconds."""
    sitting = Sitting.open(photo)
    headshot(sitting, direct("linkedin"), height=PREVIEW_HEIGHT)
    row, taken = list(load_presets())[-_ROW:], dict[str, float]()
    sought: list[str] = []  # filled once the first are there
    began = asked = _now()

    def note(name: str, since: tuple[float, float]) -> None:
        passed, worked = (b - a for a, b in zip(since, _now(), strict=True))
        taken[name], taken[f"{name}, of processor"] = passed, worked

    tiles = thumbnails(sitting, ["linkedin"], lambda: sought)
    for made in tiles:
        if not sought:
            note("first", began)
            sought.extend(row)
            asked = _now()
        elif "sought" not in taken and set(row) <= set(made):
            note("sought", asked)
    note("all", began)
    return taken


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("photos", type=Path, nargs="+", metavar="PHOTO")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    measure(options.photos[0])  # loads what is loaded once for the process
    rounds = [[measure(photo) for photo in options.photos] for _ in range(options.rounds)]
    results = [
        {
            "photo": photo.name,
            "looks": len(load_presets()),
            **{key: round(statistics.median(r[i][key] for r in rounds), 2) for key in rounds[0][i]},
        }
        for i, photo in enumerate(options.photos)
    ]
    publish(results, options.json)


if __name__ == "__main__":
    main()
