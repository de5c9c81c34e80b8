"""The table of what a person waits for, and what they would wait for elsewhere: `make bench`.

    python -m benchmarks.table [--photos FOLDER] [--runs 5] [--visitors 1 8 32 64] [--rows WORD…] [--out FOLDER]

Writes bench.md and bench.json to benchmarks/results with the versions, the load while each row ran, and n. Rows: the
first picture from 1.3, 12 and 48 megapixels, a slider, the final picture, the command; the report; twelve looks; a
sheet of 16; a team of 24; so many visitors at once. Ratios take turns in one run with what a user would pick instead:
the saliency network that we ask alone, as rembg asks its (by the side output that we keep), by seconds and by error on
known alpha; the model card's recipe on diffusers for a generator, by rows through the UNet (tiny weights); one face
recogniser's distance, as DeepFace with its model Dlib gives it, beside the report. `--rows` are those
whose name holds one of the words; earlier figures of the others stay in the files, each with its date and load.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import load
from benchmarks.cutout import composites, errors, ours
from benchmarks.timing import in_turns
from benchmarks.waiting import GOALS
from headshot import __version__
from headshot.authenticity.recognition import dlib_judge
from headshot.direction.direct import direct
from headshot.direction.presets import load_presets
from headshot.photo.decode import PHOTO_ENDINGS, read_photo
from headshot.photo.faces import find_faces
from headshot.photo.networks import u2netp
from headshot.photo.subject import find_subject
from headshot.studio import TeamJob, TeamRequest
from headshot.studio.people import team_of
from headshot.studio.result_report import judge
from headshot.studio.session import PREVIEW_HEIGHT, Sitting, headshot
from headshot.studio.sheet.axis import Axis
from headshot.studio.sheet.sheet import cells, plan
from headshot.types import F32, U8, Photo
from tests import ROOT, SHARED

TEAM = 24
_PACKAGES = ("torch", "onnxruntime", "opencv-contrib-python-headless", "numpy", "gradio")
Found = dict[str, Any]


def timed(work: Callable[[int], Any], runs: int) -> Found:
    """Median seconds of one thing; the first run is not counted."""
    times = in_turns({"": work}, runs)[""]
    return {"wall s": times.median, "processor s": statistics.median(times.processor), "n": runs}


def against(arms: dict[str, Callable[[int], Any]], runs: int) -> Found:
    """The first arm's seconds as a multiple of the second's: the median of each round's ratio."""
    (mine, ours_), (theirs, others) = in_turns(arms, runs).items()
    ratio = [a / b for a, b in zip(ours_.processor, others.processor, strict=True)]
    seconds = {f"{name}, processor s": statistics.median(t.processor) for name, t in ((mine, ours_), (theirs, others))}
    return {"ratio": statistics.median(ratio), **seconds, "n": runs}


def saliency_alone(pixels: U8) -> F32:
    """U²-NetP's answer scaled to the picture, as rembg does; by its first output rembg takes twice as long for it."""
    import cv2

    said = u2netp.saliency(pixels)
    return np.asarray(cv2.resize(said, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LANCZOS4).clip(0, 1))


def cut_out_errors() -> Found:
    """SAD on composites of known alpha, ours over theirs."""
    found: dict[str, list[float]] = {"ours": [], "U²-NetP": []}
    for one in composites(SHARED / "data"):
        part, (x, y) = ours(Photo(one.pixels, "test"), find_subject(Photo(one.pixels, "test")))
        whole = np.zeros_like(one.alpha)
        whole[y : y + part.shape[0], x : x + part.shape[1]] = part
        found["ours"].append(errors(whole, one)["SAD"])
        found["U²-NetP"].append(errors(saliency_alone(one.pixels), one)["SAD"])
    mine, theirs = (statistics.fmean(found[name]) for name in ("ours", "U²-NetP"))
    return {"ratio": mine / theirs, "ours, SAD": mine, "U²-NetP, SAD": theirs, "n": len(found["ours"])}


