"""`python -m headshot judge ORIGINAL OTHER`: the report on any two photos, in plain words or as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headshot.cli.results import write_file
from headshot.language import tr

if TYPE_CHECKING:
    from headshot.types import AuthenticityReport


def add_parser(commands: Any) -> None:
    """Add the command to the subparsers of `headshot.cli`."""
    judge = commands.add_parser("judge", help="is this picture still the person in that photo?")
    judge.add_argument("original", metavar="ORIGINAL", help="a photo of the person")
    judge.add_argument("other", metavar="OTHER", help="the picture to judge, wherever it was made")
    judge.add_argument(
        "--more",
        nargs="+",
        action="extend",
        default=[],
        metavar="PHOTO",
        help="up to 4 further photos of the person: their own range",
    )
    judge.add_argument("--face", default="", metavar="X,Y|N", help="whom of several in ORIGINAL, as for make")
    judge.add_argument("--json", action="store_true", help="print the report as JSON (docs/report.schema.json)")
    judge.add_argument("--page", type=Path, metavar="FILE", help="write the printable report (HTML)")
    judge.add_argument("--force", action="store_true", help="replace FILE, in place of numbering on")
    judge.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Judge and print. Raises UserError for what the user can mend."""
    from headshot.authenticity.report import summary
    from headshot.studio import JudgeRequest, judge_pair

    judged = judge_pair(JudgeRequest(**{k: getattr(arguments, k) for k in ("original", "other", "more", "face")}))
    for note in judged.notes:
        print(tr("note: {line}", line=note), file=sys.stderr)
    report = judged.report
    if arguments.page is not None:
        inputs = (arguments.original, arguments.other, *arguments.more)
        written = write_file(arguments.page, judged.page().encode(), inputs=inputs, force=arguments.force)
        if written != arguments.page:
            message = tr("{page} was there already: the report is {written}.", page=arguments.page, written=written)
            print(tr("note: {line}", line=message), file=sys.stderr)
    if arguments.json:
        print(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
        return 0
    print(summary(report))
    print()
    for line in _lines(report):
        print(line)
    return 0


def _lines(report: AuthenticityReport) -> list[str]:
    """One line a finding; what is missing for the same reason shares one."""
    from headshot.authenticity.labels import STATES, finding_title, grouped_by_reason
    from headshot.types import State

    shown = [f for f in report.findings if f.value is not None]
    width = max((len(finding_title(f)) for f in shown), default=0)
    lines = []
    for finding in sorted(shown, key=lambda f: f.id not in report.deciding):
        mark = STATES[finding.state].mark if finding.id in report.deciding else tr("info")
        lines.append(f"{mark:<8}{finding_title(finding):<{width}}  {finding.sentence}")
    mark = STATES[State.GREY].mark
    missing = grouped_by_reason(report.findings)
    return lines + [f"{mark:<8}{', '.join(map(finding_title, group))}. {group[0].sentence}" for group in missing]
