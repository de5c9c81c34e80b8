"""Hold the bands beside the sliders to whole reports: `python -m benchmarks.feature_bands ROWS.jsonl [NAME …]`.

One line of JSON for each shared photo of one face × slider × place, the ends of the person's own range and of the
slider: what of the report is amber or red there that was not before anything moved. A photo whose face is too small for
a verdict (its own pixels count, not the picture's) is left out, and counted. What stands in the file already is not
asked again. `--table` writes the table of a file's rows.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.feature_sliders import Row, read, singles, write
from headshot.canvas.reshape.features import FEATURES
from headshot.direction.direct import direct
from headshot.direction.settings import SETTINGS
from headshot.errors import UserError
from headshot.studio.feature_bands import feature_bands
from headshot.studio.result_report import judge
from headshot.studio.session import Sitting, headshot
from headshot.types import AuthenticityReport, State

HEIGHT = 800  # px
PLACES = ("own", "far")


def bad(report: AuthenticityReport) -> set[str]:
    return {f.id for f in report.deciding_findings if f.state in (State.AMBER, State.RED)}


def rows(name: str, one: Sitting, out: Path, missing: list[tuple[str, str]]) -> None:
    """Ask what is missing of one photo and write it."""
    plain = judge(headshot(one, direct(), height=HEIGHT))
    if plain.verdict == State.GREY:
        write(out, {"photo": name, "skipped": "too small to tell"})
        return
    bands = feature_bands(one.stage(direct(), HEIGHT))
    for slider, place in missing:
        key = f"shape.{slider}"
        ends = bands[key].own if place == "own" else (SETTINGS[key].low, SETTINGS[key].high)
        found: list[Row] = []
        for end in sorted({*ends} - {0.0}):
            shot = headshot(one, direct(overrides={key: end}), height=HEIGHT)
            report = judge(shot)
            struck = {f.id: f.value for f in report.deciding_findings if f.id in bad(report) - bad(plain)}
            found.append(
                {"end": end, "moved": bool(shot.canvas.moved), "verdict": str(report.verdict), "struck": struck}
            )
        about = {"photo": name, "slider": slider, "place": place}
        write(out, about | {"plain": sorted(bad(plain)), "ends": found})


def measure(out: Path, names: list[str], sliders: list[str], places: list[str]) -> None:
    known = read(out)
    there = {(r["photo"], r.get("slider"), r.get("place")) for r in known}
    skipped = {r["photo"] for r in known if "skipped" in r}
    for name, opened in singles(names):
        missing = [(s, p) for p in places for s in sliders if (name, s, p) not in there]
        if name in skipped or not missing:
            continue
        try:
            one = opened()
            if one is None:
                write(out, {"photo": name, "skipped": "no face, or several"})
                continue
            rows(name, one, out, missing)
        except UserError as error:
            write(out, {"photo": name, "skipped": error.message})
            continue
        one.close()
        print(name, flush=True)


def table(found: list[Row]) -> str:
    """Write a row for each slider: how often its own range struck nobody, and its ends did."""
    lines = ["| slider | photos | own ends | struck nothing | far ends | struck |", "|---|---|---|---|---|---|"]
    for slider in (*FEATURES, "all"):
        of = [r for r in found if r.get("slider") == slider or (slider == "all" and "slider" in r)]
        own = [e for r in of if r["place"] == "own" for e in r["ends"] if e["moved"]]
        far = [e for r in of if r["place"] == "far" for e in r["ends"] if e["moved"]]
        green, struck = sum(not e["struck"] for e in own), sum(bool(e["struck"]) for e in far)
        lines.append(
            f"| {slider} | {len({r['photo'] for r in of})} | {len(own)} | {100 * green / max(len(own), 1):.0f}% "
            f"| {len(far)} | {100 * struck / max(len(far), 1):.0f}% |"
        )
    small = sum(r.get("skipped") == "too small to tell" for r in found)
    return "\n".join([*lines, "", f"Left out, too small to tell: {small}."])


def wrong(found: list[Row]) -> str:
    """Name each end that is not as its band says."""
    return "\n".join(
        f"{r['photo']} {r['slider']} {r['place']} {end['end']:+.3f}: {end['struck'] or 'nothing'}"
        for r in found
        for end in r.get("ends", ())
        if end["moved"] and bool(end["struck"]) != (r["place"] == "far")
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", type=Path, help="the file of rows, made or gone on with")
    parser.add_argument("names", nargs="*", help="photos by name, without ending; default: all")
    parser.add_argument("--sliders", nargs="+", choices=list(FEATURES), default=list(FEATURES))
    parser.add_argument("--places", nargs="+", choices=PLACES, default=list(PLACES))
    parser.add_argument("--table", action="store_true", help="measure nothing, write the table of the rows")
    arguments = parser.parse_args()
    if not arguments.table:
        measure(arguments.rows, arguments.names, arguments.sliders, arguments.places)
    found = read(arguments.rows)
    print(table(found), wrong(found), sep="\n\n")


if __name__ == "__main__":
    main()
