"""Time each stage, warm: `make bench`, or `python -m benchmarks.stages [PHOTO] [--runs N] [--json]`.

read, subject, matte, stage, canvas, finish, encode for the compare view, report, a slider move at preview size,
a change of preset, and the final picture at full size. Median and 90th percentile over N runs, after one run that
loads the models and is not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.timing import in_turns
from headshot.canvas.compose import compose
from headshot.canvas.cutout.cut_out import ask, cut_out
from headshot.canvas.stage import make_stage
from headshot.direction.direct import direct
from headshot.engines.finish import finish
from headshot.files.encode import headshot_file
from headshot.photo.decode import open_photo
from headshot.photo.subject import find_subject
from headshot.studio.examples import first_example
from headshot.studio.result_report import judge
from headshot.studio.session import PREVIEW_HEIGHT, Sitting, headshot
from headshot.ui.components.compare.compare import compare_value
from headshot.ui.make.look_previews import thumbnails


def stages(path: Path) -> dict[str, Callable[[int], Any]]:
    """Make each stage a function of the run's number, on what the stages before it made."""
    data = path.read_bytes()
    direction = direct()
    one = Sitting.open(data)
    photo, subject = one.photo, one.subject
    cutout = one.cutout
    stage = one.stage(direction, PREVIEW_HEIGHT)
    canvas = compose(stage, direction)
    shot = headshot(one, direction, height=PREVIEW_HEIGHT)
    looks = ("corporate", "brand", "startup", "mono")

    def slider(run: int) -> Any:
        """What the page does: light on the kept stage, finish, and the pair as data for the browser."""
        light = replace(direction.light, strength=(run % 10) / 10)
        moved = headshot(one, replace(direction, light=light), height=PREVIEW_HEIGHT)
        return compare_value(moved.canvas.original, moved.picture)

    def final(_: int) -> Any:
        one._stages.leave(0)
        return headshot(one, direction)

    def preset(run: int) -> Any:
        one._stages.leave(0)  # another crop needs another stage
        return headshot(one, direct(looks[run % len(looks)]), height=PREVIEW_HEIGHT)

    full = headshot(one, direction)
    return {
        "read": lambda _: open_photo(data),
        "subject": lambda _: find_subject(photo),
        "matte": lambda _: cut_out(ask(photo, subject)),
        "stage, preview": lambda _: make_stage(
            photo, subject, cutout, direction.crop, own_backdrop=False, height=PREVIEW_HEIGHT
        ),
        "canvas, preview": lambda _: compose(stage, direction),
        "finish, preview": lambda _: finish(canvas, direction.retouch),
        "compare encode": lambda _: compare_value(canvas.original, shot.picture),
        "report": lambda _: judge(shot),
        "slider move": slider,
        "preset change": preset,
        "first thumbnails": lambda _: (one._stages.leave(0), next(thumbnails(one, ["linkedin"]))),
        "all thumbnails": lambda _: (one._stages.leave(0), list(thumbnails(one, ["linkedin"]))),
        "final picture": final,
        "final file, JPEG": lambda _: headshot_file(full),
        "photo to first headshot": lambda _: headshot(Sitting.open(data), direction, height=PREVIEW_HEIGHT),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photo", nargs="?", type=Path, default=None, help="default: the example photo")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    path = arguments.photo or first_example().path
    photo = open_photo(path.read_bytes())
    final = headshot(Sitting.open(path), direct()).picture.shape
    facts = {
        "photo": f"{photo.width} × {photo.height}",
        "final": f"{final[1]} × {final[0]}",
        "preview": PREVIEW_HEIGHT,
        "cores": len(os.sched_getaffinity(0)),
        "load": round(os.getloadavg()[0], 1),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "runs": arguments.runs,
    }
    times = {name: in_turns({name: work}, arguments.runs)[name] for name, work in stages(path).items()}
    rows = {name: {"median_s": t.median, "p90_s": t.p90} for name, t in times.items()}
    if arguments.json:
        print(json.dumps({"facts": facts, "stages": rows}, indent=2))
        return
    print(", ".join(f"{key} {value}" for key, value in facts.items()))
    print(f"\n{'stage':<26}{'median s':>10}{'p90 s':>10}")
    for name, row in rows.items():
        print(f"{name:<26}{row['median_s']:>10.3f}{row['p90_s']:>10.3f}")


if __name__ == "__main__":
    main()
