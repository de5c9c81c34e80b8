"""Hold each slider that moves a feature to its word: `python -m benchmarks.feature_sliders ROWS.jsonl [NAME …]`.

One line of JSON for each shared photo of one face × slider × amount: what was asked, what the report's registration of
photo and picture reads, the least area that any place keeps, and at the sliders' ends by how many px straight lines
planted behind the head come to lie elsewhere. At 0: whether every byte is the picture's that nothing was asked of. What
stands in the file already is not measured again, so a run that was stopped goes on. `--table` writes the table of a
file's rows.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.contact_sheet import photos
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.canvas.compose import compose
from headshot.canvas.reshape.features import FEATURES
from headshot.canvas.reshape.motion import jacobian
from headshot.canvas.reshaped_stage import reshaped
from headshot.canvas.stage import Stage
from headshot.direction.direct import direct
from headshot.direction.settings import SETTINGS
from headshot.errors import UserError
from headshot.studio.session import Sitting
from headshot.types import F32, F64, Direction
from tests.fixtures.moved_features import ASKED, measured

Row = dict[str, Any]
Lined = tuple[Stage, F32]
PLAIN = {"light.strength": 0, "light.balance": 0, "retouch.eyes": 0}
HEIGHT = 800  # px
HEIGHT_OF_WAVES = 60.0  # codes
PERIOD = 16  # px from line to line of what is planted behind the head
BESIDE = 4  # px beside a contour that count as its own
MOST_LEVELLED = 0.03  # eye distances: see reshape/eye_line


def singles(wanted: list[str]) -> Iterator[tuple[str, Callable[[], Sitting | None]]]:
    """Each shared photo's name and how to open it; None where it shows no face, or several."""

    def opened(path: Path) -> Sitting | None:
        try:
            one = Sitting.open(path)
        except UserError:
            return None
        return one if len(one.subject.faces) == 1 else None

    for path in photos(wanted):
        yield path.stem, lambda path=path: opened(path)  # type: ignore[misc]


