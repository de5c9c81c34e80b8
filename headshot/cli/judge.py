"""`python -m headshot judge ORIGINAL OTHER`: the report on any two photos, in plain words or as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headshot.errors import UserError
from headshot.types import State

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
    judge.add_argument("--json", action="store_true", help="print the report as JSON (docs/report.schema.json)")
    judge.add_argument("--page", type=Path, metavar="FILE", help="write the printable report (HTML)")
    judge.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Judge and print. Raises UserError for what the user can mend."""
    from headshot.authenticity.recognition.own_range import MAX_FURTHER
    from headshot.authenticity.report import summary
    from headshot.photo.decode import read_photo
    from headshot.studio.match import match_pair

    if len(arguments.more) > MAX_FURTHER:
        raise UserError(f"At most {MAX_FURTHER} further photos are used.", "Give fewer after --more.")
    photos = [read_photo(path) for path in (arguments.original, arguments.other, *arguments.more)]
    match = match_pair(photos[0], photos[1], photos[2:])
    for note in match.notes:
        print(f"note: {note}", file=sys.stderr)
    report = match.report(Path(arguments.other).read_bytes())
    if arguments.page is not None:
        from headshot.files.printable_report import judged_page
        from headshot.studio.match import place

        page = judged_page(report, match.aligned(), place(match, report), match.notes)
        try:
            arguments.page.write_text(page, encoding="utf-8")
        except OSError as fault:
            raise UserError(f"{arguments.page} cannot be written: {fault.strerror}.", "Choose another file.") from None
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

    shown = [f for f in report.findings if f.value is not None]
    width = max((len(finding_title(f)) for f in shown), default=0)
    lines = []
    for finding in sorted(shown, key=lambda f: f.id not in report.deciding):
        mark = STATES[finding.state].mark if finding.id in report.deciding else "info"
        lines.append(f"{mark:<8}{finding_title(finding):<{width}}  {finding.sentence}")
    mark = STATES[State.GREY].mark
    missing = grouped_by_reason(report.findings)
    return lines + [f"{mark:<8}{', '.join(map(finding_title, group))}. {group[0].sentence}" for group in missing]
