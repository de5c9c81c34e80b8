"""Judge a folder of pairs that somebody looked at, and print how often the report agrees with the eye.

    python -m benchmarks.judge_bench FOLDER

FOLDER holds pictures and a table pairs.csv with the columns `name_a`, `name_b` (files in FOLDER, or in folders below)
and `saw`: what the eye saw, in a few words of your own ("one person, two photos", "AI, hair recoloured"). Each pair is
printed as it is judged; then a table, a row for each thing seen with its verdicts, and which measures gave amber and
red. Pictures stay where they are; only the printed figures leave. docs/judge_bench.md is a form to publish them in.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter, defaultdict
from pathlib import Path

from headshot.authenticity.labels import number
from headshot.errors import UserError
from headshot.studio import JudgeRequest, judge_pair
from headshot.types import AuthenticityReport, State

COLUMNS = ("name_a", "name_b", "saw")
STATES = (State.GREEN, State.AMBER, State.RED, State.GREY)


def pairs(folder: Path) -> list[dict[str, str]]:
    """Read pairs.csv. Raises UserError where it, a column, or a picture of it is missing or lies elsewhere."""
    table = folder / "pairs.csv"
    if not table.is_file():
        raise UserError(f"There is no {table}.", f"It needs the columns {', '.join(COLUMNS)}.")
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for line, row in enumerate(rows, 2):
        if any(not row.get(column) for column in COLUMNS):
            raise UserError(f"{table}, line {line}: a column is empty.", f"It needs {', '.join(COLUMNS)}.")
        for name in (row["name_a"], row["name_b"]):
            if not (folder / name).resolve().is_relative_to(folder.resolve()) or not (folder / name).is_file():
                raise UserError(f"{table}, line {line}: there is no {name} in {folder}.", "Check the names.")
    return rows


def table(seen: dict[str, Counter[str]]) -> str:
    """Write the table in Markdown: a row for each thing seen, in the order of the file."""
    lines = ["| eye saw | n | green | amber | red | grey |", "|---|---|---|---|---|---|"]
    for saw, verdicts in seen.items():
        counts = " | ".join(str(verdicts[state]) for state in STATES)
        lines.append(f"| {saw.replace('|', '/')} | {verdicts.total()} | {counts} |")
    return "\n".join(lines)


def loud(report: AuthenticityReport) -> list[str]:
    """Name what decided amber or red, with its figure."""
    return [
        f"{f.id} {f.state} {number(f.value, f.unit)}"
        for f in report.deciding_findings
        if f.state >= State.AMBER and f.value is not None
    ]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args(argv).folder
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    causes: dict[str, Counter[str]] = defaultdict(Counter)
    try:
        for row in pairs(folder):
            names = f"{row['name_a']} {row['name_b']}"
            try:
                report = judge_pair(
                    JudgeRequest(original=str(folder / row["name_a"]), other=str(folder / row["name_b"]))
                ).report
            except UserError as fault:  # no face, no picture: nothing could be said
                seen[row["saw"]][State.GREY] += 1
                print(f"{names}: grey, {fault.message}", flush=True)
                continue
            seen[row["saw"]][report.verdict] += 1
            found = loud(report)
            causes[row["saw"]].update(cause.split(" ")[0] for cause in found)
            print(f"{names}: {report.verdict}, {report.kind}{': ' if found else ''}{', '.join(found)}", flush=True)
    except UserError as fault:
        print(f"judge_bench: {fault.message} {fault.hint}", file=sys.stderr)
        return 2
    print()
    print(table(seen))
    print()
    for saw, counted in causes.items():
        if counted:
            print(f"{saw}: {', '.join(f'{name} {n}' for name, n in counted.most_common())}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
