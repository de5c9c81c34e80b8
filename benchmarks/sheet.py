"""Time a contact sheet: 16 cells of own pixels at preview size against one cell, each from the file on.

    python -m benchmarks.sheet PHOTO… [--rounds 5] [--json FILE]

One cell and sixteen take turns in one run, so that a busy machine weighs on both. A first round is not
counted; each round reads the photo anew. Arms: "one" a sheet of one cell; "looks" four looks by four strengths
of light (several frames); "light" four strengths by four warmths (one frame); "report" one headshot with its full
report, which is what the page shows for a single picture. "wall": seconds that pass; "processor": seconds that it
works, which other programs on the machine disturb less.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.timing import in_turns, publish
from headshot.direction.direct import direct
from headshot.studio.result_report import judge
from headshot.studio.session import PREVIEW_HEIGHT, Sitting, headshot
from headshot.studio.sheet.axis import Axis
from headshot.studio.sheet.sheet import Sheet, cells, plan

_STRENGTH = ("0.1", "0.3", "0.5", "0.7")
_ARMS: dict[str, tuple[str, tuple[str, ...], str, tuple[str, ...]]] = {
    "one": ("preset", ("linkedin",), "light.strength", ("0.3",)),
    "looks": ("preset", ("linkedin", "corporate", "creative", "warm-studio"), "light.strength", _STRENGTH),
    "light": ("light.warmth", ("-0.4", "-0.1", "0.1", "0.4"), "light.strength", _STRENGTH),
}


def _sheet(arm: str) -> Sheet:
    rows, down, columns, across = _ARMS[arm]
    return plan(direct("linkedin"), Axis.of(rows, down), Axis.of(columns, across))


def measure(photo: Path, rounds: int) -> dict[str, Any]:
    """Measure the medians in seconds of each arm on each clock, and of the arms' ratios within a round."""

    def of_sheet(arm: str) -> Callable[[int], None]:
        def run(_: int) -> None:
            made = cells(Sitting.open(photo), _sheet(arm))
            assert all(c.result is not None for c in made)

        return run

    def with_report(_: int) -> None:
        judge(headshot(Sitting.open(photo), direct("linkedin"), height=PREVIEW_HEIGHT))

    arms = {**{name: of_sheet(name) for name in _ARMS}, "report": with_report}
    times = in_turns(arms, rounds)
    result: dict[str, Any] = {"photo": photo.name, "rounds": rounds}
    for clock in ("wall", "processor"):
        taken = {name: getattr(t, clock) for name, t in times.items()}
        result[clock] = {
            "seconds": {name: round(statistics.median(t), 2) for name, t in taken.items()},
            "ratios": {
                f"{arm} / {of}": round(statistics.median(a / b for a, b in zip(taken[arm], taken[of], strict=True)), 2)
                for arm in ("looks", "light")
                for of in ("one", "report")
            },
        }
    return result


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("photos", type=Path, nargs="+", metavar="PHOTO")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    publish([measure(photo, options.rounds) for photo in options.photos], options.json)


if __name__ == "__main__":
    main()
