"""A visitor's contact sheet: what was planned and what is done, in memory beside the photo's session."""

from __future__ import annotations

import itertools

from headshot.errors import UserError
from headshot.studio import SheetJob, SheetRequest
from headshot.studio.sheet.files import sheet_png, to_csv, to_zip
from headshot.studio.sheet.sheet import Cell

_numbers = itertools.count(1)
DOWNLOADS: tuple[tuple[str, str], ...] = (
    ("The sheet, one picture", "sheet.png"),
    ("All cells, with a table (zip)", "sheet.zip"),
    ("The table alone (CSV)", "sheet.csv"),
)


class SheetSession(SheetJob):
    """The sheet that a visitor makes. Lives in the session's state alone."""

    def __init__(self, request: SheetRequest) -> None:
        super().__init__(request)
        self.number = next(_numbers)

    def cell(self, row: int, column: int) -> Cell | None:
        """The finished cell there, or None."""
        return next((c for c in self.cells if (c.place.row, c.place.column) == (row, column) and c.result), None)

    def file(self, kind: str) -> tuple[str, str, bytes]:
        """(name, MIME type, bytes) of one of DOWNLOADS. Raises UserError while nothing is done."""
        made = sorted(self.cells, key=lambda c: (c.place.row, c.place.column))
        if not made:
            raise UserError("There is no sheet yet.", "Press “Make the sheet” first.")
        if kind == "sheet.zip":
            return "headshot-sheet.zip", "application/zip", to_zip(self.sheet, made)
        if kind == "sheet.csv":
            return "headshot-sheet.csv", "text/csv", to_csv(self.sheet, made).encode()
        return "headshot-sheet.png", "image/png", sheet_png(self.sheet, made)


def need_sheet(session: SheetSession | None) -> SheetSession:
    """The session itself. Raises UserError, which says how to go on, where there is no sheet."""
    if session is None:
        raise UserError("There is no sheet yet.", "Press “Make the sheet” first.")
    return session
