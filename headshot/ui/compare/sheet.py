"""The tab "Compare": two settings, every pair of their values on your own photo."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from headshot.direction.applicability import why_ignored
from headshot.direction.engine_table import OWN_PIXELS
from headshot.direction.labels import name_of, value_of
from headshot.direction.ladder import OWN_TOP, RUNGS
from headshot.direction.settings import SETTINGS
from headshot.errors import UserError
from headshot.studio.sheet.axis import KEYS, everything
from headshot.studio.sheet.picture import SCALE
from headshot.studio.sheet.sheet import Cell, plan
from headshot.types import Headshot
from headshot.ui.compare.sheet_session import DOWNLOADS, SheetSession, axis_of, need_sheet
from headshot.ui.components.download.download import download_value
from headshot.ui.components.events import QUIET, streaming
from headshot.ui.components.html import BARE, step_html
from headshot.ui.components.sheet_grid.sheet_grid import sheet_grid, sheet_value
from headshot.ui.make import setup
from headshot.ui.make.form import direction_of, fields, filled
from headshot.ui.make.session import MakeSession, need
from headshot.ui.session_state import session_state

if TYPE_CHECKING:
    from headshot.ui.parts import Parts

_RECENT = 6  # cells sent with each new one: of two updates in one frame the browser keeps the last
_LOOKS = ("linkedin", "corporate", "creative", "warm-studio")  # what an axis of looks starts with
_INTRO = (
    '<p class="hs-quiet">Choose two settings. Your photo is shown for every pair of their values, side by side, with '
    "its likeness. Everything else stays as it is set on “Make”. Click a picture to go on with it there.</p>"
    f'<p class="hs-quiet">The figure under a picture says how far its face lies from your photo: {SCALE}.</p>'
)


@dataclass
class SheetParts:
    """The tab's components by name."""

    session: Any = None
    row_key: Any = None
    rows: Any = None
    column_key: Any = None
    columns: Any = None
    make: Any = None
    stop: Any = None
    grid: Any = None
    kind: Any = None
    save: Any = None


def sheet_tab() -> SheetParts:
    """Lay the tab out in the open container; `connect` wires it."""
    tab = SheetParts()
    tab.session = session_state()
    with gr.Row(elem_classes=["hs-page", "hs-flow", "hs-tab"]):
        with gr.Column(scale=4, min_width=300, elem_classes=["hs-left"]):
            with gr.Column(elem_classes=["hs-card", "hs-o1"]):
                gr.HTML(step_html(1, "What to compare"), **BARE)
                gr.HTML(_INTRO, **BARE)
                tab.row_key, tab.rows = _axis("Down", "preset", "rows")
                tab.column_key, tab.columns = _axis("Across", "light.key_side", "columns")
                tab.make = gr.Button("Make the sheet", variant="primary", elem_id="sheet-make")
                tab.stop = gr.Button("Stop, keep what is done", elem_id="sheet-stop", visible=False)
        with gr.Column(scale=9, min_width=320, elem_classes=["hs-right"]):
            with gr.Column(elem_classes=["hs-card", "hs-o2"]):
                gr.HTML(step_html(2, "The sheet"), **BARE)
                tab.grid = sheet_grid(elem_id="sheet")
                with gr.Row(elem_classes=["hs-actions"], equal_height=True):
                    tab.kind = gr.Dropdown(
                        list(DOWNLOADS),
                        value="sheet.png",
                        show_label=False,
                        label="What to download",
                        elem_id="sheet-kind",
                        scale=3,
                        min_width=180,
                    )
                    tab.save = gr.Button(
                        "Download", variant="primary", elem_id="sheet-save", interactive=False, scale=2, min_width=130
                    )
    return tab


def offered() -> list[tuple[str, str]]:
    """(plain name, key) of the settings that change something on this machine, the telling ones first."""
    generator = setup.generator_for("auto") is not None
    first = ("preset", "light.key_side", "backdrop.kind", "backdrop.colour", "crop.aspect", "change")
    keys = [*first, *(k for k in KEYS if k in SETTINGS and k not in first and SETTINGS[k].kind != "text")]
    if not generator:
        keys = [k for k in keys if k == "change" or not why_ignored(k, OWN_PIXELS)]
    elif len(everything("engine")) > 1:
        keys.insert(6, "engine")
    return [(name_of(k), k) for k in keys]


def values_for(key: str) -> tuple[list[tuple[str, str]], list[str]]:
    """The values to offer for a setting, and those chosen at first: all of a short list, else a spread."""
    known = list(everything(key))
    if key == "engine":
        known = [OWN_PIXELS, *(n for n, st in setup.statuses().items() if st.available)]
    chosen = known[:4]
    if key == "preset":
        chosen = list(_LOOKS)
    elif key == "change":
        painted = setup.generator_for("auto") is not None
        chosen = [f"{at:g}" for at, _ in RUNGS if painted or at <= OWN_TOP]
    elif key in SETTINGS and (spread := SETTINGS[key].spread_values):
        chosen = list(spread)
    pool = known or chosen
    return [(value_of(key, _parsed(key, v)), v) for v in pool], chosen


