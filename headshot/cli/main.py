"""The command line: the same studio without a browser.

Exit 0 on success; 2 with one line on standard error for anything the user can mend. `--version` and `--help`
answer before any heavy import.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from headshot import __version__
from headshot.cli import options as cli_files
from headshot.cli.best_and_furthest import add_choose
from headshot.cli.judge import add_parser as add_judge
from headshot.cli.pose import add_pose, posed
from headshot.cli.sheet import add_sheet
from headshot.direction.engine_table import OWN_PIXELS
from headshot.errors import UserError
from headshot.types import State


class _Parser(argparse.ArgumentParser):
    """Faults of usage are UserErrors too: one line, no page of usage."""

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message[:1].upper()}{message[1:]}.", f"See: {self.prog} --help")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        if words[:1] == ["weights"]:  # a small program of its own, with its own options
            from headshot.cli.weights import main as weights

            return weights(words[1:])
        arguments = _parser().parse_args(words)
        return int(arguments.run(arguments))
    except UserError as fault:
        print(f"headshot: {' '.join(str(fault).split())}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m headshot", description="One photo in, a headshot beside the original.")
    parser.add_argument("--version", action="version", version=f"headshot {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser, metavar="COMMAND")

    make = commands.add_parser("make", help="make a headshot of a photo")
    make.add_argument("photo", metavar="PHOTO", help="JPEG, PNG, WebP, HEIC or AVIF")
    make.add_argument("--preset", default="linkedin", metavar="NAME", help="see: python -m headshot presets")
    make.add_argument("--engine", default=OWN_PIXELS, metavar="NAME", help="retouch (own pixels) is the default")
    make.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help='such as light.strength=0.5 or keep="glasses, mole"',
    )
    make.add_argument("--words", default="", help="your own words for the look: what they stand for is told")
    add_pose(make)
    make.add_argument(
        "--more",
        nargs="+",
        default=[],
        metavar="PHOTO",
        help="further photos of you, for a generator and for the report",
    )
    make.add_argument("--seed", type=int, default=None)
    make.add_argument("--out", type=Path, default=Path("headshot-out"), metavar="DIR")
    make.add_argument("--json", action="store_true", help="print the report to standard output")
    make.set_defaults(run=_make)

    presets = commands.add_parser("presets", help="list the looks")
    presets.add_argument("--json", action="store_true")
    presets.set_defaults(run=_presets)

    add_judge(commands)
    add_sheet(commands)
    add_choose(commands)
    commands.add_parser("weights", help="list the generators' weights, or fetch them", add_help=False)
    return parser


def _make(arguments: argparse.Namespace) -> int:
    from headshot.direction.direct import direct

    settings = posed(arguments.pose, cli_files.overrides(arguments.set), [arguments.engine])
    if arguments.seed is not None:
        settings["seed"] = arguments.seed
    direction = direct(arguments.preset, engine=arguments.engine, words=arguments.words, overrides=settings)

    from headshot.cli import notes as cli_words
    from headshot.files import signing_fault
    from headshot.files.encode import headshot_file
    from headshot.files.side_by_side import side_by_side
    from headshot.photo.decode import read_photo
    from headshot.studio.session import Sitting, judge, shoot
    from headshot.types import Headshot

    folder = cli_files.folder(arguments.out)
    sitting = Sitting.open(arguments.photo)
    sitting.add([read_photo(path) for path in arguments.more])
    results = []
    for item in shoot(sitting, direction, engine=arguments.engine):
        if isinstance(item, Headshot):
            results.append(item)
        else:
            print(f"step {item.step} of {item.steps} {item.note}".rstrip(), file=sys.stderr)
    for number, result in enumerate(results, 1):
        cli_files.write(folder / f"headshot-{number}.jpg", headshot_file(result))
    report = judge(results[0], sitting.own_faces)
    # Notes come with a result only: a refusal is one line and nothing else.
    checks = (f"{c.sentence} {c.remedy}".strip() for c in sitting.subject.checks if c.state >= State.AMBER)
    heard = cli_words.notes(direction, arguments.engine)
    for note in filter(None, (*checks, *results[0].notes, *heard, signing_fault())):
        print(f"note: {note}", file=sys.stderr)
    cli_files.write(folder / "compare.png", headshot_file(results[0], "png", picture=side_by_side(results[0])))
    text = json.dumps(report.to_json(), ensure_ascii=False, indent=2)
    cli_files.write(folder / "report.json", text.encode())
    if arguments.json:
        print(text)
    else:
        from headshot.authenticity.report import summary

        print(f"{folder / 'headshot-1.jpg'}  ({results[0].seconds:.1f} s)")
        print(summary(report))
        for line in cli_words.kept_lines(report.kept):
            print(line)
    return 0


def _presets(arguments: argparse.Namespace) -> int:
    from headshot.direction.presets import load_presets

    presets = load_presets()
    if arguments.json:
        keys = ("name", "title", "summary")
        print(json.dumps([{k: getattr(p, k) for k in keys} for p in presets.values()], ensure_ascii=False, indent=2))
    else:
        width = max(map(len, presets))
        for preset in presets.values():
            print(f"{preset.name:<{width}}  {preset.summary}")
    return 0
