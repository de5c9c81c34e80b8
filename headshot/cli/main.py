"""The command line: the same studio without a browser.

Exit 0 on success; 2 with one line on standard error for anything the user can mend. `--version` and `--help`
answer before any heavy import.
"""

from __future__ import annotations

import argparse
import errno
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from headshot import __version__
from headshot.cli.bench import add_parser as add_bench
from headshot.cli.best_and_furthest import add_choose
from headshot.cli.engines import add_parser as add_engines
from headshot.cli.judge import add_parser as add_judge
from headshot.cli.loading import loading
from headshot.cli.marks import add_parser as add_marks
from headshot.cli.notes import NotePrinter, kept_lines, print_step
from headshot.cli.options import add_label, request_of, results, shared
from headshot.cli.sheet import add_sheet
from headshot.cli.team import add_team
from headshot.direction.engine_table import OWN_PIXELS
from headshot.environment import locale_tag
from headshot.errors import UserError, speak_by
from headshot.language import languages, liked, speaking, suggest, tr

if TYPE_CHECKING:
    from headshot.cli.results import Results
    from headshot.studio import MakeJob
    from headshot.types import Headshot

speak_by(tr)


class _Parser(argparse.ArgumentParser):
    """Faults of usage are UserErrors too: one line, no page of usage."""

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message[:1].upper()}{message[1:]}.", f"See: {self.prog} --help")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        chosen, words = _language().parse_known_args(words)
        code = chosen.lang or liked(locale_tag())
        if code not in languages():
            raise UserError(tr("There is no language “{code}”.", code=code[:20]), suggest(code, languages()))
    except UserError as fault:
        return _told(fault)
    with speaking(code):
        return _run(words)


def _run(words: list[str]) -> int:
    try:
        if words[:1] == ["weights"]:  # a small program of its own, with its own options
            from headshot.cli.weights import main as weights

            return weights(words[1:])
        arguments = _parser().parse_args(words)
        return int(arguments.run(arguments))
    except UserError as fault:
        return _told(fault)
    except BrokenPipeError:
        return 0
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        full = tr("{path} cannot be written: {strerror}.", path="stdout", strerror=error.strerror)
        return _told(UserError(full, "Choose another place."))


def _told(fault: UserError) -> int:
    print(f"headshot: {' '.join(str(fault).split())}", file=sys.stderr)
    return 2


def _language() -> argparse.ArgumentParser:
    """What each command takes, at any place in the line."""
    parser = _Parser(prog="python -m headshot", add_help=False, allow_abbrev=False)
    known = ", ".join(languages())
    parser.add_argument("--lang", help=f"{known}: of errors, report and checks; by default that of the environment")
    return parser


def _parser() -> argparse.ArgumentParser:
    name = "headshot" if Path(sys.argv[0]).stem == "headshot" else "python -m headshot"
    about = "One photo in, a headshot beside the original."
    parser = _Parser(prog=name, description=about, parents=[_language()])
    parser.add_argument("--version", action="version", version=f"headshot {__version__}")
    commands: Any = parser.add_subparsers(dest="command", required=True, parser_class=_Parser, metavar="COMMAND")

    own = shared(engine=OWN_PIXELS, out="headshot-out")
    make = commands.add_parser("make", help="make a headshot of a photo", parents=[own])
    make.add_argument("--json", action="store_true", help="print the report to standard output")
    add_label(make)
    make.set_defaults(run=_make)

    presets = commands.add_parser("presets", help="list the looks")
    presets.add_argument("--json", action="store_true")
    presets.set_defaults(run=_presets)

    add_engines(commands)
    add_bench(commands)
    add_judge(commands)
    add_marks(commands)
    add_sheet(commands)
    add_choose(commands)
    add_team(commands)
    commands.add_parser("app", help="open the page on this machine", add_help=False)  # headshot/__main__.py serves it
    commands.add_parser("mcp", help="serve an agent on this machine (Model Context Protocol)", add_help=False)
    commands.add_parser("weights", help="list the generators' weights, or fetch them", add_help=False)
    return parser


def _make(arguments: argparse.Namespace) -> int:
    """Write headshot-1.jpg, report.json (those of further candidates with their number) and compare.png."""
    with loading():
        from headshot.studio import MakeJob, MakeRequest

        with MakeJob(MakeRequest(**request_of(arguments))) as job, results(arguments, "headshot-1.jpg") as files:
            lines = _made(job, files, arguments)
    print("\n".join(lines))
    return 0


def _made(job: MakeJob, files: Results, arguments: argparse.Namespace) -> list[str]:
    """Make the pictures and write their files; the lines to say of them."""
    from headshot.authenticity.report import summary
    from headshot.files.encode import headshot_file
    from headshot.files.side_by_side import side_by_side

    job.run(print_step)
    lines, first = [], job.results[0]

    def written(result: Headshot) -> bytes:
        return headshot_file(result, label=arguments.label)

    def compared() -> bytes:
        return headshot_file(first, "png", picture=side_by_side(first), label=arguments.label)

    with ThreadPoolExecutor(1) as beside:  # files need a fifth of the report's time, and speak the same language
        pictures = [beside.submit(copy_context().run, written, result) for result in job.results]
        comparison = beside.submit(copy_context().run, compared)
        reports = job.reports
    for number, (result, picture, report) in enumerate(zip(job.results, pictures, reports, strict=True), 1):
        path = files.write(f"headshot-{number}.jpg", picture.result())
        text = json.dumps(report.to_json(), ensure_ascii=False, indent=2)
        files.write("report.json" if number == 1 else f"report-{number}.json", text.encode())
        if not arguments.json:
            lines += [f"{path}  ({result.seconds:.1f} s)", summary(report), *kept_lines(report.kept)]
        elif number == 1:
            lines.append(text)
    files.write("compare.png", comparison.result())
    NotePrinter(job)()  # with a result only: a refusal is one line and nothing else
    return lines


def _presets(arguments: argparse.Namespace) -> int:
    from headshot.direction.presets import load_presets

    presets = load_presets()
    if arguments.json:
        keys = ("name", "title", "summary")
        print(json.dumps([{k: getattr(p, k) for k in keys} for p in presets.values()], ensure_ascii=False, indent=2))
    else:
        width = max(map(len, presets))
        for preset in presets.values():
            print(f"{preset.name:<{width}}  {tr(preset.summary)}")
    return 0
