"""The contact sheet: two settings, every pair of their values on your own photo, as a grid in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from headshot.direction.engine_table import OWN_PIXELS
from headshot.direction.ladder import OWN_TOP
from headshot.errors import UserError
from headshot.language import tr
from headshot.studio import SheetRequest
from headshot.studio.sheet.sheet import Cell
from headshot.ui.compare.job_panel import JobPanel, belongs, taken, taken_outputs
from headshot.ui.compare.sheet_axes import axis_of, axis_picker, offered, values_for
from headshot.ui.compare.sheet_session import DOWNLOADS, SheetSession, need_sheet
from headshot.ui.components.download.download import download_value
from headshot.ui.components.events import QUIET, Answer, streaming
from headshot.ui.components.html import BARE, step_words
from headshot.ui.components.layout import download_row
from headshot.ui.components.pace import Pace
from headshot.ui.components.sheet_grid.sheet_grid import sheet_grid, sheet_value
from headshot.ui.make import setup
from headshot.ui.make.form import direction_of
from headshot.ui.make.parts import MakePage, Parts
from headshot.ui.make.session import MakeSession

_RECENT = 6  # cells sent with each new one: of two updates in one frame the browser keeps the last
_INTRO = (
    '<p class="hs-quiet">Choose two settings. Your photo is shown for every pair of their values, side by side, with '
    "its verdict. Everything else stays as it is set. Click a picture, and it stands on the stage.</p>"
)


class Sheet(JobPanel):
    """The panel; its job is a SheetSession, one for each visitor."""

    def __init__(self) -> None:
        """Lay it out in the open container; `connect` wires it."""
        super().__init__("sheet")
        gr.HTML(_INTRO, **BARE)
        with gr.Row():
            self.row_key, self.rows = axis_picker("Down", "preset", "rows")
        with gr.Row():
            self.column_key, self.columns = axis_picker("Across", "light.key_side", "columns")
        self.buttons("Make the grid")
        self.grid = sheet_grid(elem_id="sheet")
        self.kind, self.save = download_row(DOWNLOADS, "sheet.png", "sheet-", label="Download the grid", primary=False)

    def connect(self, page: MakePage, parts: Parts, opened: Callable[..., Any]) -> None:
        """Wire it to the studio. `opened`: the event with which it comes into sight."""

        @streaming
        def made(
            session: MakeSession | None,
            agreed: bool,
            row_key: str,
            rows: Any,
            column_key: str,
            columns: Any,
            engine: str,
            *values: Any,
        ) -> Iterator[Any]:
            try:
                session = page.admit(session, agreed)
                painter = setup.generator_for(engine) or OWN_PIXELS
                base = direction_of(session, *values, engine=painter)
                down, across = axis_of(row_key, rows), axis_of(column_key, columns)
                held = SheetSession(
                    SheetRequest(photo=session.sitting, direction=base, engine=painter, rows=down, columns=across)
                )
                sheet = held.sheet
                above = any(place.direction.change > OWN_TOP for place in sheet.places)
                if above and "engine" not in (row_key, column_key) and (missing := setup.why_not(engine)):
                    raise UserError(missing)
            except UserError as fault:
                yield {self.grid: {"note": str(fault), "busy": False}, **self.idle}
                return
            notes = " ".join(sheet.notes)
            start = sheet_value(
                held.number, sheet, [], 0, busy=True, note=f"{tr('Cutting you out, once for all cells.')} {notes}"
            )
            yield {
                self.job: held,
                self.grid: start,
                **self.busy,
                self.save: gr.update(interactive=False),
            }
            pace = Pace()
            try:
                for item in held.work():
                    done = len(held.cells)
                    left = f"{pace.words(done, len(sheet.places))} {notes}"
                    if not isinstance(item, Cell):
                        left = f"{left} {item.note or step_words(item)}"
                    yield {
                        self.grid: sheet_value(held.number, sheet, held.cells[-_RECENT:], done, busy=True, note=left)
                    }
                words = "{done} of {all} made. Click one to go on with it."
                over = f"{tr(words, done=len(held.cells), all=len(sheet.places))} {notes}"
            except UserError as fault:
                over = str(fault)
            if held.closed:  # another photo came: the tab is empty, and stays so
                yield self.idle
                return
            last = sheet_value(held.number, sheet, held.cells, len(held.cells), busy=False, note=over)
            yield {self.job: held, self.grid: last, self.save: gr.update(interactive=bool(held.cells)), **self.idle}

        def picked(session: MakeSession | None, held: SheetSession | None, event: gr.EventData) -> Answer:
            row, column = event._data.get("row"), event._data.get("column")
            if session is None or held is None or None in (row, column) or not belongs(held, session):
                return {parts.session: session}
            cell = held.cell(int(row), int(column))
            if cell is None or cell.result is None:
                return {parts.session: session}
            return taken(page, parts, session, cell.result)

        def file(held: SheetSession | None, kind: str) -> Any:
            try:
                return download_value(*need_sheet(held).file(kind))
            except UserError as fault:
                raise gr.Error(str(fault), print_exception=False) from None

        def look(row_key: str, column_key: str) -> Answer:
            """A generator may have been set up since: more settings, more values; what is chosen stays."""
            keys = gr.update(choices=offered())
            return {
                self.row_key: keys,
                self.column_key: keys,
                self.rows: gr.update(choices=values_for(row_key)[0]),
                self.columns: gr.update(choices=values_for(column_key)[0]),
            }

        def other(key: str) -> Any:
            choices, chosen = values_for(key)
            return gr.update(choices=choices, value=chosen)

        for key, values in ((self.row_key, self.rows), (self.column_key, self.columns)):
            key.input(other, key, values, **QUIET)
        keys = [self.row_key, self.column_key]
        opened(look, keys, [*keys, self.rows, self.columns], **QUIET)
        asked = [self.row_key, self.rows, self.column_key, self.columns]
        self.wire(page, parts, made, asked, {self.grid: None, self.save: gr.update(interactive=False)})
        page.measure(self.grid.pick(picked, [parts.session, self.job], taken_outputs(page, parts), **QUIET))
        saving = {"show_progress": "full", "show_progress_on": self.save, "api_visibility": "private"}
        self.save.click(file, [self.job, self.kind], parts.saved, **saving)
