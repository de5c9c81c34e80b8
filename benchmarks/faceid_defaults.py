"""Find the defaults of a FaceID engine on real weights: identity × structure × LoRA, each picture judged alike.

    python -m benchmarks.faceid_defaults FOLDER --engine faceid-sd15 --out defaults/

FOLDER holds one photo of each person, as for `headshot bench`. It writes bench.html (a contact sheet of each
person: a row for each combination) and bench.csv, and prints the combinations by their median likeness. What
wins, and does not look worse on the sheet, becomes the presets' `[generate.ENGINE]`. The identity's
recogniser never judges. Untried with real weights.
"""

from __future__ import annotations

import argparse
from itertools import product
from pathlib import Path
from statistics import median

from headshot.direction.engine_table import ENGINES
from headshot.files.bench_page import bench_csv, bench_page
from headshot.studio.bench import BenchDirection, BenchFolder, ready_engines, run_bench

IDENTITY = (0.6, 0.8, 1.0, 1.3)
STRUCTURE = (0.8, 1.0, 1.3)
LORA = (0.5, 0.7, 1.0)


def combinations(preset: str, change: float) -> list[BenchDirection]:
    """List the grid as directions of one look at one place on the ladder."""
    found = []
    for identity, structure, lora in product(IDENTITY, STRUCTURE, LORA):
        strengths = {"generate.identity": identity, "generate.structure": structure, "generate.lora": lora}
        name = f"identity {identity:g}, structure {structure:g}, LoRA {lora:g}"
        found.append(BenchDirection(name, preset, {"change": change, **strengths}))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engine", default="faceid-sd15")
    parser.add_argument("--preset", default="linkedin")
    parser.add_argument("--change", type=float, default=1.0, help="the place on the ladder; 1: from the face alone")
    parser.add_argument("--out", type=Path, default=Path("faceid-defaults"))
    arguments = parser.parse_args()
    folder = BenchFolder(BenchFolder.of(arguments.folder).photos, {})
    directions = combinations(arguments.preset, arguments.change)
    trials = [trial for trial, _ in run_bench(folder, directions, ready_engines([arguments.engine]))]
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "bench.html").write_text(bench_page(trials, {k: v.title for k, v in ENGINES.items()}))
    (arguments.out / "bench.csv").write_text(bench_csv(trials))
    ranked = []
    for direction in directions:
        mine = [t for t in trials if t.direction == direction.name and "likeness" in t.figures]
        if mine:
            ranked.append((median(t.figures["likeness"] for t in mine), len(mine), direction.name))
    for likeness, count, name in sorted(ranked):
        print(f"{likeness:.3f} from the photo (median of {count}): {name}")


if __name__ == "__main__":
    main()
