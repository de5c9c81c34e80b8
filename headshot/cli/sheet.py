"""`python -m headshot sheet PHOTO`: a contact sheet without a browser."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from headshot.cli.notes import NotePrinter
from headshot.cli.options import request_of, results, shared
from headshot.direction.engine_table import OWN_PIXELS
from headshot.language import tr


def add_sheet(commands: Any) -> None:
    """Add the command to the parser's `commands`."""
    sheet = commands.add_parser(
        "sheet",
        help="a contact sheet: two settings, every pair of their values",
        parents=[shared(engine=OWN_PIXELS, out="headshot-sheet")],
    )
    axis = 'such as light.key_side=left,right,none; also preset=, engine=, seed=; "*" for all there are'
    sheet.add_argument("--rows", metavar="KEY=a,b,…", help=axis)
    sheet.add_argument("--cols", dest="columns", metavar="KEY=a,b,…", help="the same, across")
    sheet.add_argument("--height", type=int, metavar="PX", help="of a cell of own pixels, 240 to 2048; 800 is usual")
    sheet.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write sheet.png, sheet.csv and the cells. What was done before Ctrl+C is written too. Raises UserError."""
    from headshot.studio import SheetJob, SheetRequest
    from headshot.studio.sheet.picture import verdict_words
    from headshot.studio.sheet.sheet import Cell

    own = {name: value for name in ("rows", "columns", "height") if (value := getattr(arguments, name)) is not None}
    with SheetJob(SheetRequest(**request_of(arguments), **own)) as job, results(arguments, "sheet.png") as files:
        notes, sheet = NotePrinter(job), job.sheet
        notes()
        try:
            for item in job.work():
                if isinstance(item, Cell):
                    where = f"{sheet.rows.labels[item.place.row]} × {sheet.columns.labels[item.place.column]}"
                    message = item.fault or verdict_words(item)
                    done = tr("{done} of {all}", done=len(job.cells), all=len(sheet.places))
                    print(f"{done}: {where}: {message}", file=sys.stderr)
        except KeyboardInterrupt:
            if not job.cells:
                raise
            print(tr("Stopped. What is done is kept."), file=sys.stderr)
        paths = {name: files.write(name, data) for name, data in job.files()}
        notes()
        print(f"{paths['sheet.png']}  ({sum(c.result is not None for c in job.cells)} of {len(sheet.places)} cells)")
    return 0
