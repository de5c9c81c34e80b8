"""`python -m headshot sheet PHOTO`: a contact sheet without a browser."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from headshot.cli.pose import add_pose, posed
from headshot.direction.engine_table import OWN_PIXELS

_HEIGHT = 800  # studio.PREVIEW_HEIGHT, which is not imported for --help


def add_sheet(commands: Any) -> None:
    """Add the command to the parser's `commands`."""
    sheet = commands.add_parser("sheet", help="a contact sheet: two settings, every pair of their values")
    sheet.add_argument("photo", metavar="PHOTO", help="JPEG, PNG, WebP, HEIC or AVIF")
    axis = 'such as light.key_side=left,right,none; also preset=, engine=, seed=; "*" for all there are'
    sheet.add_argument("--rows", metavar="KEY=a,b,…", help=axis)
    sheet.add_argument("--cols", metavar="KEY=a,b,…", help="the same, across")
    sheet.add_argument("--engine", default=OWN_PIXELS, metavar="NAME", help="retouch (own pixels) is the default")
    sheet.add_argument("--preset", default="linkedin", metavar="NAME", help="see: python -m headshot presets")
    sheet.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="for all cells")
    sheet.add_argument("--words", default="", help="your own words for the look")
    add_pose(sheet)
    sheet.add_argument(
        "--height", type=int, default=_HEIGHT, metavar="PX", help="of a cell of own pixels; %(default)s is usual"
    )
    sheet.add_argument("--out", type=Path, default=Path("headshot-sheet"), metavar="DIR")
    sheet.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write sheet.png, sheet.csv and the cells. What was done before Ctrl+C is written too."""
    from headshot.cli import notes as cli_words
    from headshot.cli.options import folder, overrides, write
    from headshot.direction.direct import direct
    from headshot.errors import UserError
    from headshot.studio.session import Sitting
    from headshot.studio.sheet.axis import Axis
    from headshot.studio.sheet.files import default_axes, files
    from headshot.studio.sheet.picture import verdict_words
    from headshot.studio.sheet.sheet import Cell, plan, render

    if not 240 <= arguments.height <= 2048:
        raise UserError(f"A cell of {arguments.height} px is not possible.", "Give --height from 240 to 2048.")
    rows, columns = default_axes()
    rows = Axis.parse(arguments.rows) if arguments.rows else rows
    columns = Axis.parse(arguments.cols) if arguments.cols else columns
    engines = next((axis.values for axis in (rows, columns) if axis.key == "engine"), (arguments.engine,))
    settings: Mapping[str, Any] = posed(arguments.pose, overrides(arguments.set), engines)
    base = direct(arguments.preset, engine=arguments.engine, words=arguments.words, overrides=settings)
    sheet = plan(base, rows, columns, engine=arguments.engine)
    for note in (*sheet.notes, *cli_words.words_notes(base, sheet.painter)):
        print(f"note: {note}", file=sys.stderr)
    place = folder(arguments.out)
    made: list[Cell] = []
    try:
        for item in render(Sitting.open(arguments.photo), sheet, height=arguments.height):
            if isinstance(item, Cell):
                made.append(item)
                where = f"{rows.labels[item.place.row]} × {columns.labels[item.place.column]}"
                said = item.fault or verdict_words(item)
                print(f"{len(made)} of {len(sheet.places)}: {where}: {said}", file=sys.stderr)
    except KeyboardInterrupt:
        if not made:
            raise
        print("Stopped. What is done is kept.", file=sys.stderr)
    for name, data in files(sheet, made):
        write(place / name, data)
    print(f"{place / 'sheet.png'}  ({sum(c.result is not None for c in made)} of {len(sheet.places)} cells)")
    return 0