def rows(photos: list[Path], runs: int, visitors: list[int]) -> Iterator[tuple[str, Callable[[], Found]]]:
    """Each row's name and its measurement."""
    photo = photos[0]

    def waited(name: str) -> Found:
        command = [sys.executable, "-m", "benchmarks.waiting", str(photo), "--runs", str(runs), "--row", name]
        said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        return {"wall s": said["median"], "processor s": said["processor"], "goal s": GOALS[name], "n": runs}

    for name in GOALS:
        yield name, lambda name=name: waited(name)

    sitting = Sitting.open(photo)
    shot = headshot(sitting, direct(), height=PREVIEW_HEIGHT)
    looks = list(load_presets())[:12]
    sheet = plan(
        direct(),
        Axis.of("preset", ("linkedin", "corporate", "creative", "warm-studio")),
        Axis.of("light.strength", ("0.1", "0.3", "0.5", "0.7")),
    )
    yield "report", lambda: timed(lambda _: judge(shot), runs)
    yield (
        "twelve looks",
        lambda: timed(lambda _: [headshot(sitting, direct(look), height=PREVIEW_HEIGHT) for look in looks], runs),
    )
    yield "sheet of 16", lambda: timed(lambda _: list(cells(Sitting.open(photo), sheet)), runs)
    people = team_of((str(n), photos[n % len(photos)]) for n in range(TEAM))
    yield f"team of {TEAM}", lambda: timed(lambda n: list(TeamJob(TeamRequest(people=people)).work()) if n else None, 1)

    whole = read_photo(photo)
    subject = find_subject(whole)
    two = {"ours": lambda _: ours(whole, subject), "U²-NetP": lambda _: saliency_alone(whole.pixels)}
    yield "cut-out, ours ÷ U²-NetP alone, seconds", lambda: against(two, runs)
    yield "cut-out, ours ÷ U²-NetP alone, error", cut_out_errors

    def one_distance(_: int) -> float:
        pair = [(p, find_faces(p)[0].landmarks) for p in (shot.canvas.original, shot.picture)]
        return dlib_judge.distance(*(dlib_judge.embed(p, marks) for p, marks in pair if marks is not None))

    judged = {"report": lambda _: judge(shot), "one distance": one_distance}
    yield "report ÷ one recogniser's distance, seconds", lambda: against(judged, runs)

    def forwards() -> Found:
        with tempfile.TemporaryDirectory() as folder:
            answer = Path(folder) / "costs.json"
            command = [sys.executable, "-m", "benchmarks.slider_costs", "--json", str(answer)]
            subprocess.run(command, check=True, capture_output=True)
            costs = json.loads(answer.read_text())
        rows_of = {
            what: statistics.fmean(c[what]["rows"] for c in costs["moves"].values()) for what in ("draft", "full")
        }
        told = {f"a {what}, UNet rows": rows_of[what] for what in ("draft", "full")}
        return {**told, "the recipe's": costs["recipe"]["rows"], "n": len(costs["moves"])}

    yield "a generator's slider move, UNet rows against the model card's recipe", forwards

    def borne(number: int) -> Found:
        (told,) = asyncio.run(load.run(photos, [number], 60.0))
        keys = ("errors", "first picture, s", "page, s", "MB at most", "after, of the start")
        return {key: told[key] for key in keys} | {"n": number}

    for number in visitors:
        yield f"{number} visitors at once", lambda number=number: borne(number)


def machine() -> Found:
    """The versions that the figures are of."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout
    versions = {name: metadata.version(name) for name in _PACKAGES}
    facts = {"headshot": __version__, "commit": commit.strip(), "python": platform.python_version()}
    return {**facts, **versions, "cores": len(os.sched_getaffinity(0)), "machine": platform.machine()}


def table(found: Found) -> str:
    """The Markdown."""
    lines = ["# What a person waits for", "", *(f"- {key}: {value}" for key, value in found["machine"].items()), ""]
    lines += ["Load: processes that wanted a core while the row ran. n: runs, people or visitors.", ""]
    lines += ["| row | figures | n | load | date |", "|---|---|---|---|---|"]
    for name, row in found["rows"].items():
        told = {k: v for k, v in row.items() if k not in ("n", "load", "date")}
        figures = ", ".join(
            f"{key} {value:.3g}" if isinstance(value, float) else f"{key} {value}" for key, value in told.items()
        )
        lines.append(f"| {name} | {figures} | {row['n']} | {row['load']} | {row['date']} |")
    return "\n".join([*lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, help="a folder of portraits; the example photo else")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--visitors", nargs="*", type=int, default=[1, 8, 32, 64])
    parser.add_argument("--rows", nargs="*", default=[""])
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results")
    asked = parser.parse_args()
    if asked.photos is None:
        from headshot.studio.examples import first_example

        photos = [first_example().path]
    else:
        photos = sorted(p for p in asked.photos.iterdir() if p.suffix.lower() in PHOTO_ENDINGS)
    asked.out.mkdir(parents=True, exist_ok=True)
    kept = asked.out / "bench.json"
    found: Found = json.loads(kept.read_text()) if kept.is_file() else {"rows": {}}
    found["machine"] = machine()
    for name, measure in rows(photos, asked.runs, asked.visitors):
        if not any(word in name for word in asked.rows):
            continue
        row = measure()
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        found["rows"][name] = row | {"load": round(os.getloadavg()[0], 1), "date": today}
        print(name, found["rows"][name], flush=True)
        kept.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        (asked.out / "bench.md").write_text(table(found), encoding="utf-8")


if __name__ == "__main__":
    main()
