"""A visitor's contact sheet: what was planned and what is done, in memory beside the photo's session."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from contextlib import closing

from headshot.errors import UserError
from headshot.studio.session import Sitting
from headshot.studio.sheet.files import sheet_png, to_csv, to_zip
from headshot.studio.sheet.sheet import Cell, Sheet, render
from headshot.types import Preview

_numbers = itertools.count(1)
DOWNLOADS: tuple[tuple[str, str], ...] = (
    ("The sheet, one picture", "sheet.png"),
    ("All cells, with a table (zip)", "sheet.zip"),
    ("The table alone (CSV)", "sheet.csv"),
)


class SheetSession:
    """The sheet that a visitor makes. Lives in the session's state alone; `stop` ends the work after this cell."""

    def __init__(self, sitting: Sitting, sheet: Sheet) -> None:
        self.number = next(_numbers)
        self.sitting, self.sheet = sitting, sheet
        self.cells: list[Cell] = []
        self.closed = False
        self._stopped = threading.Event()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def stop(self) -> None:
        """Keep what is done, make no more."""
        self._stopped.set()

    def work(self) -> Iterator[Cell | Preview]:
        """Make the cells; each is kept before it is handed on."""
        with closing(render(self.sitting, self.sheet)) as work:
            for item in work:
                if self.closed:
                    return
                if isinstance(item, Cell):
                    self.cells.append(item)
                yield item
                if self.stopped:
                    return

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

    def close(self) -> None:
        """Forget everything, also what is being made now."""
        self.closed = True
        self.stop()
        self.cells.clear()


def need_sheet(session: SheetSession | None) -> SheetSession:
    """The session itself. Raises UserError, which says how to go on, where there is no sheet."""
    if session is None:
        raise UserError("There is no sheet yet.", "Press “Make the sheet” first.")
    return session
