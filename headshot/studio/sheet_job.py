"""A contact sheet from a request: planned, made cell by cell, written as files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing

from headshot.direction.notes import notes_on_words
from headshot.errors import UserError
from headshot.language import tr
from headshot.studio.job import Job, Write
from headshot.studio.requests import SheetRequest
from headshot.studio.sheet.axis import Axis
from headshot.studio.sheet.files import files
from headshot.studio.sheet.sheet import Cell, plan, render
from headshot.types import Preview


class SheetJob(Job[Cell]):
    """`sheet` as planned; `cells` as they come."""

    def __init__(self, request: SheetRequest) -> None:
        """Raises UserError, also for a height that is not LOWEST..HIGHEST."""
        lowest, highest = request.LOWEST, request.HIGHEST
        if not lowest <= request.height <= highest:
            raise UserError(
                tr("A cell of {height} px is not possible.", height=request.height),
                tr("Choose {lowest} to {highest}.", lowest=lowest, highest=highest),
            )
        rows, columns = _axis(request.rows), _axis(request.columns)
        engines = next((axis.values for axis in (rows, columns) if axis.key == "engine"), (request.engine,))
        super().__init__(request, engines)
        self.sheet = plan(self.direction, rows, columns, engine=request.engine)
        self.height = request.height
        self.cells: list[Cell] = []

    def work(self) -> Iterator[Preview | Cell]:
        """Each cell is kept before it is handed on."""
        with closing(render(self.sitting, self.sheet, height=self.height)) as work:
            for item in work:
                if self.closed:
                    return
                if isinstance(item, Cell):
                    self.cells.append(item)
                yield item
                if self.stopped:
                    return

    def files(self) -> Iterator[tuple[str, bytes]]:
        """(name, bytes) of sheet.png, sheet.csv and each finished cell, row by row."""
        return files(self.sheet, self.cells)

    def own_notes(self) -> Iterable[str]:
        return [note for cell in self.cells if cell.result for note in cell.result.notes]

    def ignored(self, write: Write | None) -> Iterable[str]:
        return [*self.sheet.notes, *notes_on_words(self.direction, self.sheet.painter, write)]

    def forget(self) -> None:
        self.cells.clear()


def contact_sheet(request: SheetRequest, progress: Callable[[Preview | Cell], None] | None = None) -> SheetJob:
    """Make all cells of a request; `progress` is told of each preview and cell. Raises UserError."""
    return SheetJob(request).run(progress)


def _axis(wanted: Axis | str) -> Axis:
    return wanted if isinstance(wanted, Axis) else Axis.parse(wanted)