def connect(
    tab: SheetParts,
    parts: Parts,
    *,
    opened: Callable[..., Any],
    refused: Callable[[MakeSession | None, bool], str],
    picture: Callable[[MakeSession, Headshot], dict[Any, Any]],
    measured: tuple[Any, Any, Any],
    shown: Sequence[Any],
    changed: Sequence[Any],
) -> None:
    """Wire the tab to the page. `opened`: the event with which it comes into sight; `refused(desk, agreed)`: why
    nothing is made, or ""; `picture`: the updates that show a result on "Make"; `measured`: (handler, inputs, outputs)
    of the report there; `shown`: the outputs of `picture`; `changed`: events after which another person may be on the
    desk.
    """

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
        idle = {tab.make: gr.update(visible=True), tab.stop: gr.update(visible=False)}
        try:
            if reason := refused(session, agreed):
                raise UserError(reason if reason.strip() else "There is no photo here.", "Add one on “Make”.")
            painter = setup.generator_for(engine) or OWN_PIXELS
            base = direction_of(need(session), *values, engine=painter)
            sheet = plan(base, axis_of(row_key, rows), axis_of(column_key, columns), engine=painter)
            above = any(place.direction.change > OWN_TOP for place in sheet.places)
            if above and "engine" not in (row_key, column_key) and (missing := setup.why_not(engine)):
                raise UserError(missing)
        except UserError as fault:
            yield {tab.grid: {"note": str(fault), "busy": False}, **idle}
            return
        held = SheetSession(need(session).sitting, sheet)
        notes = " ".join(sheet.notes)
        start = sheet_value(held.number, sheet, [], 0, busy=True, note=f"Cutting you out, once for all cells. {notes}")
        yield {
            tab.session: held,
            tab.grid: start,
            tab.make: gr.update(visible=False),
            tab.stop: gr.update(visible=True),
            tab.save: gr.update(interactive=False),
        }
        try:
            for item in held.work():
                done = len(held.cells)
                left = f"{done} of {len(sheet.places)}. {notes}"
                if not isinstance(item, Cell):
                    left = f"{left} {item.note or f'Step {item.step} of {item.steps}.'}"
                yield {tab.grid: sheet_value(held.number, sheet, held.cells[-_RECENT:], done, busy=True, note=left)}
            over = f"{len(held.cells)} of {len(sheet.places)} made. Click one to go on with it. {notes}"
        except UserError as fault:
            over = str(fault)
        if held.closed:  # another photo came: the tab is empty, and stays so
            yield idle
            return
        last = sheet_value(held.number, sheet, held.cells, len(held.cells), busy=False, note=over)
        yield {tab.session: held, tab.grid: last, tab.save: gr.update(interactive=bool(held.cells)), **idle}

    def picked(session: MakeSession | None, held: SheetSession | None, event: gr.EventData) -> Any:
        row, column = event._data.get("row"), event._data.get("column")
        cell = held.cell(int(row), int(column)) if held is not None and row is not None and column is not None else None
        if (
            session is None
            or cell is None
            or cell.result is None
            or held is None
            or held.sitting is not session.sitting
        ):
            return {parts.session: session}
        session.begin()  # an older request must not paint over it
        session.keep(cell.result)
        return {
            **filled(parts, cell.place.direction, cell.place.engine),
            **picture(session, cell.result),
            parts.tabs: gr.Tabs(selected="make"),
        }

    def file(held: SheetSession | None, kind: str) -> Any:
        try:
            return download_value(*need_sheet(held).file(kind))
        except UserError as fault:
            raise gr.Error(str(fault), print_exception=False) from None

    def look(row_key: str, column_key: str) -> Any:
        """A generator may have been set up since: more settings, more values; what is chosen stays."""
        keys = gr.update(choices=offered())
        return {
            tab.row_key: keys,
            tab.column_key: keys,
            tab.rows: gr.update(choices=values_for(row_key)[0]),
            tab.columns: gr.update(choices=values_for(column_key)[0]),
        }

    def other(key: str) -> Any:
        choices, chosen = values_for(key)
        return gr.update(choices=choices, value=chosen)

    def halt(held: SheetSession | None) -> None:
        if held is not None:
            held.stop()

    def empty(session: MakeSession | None, held: SheetSession | None) -> Any:
        if held is None or (session is not None and held.sitting is session.sitting):
            return gr.skip()
        held.close()
        return {tab.session: None, tab.grid: None, tab.save: gr.update(interactive=False)}

    for key, values in ((tab.row_key, tab.rows), (tab.column_key, tab.columns)):
        key.input(other, key, values, **QUIET)
    opened(look, [tab.row_key, tab.column_key], [tab.row_key, tab.column_key, tab.rows, tab.columns], **QUIET)
    settings = fields(parts)
    tab.make.click(
        made,
        [parts.session, parts.consent, tab.row_key, tab.rows, tab.column_key, tab.columns, parts.engine, *settings],
        [tab.session, tab.grid, tab.make, tab.stop, tab.save],
        concurrency_limit=2,
        **QUIET,
    )
    tab.stop.click(halt, tab.session, None, **QUIET)
    run, inputs, outputs = measured
    tab.grid.pick(picked, [parts.session, tab.session], [*settings, parts.engine, *shown, parts.tabs], **QUIET).success(
        run, inputs, outputs, **QUIET
    )
    tab.save.click(
        file,
        [tab.session, tab.kind],
        parts.saved,
        show_progress="full",
        show_progress_on=tab.save,
        api_visibility="private",
    )
    for event in changed:
        event.success(empty, [parts.session, tab.session], [tab.session, tab.grid, tab.save], **QUIET)


def _axis(label: str, key: str, name: str) -> tuple[Any, Any]:
    choices, chosen = values_for(key)
    keys = gr.Dropdown(offered(), value=key, label=label, elem_id=f"sheet-{name}-key")
    values = gr.Dropdown(
        choices,
        value=chosen,
        label="Values",
        info="Type others and press Enter.",
        multiselect=True,
        allow_custom_value=True,
        elem_id=f"sheet-{name}",
    )
    return keys, values


def _parsed(key: str, value: str) -> Any:
    return axis_of(key, [value]).values[0]
