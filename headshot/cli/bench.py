"""`python -m headshot bench FOLDER`: the same directions by every engine that is there, judged alike, on one page."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from headshot.cli.results import Results
from headshot.direction.engine_table import ENGINES
from headshot.errors import UserError


def add_parser(commands: Any) -> None:
    """Add the command to the parser of the command line."""
    bench = commands.add_parser("bench", help="compare engines, and pictures from elsewhere, on a folder of photos")
    bench.add_argument("folder", type=Path, metavar="FOLDER", help="one photo of each person; see docs/bench.md")
    engines = f"of {', '.join(ENGINES)}; all that are ready by default"
    bench.add_argument("--engines", nargs="+", action="extend", default=[], metavar="NAME", help=engines)
    bench.add_argument(
        "--directions", type=Path, metavar="FILE", help="your own directions (TOML) for the usual twelve"
    )
    bench.add_argument(
        "--out", type=Path, default=Path("headshot-bench"), metavar="DIR", help="the folder for the files"
    )
    bench.add_argument("--force", action="store_true", help="replace earlier results, in place of numbering on")
    bench.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write bench.html, bench.csv and the pictures. What was done before Ctrl+C is written too. Raises UserError."""
    from headshot.files.bench_page import Trial, bench_csv, bench_page, summaries
    from headshot.studio.bench import BenchFolder, bench_directions, ready_engines, run_bench

    folder, directions = BenchFolder.of(arguments.folder), bench_directions(_text(arguments.directions))
    engines = ready_engines(arguments.engines)
    inputs = [*folder.photos, *(path for paths in folder.elsewhere.values() for path in paths)]
    trials: list[Trial] = []
    with Results(arguments.out, "bench.html", inputs=inputs, force=arguments.force) as files:
        try:
            for trial, picture in run_bench(folder, directions, engines):
                trials.append(trial)
                if picture is not None:
                    files.write(f"{len(trials):04}-{trial.column}.jpg", picture)
                message = trial.fault or trial.state
                print(f"{len(trials)}: {trial.photo}, {trial.direction}, {trial.column}: {message}", file=sys.stderr)
        except KeyboardInterrupt:
            if not trials:
                raise
            print("Stopped. What is done is kept.", file=sys.stderr)
        titles = {name: info.title for name, info in ENGINES.items()}
        page = files.write("bench.html", bench_page(trials, titles).encode())
        files.write("bench.csv", bench_csv(trials).encode())
    print(f"{page}  ({sum(not t.fault for t in trials)} of {len(trials)} pictures)")
    for one in summaries(trials):
        counts = ", ".join(f"{count} {state}" for state, count in one.states.items() if count)
        likeness = one.figures["likeness"]
        near = "" if likeness is None else f", {likeness:.2f} from the photo"
        print(f"{titles.get(one.column, one.column)}: {counts or 'no picture'}{near}, {one.refused} refused")
    return 0


def _text(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        return path.read_text("utf-8")[:100_000]
    except (OSError, UnicodeDecodeError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else "it is no text"
        raise UserError(f"{path} cannot be read: {reason}.", "Give a TOML file of directions.") from None
