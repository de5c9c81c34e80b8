"""A contact sheet as files: sheet.png, sheet.csv and a picture for each cell, in a folder or one zip."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from headshot.direction.diff import as_settings
from headshot.direction.direct import direct
from headshot.direction.parse import parse
from headshot.direction.settings import SETTINGS
from headshot.files.csv_table import as_it_was, csv_table
from headshot.files.encode import encode, headshot_file, signed
from headshot.files.source_type import source_type_of_all
from headshot.language import ENGLISH, speaking
from headshot.studio.sheet.picture import SCALE, draw_sheet
from headshot.studio.sheet.sheet import Cell, Sheet
from headshot.types import Direction

_HEAD = (
    "file",
    "row",
    "column",
    "verdict",
    "likeness",
    "likeness_is",
    "worst",
    "worst_finding",
    "seconds",
    "fault",
    "engine",
    "preset",
)


def file_name(cell: Cell) -> str:
    """Of the cell's picture: row and column from 1, as on the sheet."""
    return f"cell-{cell.place.row + 1}-{cell.place.column + 1}.jpg"


def to_csv(sheet: Sheet, cells: Iterable[Cell]) -> str:
    """One row a cell, in the order given: file, what it shows, how it was judged, and every setting by its key.

    `likeness` is the judge's distance, smaller is nearer, and `likeness_is` says so in the table; `worst` the id of the
    finding that decides the verdict, empty where all is green; `worst_finding` its sentence. `direction_of` makes the
    settings of a row again.
    """
    with speaking(ENGLISH):  # programs read it
        return csv_table([*_HEAD, *SETTINGS], map(partial(_row, sheet), cells))


def _row(sheet: Sheet, cell: Cell) -> dict[str, Any]:
    place, worst = cell.place, cell.worst
    return {
        "file": file_name(cell) if cell.result else "",
        "row": sheet.rows.labels[place.row],
        "column": sheet.columns.labels[place.column],
        "verdict": cell.report.verdict if cell.report else "",
        "likeness": "" if cell.likeness is None else f"{cell.likeness:.4f}",
        "likeness_is": "" if cell.likeness is None else f"distance: {SCALE}",
        "worst": worst.id if worst else "",
        "worst_finding": worst.sentence if worst else "",
        "seconds": f"{cell.result.seconds:.2f}" if cell.result else "",
        "fault": cell.fault,
        "engine": place.engine,
        "preset": place.direction.preset,
        **as_settings(place.direction),
    }


def direction_of(row: Mapping[str, str]) -> tuple[Direction, str]:
    """The settings and the engine of a row of `to_csv`, as read by csv.DictReader. Raises DirectionError."""
    overrides: dict[str, Any] = {key: parse(key, as_it_was(row[key])) for key in SETTINGS if row.get(key) is not None}
    return direct(row["preset"], engine=row["engine"], overrides=overrides), row["engine"]


def files(sheet: Sheet, cells: Iterable[Cell]) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of sheet.png, sheet.csv and each cell's picture with its recipe inside."""
    made = sorted(cells, key=lambda c: (c.place.row, c.place.column))
    yield "sheet.png", sheet_png(sheet, made)
    yield "sheet.csv", to_csv(sheet, made).encode()
    for cell in made:
        if cell.result is not None:
            yield file_name(cell), headshot_file(cell.result)


def sheet_png(sheet: Sheet, cells: Iterable[Cell]) -> bytes:
    """The labelled sheet, marked by the strongest of what its cells are: painted ones make it a composite."""
    made = list(cells)
    results = [c.result for c in made if c.result is not None]
    source = source_type_of_all(results)
    return signed(encode(draw_sheet(sheet, made), "png", source=source), "png", source)


def to_zip(sheet: Sheet, cells: Iterable[Cell]) -> bytes:
    """All of `files` in one zip. Pictures are stored as they are: JPEG and PNG do not get smaller."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files(sheet, cells):
            archive.writestr(name, data)
    return out.getvalue()
