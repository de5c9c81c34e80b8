"""What a contact sheet costs: 16 cells of own pixels at preview size against one cell, each from the file on.

    python -m benchmarks.sheet PHOTO [--rounds 5] [--json FILE]

One cell and sixteen take turns in one run, so that a busy machine weighs on both. The models are loaded before the
clock starts; each round reads the photo anew. Arms: "one" a sheet of one cell; "looks" four looks by four strengths
of light (several frames); "light" four strengths by four warmths (one frame); "report" one headshot with its full
report, which is what the page shows for a single picture.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from headshot.axis import Axis
from headshot.direction import direct
from headshot.sheet import Sheet, cells, plan
from headshot.studio import PREVIEW_HEIGHT, Sitting, headshot, judge

_STRENGTH = ("0.1", "0.3", "0.5", "0.7")
_ARMS: dict[str, tuple[str, tuple[str, ...], str, tuple[str, ...]]] = {
    "one": ("preset", ("linkedin",), "light.strength", ("0.3",)),
    "looks": ("preset", ("linkedin", "corporate", "creative", "warm-studio"), "light.strength", _STRENGTH),
    "light": ("light.warmth", ("-0.4", "-0.1", "0.1", "0.4"), "light.strength", _STRENGTH),
}


def _sheet(arm: str) -> Sheet:
    rows, down, columns, across = _ARMS[arm]
    return plan(direct("linkedin"), Axis.of(rows, down), Axis.of(columns, across))


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("photo", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()

    def of_sheet(arm: str) -> Callable[[], None]:
        def run() -> None:
            made = cells(Sitting.open(options.photo), _sheet(arm))
            assert all(c.result is not None for c in made)

        return run

    def with_report() -> None:
        judge(headshot(Sitting.open(options.photo), direct("linkedin"), height=PREVIEW_HEIGHT))

    arms = {**{name: of_sheet(name) for name in _ARMS}, "report": with_report}
    times: dict[str, list[float]] = {name: [] for name in arms}
    with_report()  # loads what is loaded once for the process
    for _ in range(options.rounds):
        for name, run in arms.items():
            began = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - began)
    median = {name: statistics.median(t) for name, t in times.items()}
    ratios = {
        f"{arm} / {of}": statistics.median(a / b for a, b in zip(times[arm], times[of], strict=True))
        for arm in ("looks", "light") for of in ("one", "report")
    }  # fmt: skip
    result = {
        "photo": options.photo.name, "rounds": options.rounds,
        "seconds": {k: round(v, 2) for k, v in median.items()},
        "ratios": {k: round(v, 2) for k, v in ratios.items()},
    }  # fmt: skip
    print(json.dumps(result, indent=2))
    if options.json:
        options.json.write_text(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