def read(path: Path) -> list[Row]:
    """The rows of a file; of a line that was cut off in writing nothing."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("}")]


def write(path: Path, row: Row) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def amounts(slider: str) -> tuple[float, ...]:
    return (0.0, 0.5, 1.0) if SETTINGS[f"shape.{slider}"].low == 0 else (0.0, -0.5, 0.5, -1.0, 1.0)


def wish(slider: str, amount: float, **more: object) -> Direction:
    return direct(overrides=PLAIN | {f"shape.{slider}": amount} | more)


def row(name: str, stage: Stage, lined: list[Lined], slider: str, amount: float) -> Row:
    """Measure one slider at one amount; the stage is before a new backdrop, `lined` before planted lines."""
    found: Row = {"photo": name, "slider": slider, "amount": amount}
    asked = wish(slider, amount)
    moved = reshaped(stage, asked)
    canvas = compose(moved, asked, with_foreground=False)
    if amount == 0:
        plain = compose(stage, direct(overrides=PLAIN), with_foreground=False)
        return found | {"same": bool(np.array_equal(plain.picture, canvas.picture))}
    if not moved.moved:
        return found | {"nothing": True}
    most = 100 * float(np.clip(stage.face_mesh.axes.unlevel, -MOST_LEVELLED, MOST_LEVELLED))
    found["asked"] = amount * (most if slider == "level" else ASKED[slider])
    found["share"] = moved.moved[slider] / amount
    try:
        found["read"] = measured(canvas, slider)
    except Unmeasurable as error:
        found["unmeasurable"] = str(error)
    motion = stage.face_mesh.motion({slider: amount})
    assert motion is not None
    found["area"] = float(jacobian(motion.forward, motion.step).min())
    if abs(amount) == 1:
        found["bend"], found["bare"] = bend(lined, wish(slider, amount, **{"backdrop.kind": "own"}))
    return found


def before_lines(stage: Stage) -> list[Lined]:
    """The person before upright lines, and before level ones, sine waves of PERIOD px; and its grey picture."""
    made: list[Lined] = []
    for upright in (True, False):
        lines = (128 + HEIGHT_OF_WAVES * _waves(stage.matte.shape, upright).real)[..., None]
        matte = stage.matte[..., None]
        picture = (matte * stage.foreground + (1 - matte) * lines + 0.5).clip(0, 255).astype(np.uint8)
        before = replace(stage, original=picture, outside=np.zeros_like(stage.outside))
        own = direct(overrides=PLAIN | {"backdrop.kind": "own"})
        made.append((before, compose(before, own, with_foreground=False).picture.astype(np.float32).mean(axis=2)))
    return made


def bend(lined: list[Lined], asked: Direction) -> tuple[float, float]:
    """Measure how far lines behind the head lie from where they were planted, px, the farthest.

    And how wide a strip was laid bare behind a contour, px, in which they are not continued. By a wave of
    the same length, fitted by least squares round each place to the background that is seen before and after, from
    BESIDE px beside both contours on.
    """
    far, bare = [0.0], 0.0
    for (stage, unmoved), upright in zip(lined, (True, False), strict=True):
        moved = reshaped(stage, asked)
        motion = stage.face_mesh.motion(moved.moved)
        if motion is None:
            continue
        box = _wider(motion.rows), _wider(motion.columns)
        laid_bare = ((stage.matte[box] > 0.5) & (moved.matte[box] < 0.02)).astype(np.uint8)
        bare = max(bare, 2 * float(cv2.distanceTransform(laid_bare, cv2.DIST_L2, 3).max()))
        picture = compose(moved, asked, with_foreground=False).picture[box].astype(np.float32).mean(axis=2)
        heads = np.maximum(stage.matte, moved.matte)[box]
        behind = (cv2.dilate(heads, np.ones((2 * BESIDE + 1,) * 2, np.uint8)) < 0.02).astype(np.float32)
        beside = cv2.dilate(heads, np.ones((2 * PERIOD + 1,) * 2, np.uint8)) > 0.02
        where = (behind > 0) & beside
        if not where.any() or (picture == unmoved[box])[where].all():  # nothing of the background is another
            continue
        where &= _smooth(behind) > 0.2
        waves = _waves(stage.matte.shape, upright)[box]
        parts = (np.ones_like(behind), waves.real, waves.imag)
        pairs = {(i, j): _smooth(behind * parts[i] * parts[j])[where] for i in range(3) for j in range(i + 1)}
        normal = np.stack([np.stack([pairs[max(i, j), min(i, j)] for i in range(3)], -1) for j in range(3)], -2)
        right = np.stack([_smooth(behind * a * picture)[where] for a in parts], -1)
        _, even, odd = np.linalg.solve(normal, right[..., None])[..., 0].T
        far.append(float(np.abs(np.arctan2(odd, even)).max()) * PERIOD / (2 * np.pi))
    return max(far), bare


def _wider(box: slice) -> slice:
    return slice(max(0, box.start - 2 * PERIOD), box.stop + 2 * PERIOD)


def _waves(shape: tuple[int, ...], upright: bool) -> np.ndarray:
    y, x = np.mgrid[: shape[0], : shape[1]]
    return np.asarray(np.exp(2j * np.pi * (x if upright else y) / PERIOD))


def _smooth(values: np.ndarray) -> F64:
    return np.asarray(cv2.GaussianBlur(values.astype(np.float64), (0, 0), PERIOD / 2), np.float64)


def measure(out: Path, names: list[str], only: list[float]) -> None:
    known = read(out)
    there = {(r["photo"], r["slider"], r["amount"]) for r in known}
    skipped = {r["photo"] for r in known if "skipped" in r}
    for name, opened in singles(names):
        asked = [(s, a) for s in FEATURES for a in amounts(s) if not only or a in only]
        missing = [(s, a) for s, a in asked if (name, s, a) not in there]
        if name in skipped or not missing:
            continue
        one = opened()
        if one is None:
            write(out, {"photo": name, "slider": "", "amount": 0, "skipped": "no face, or several"})
            continue
        try:
            stage = one.stage(direct(overrides=PLAIN), HEIGHT)
            lined = before_lines(one.stage(direct(overrides=PLAIN | {"backdrop.kind": "own"}), HEIGHT))
        except UserError as error:
            write(out, {"photo": name, "slider": "", "amount": 0, "skipped": error.message})
            continue
        for slider, amount in missing:
            write(out, row(name, stage, lined, slider, amount))
        one.close()
        print(name, flush=True)


def table(rows: list[Row]) -> str:
    """Write a row for each slider: agreement, the worst photo, bend, area."""
    heads = ("slider", "photos", "n", "r", "slope", "worst photo (asked, read)", "bend, px", "laid bare, px")
    heads = (*heads, "least area", "0: same bytes")
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for slider in FEATURES:
        of = [r for r in rows if r["slider"] == slider]
        told = [r for r in of if np.isfinite(r.get("read", np.nan))]  # a cheek that the frame cuts off reads nothing
        if not told:
            continue
        asked, got = np.array([(r["asked"], r["read"]) for r in told]).T
        worst = told[int(np.argmax(np.abs(got - asked)))]
        same = [r["same"] for r in of if "same" in r]
        bends = [(r["bend"], r["photo"]) for r in of if "bend" in r]
        bare = max(r["bare"] for r in of if "bare" in r)
        lines.append(
            f"| {slider} | {len({r['photo'] for r in told})} | {len(told)} | {np.corrcoef(asked, got)[0, 1]:.4f} "
            f"| {asked @ got / (asked @ asked):.3f} | {worst['photo']} ({worst['asked']:.1f}, {worst['read']:.1f}) "
            f"| {max(bends)[0]:.2f} {max(bends)[1]} | {bare:.0f} | {min(r['area'] for r in of if 'area' in r):.2f} "
            f"| {sum(same)} of {len(same)} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", type=Path, help="the file of rows, made or gone on with")
    parser.add_argument("names", nargs="*", help="photos by name, without ending; default: all")
    parser.add_argument("--amounts", nargs="+", type=float, default=[], help="some of them; default: all")
    parser.add_argument("--table", action="store_true", help="measure nothing, write the table of the rows")
    arguments = parser.parse_args()
    if not arguments.table:
        measure(arguments.rows, arguments.names, arguments.amounts)
    print(table(read(arguments.rows)))


if __name__ == "__main__":
    main()
