"""“Any two” on the tab "Compare": two pictures of this session, or one from elsewhere, and the evidence on the pair."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from headshot.errors import UserError
from headshot.types import Check, State
from headshot.ui.compare.any_two_session import PairSession, Side, items
from headshot.ui.compare.sheet_session import SheetSession
from headshot.ui.components.compare.compare import compare, compare_busy, compare_idle, compare_value
from headshot.ui.components.events import QUIET, streaming
from headshot.ui.components.film_strip.film_strip import film_strip, film_value
from headshot.ui.components.html import BARE, step_html
from headshot.ui.components.photo_field.photo_field import photo_input
from headshot.ui.make.session import MakeSession
from headshot.ui.report.card import cleared, report_card, shown
from headshot.ui.report.html import checks_html
from headshot.ui.session_state import session_state

if TYPE_CHECKING:
    from headshot.ui.parts import Parts

_NONE = "Nothing here yet: make a headshot on “Make” first."
_CHOOSE = "Choose two pictures, and they appear here, eyes on eyes."
_EMPTY = '<p class="hs-quiet">The second picture is measured against the first as soon as both are chosen.</p>'


@dataclass
class TwoParts:
    """The components by name."""

    session: Any = None
    first: Any = None
    second: Any = None
    upload: Any = None
    says: Any = None
    view: Any = None
    card: Any = None


def two_tab() -> TwoParts:
    """Lay it out in the open container; `connect` wires it."""
    tab = TwoParts()
    tab.session = session_state()
    with gr.Row(elem_classes=["hs-page", "hs-flow", "hs-tab"]):
        with gr.Column(scale=5, min_width=320, elem_classes=["hs-left"]):
            with gr.Column(elem_classes=["hs-card", "hs-o1"]):
                gr.HTML(step_html(1, "The first picture"), **BARE)
                tab.first = film_strip("The first picture", _NONE, elem_id="two-first")
                gr.HTML(step_html(2, "The second picture"), **BARE)
                tab.second = film_strip("The second picture", _NONE, elem_id="two-second")
            with gr.Column(elem_classes=["hs-card", "hs-o4"]):
                gr.HTML(step_html(3, "One from elsewhere", "optional"), **BARE)
                tab.upload = photo_input(
                    sources=["upload", "clipboard"],
                    show_label=False,
                    label="A picture from elsewhere",
                    height=180,
                    elem_id="two-upload",
                    buttons=[],
                    elem_classes=["hs-drop"],
                    placeholder="Drop a picture from elsewhere here\n- or -\nClick to choose one",
                )
                tab.says = gr.HTML("", elem_id="two-says", **BARE)
        with gr.Column(scale=8, min_width=320, elem_classes=["hs-right"]):
            with gr.Column(elem_classes=["hs-card", "hs-o2", "hs-seen"]):
                tab.view = compare(None, _CHOOSE, elem_id="two-compare")
            with gr.Column(elem_classes=["hs-card", "hs-o3"]):
                gr.HTML(step_html(4, "Is it the same you?", "authenticity report"), **BARE)
                # By eye first makes no sense here: the visitor has just named both pictures.
                tab.card = report_card("two-", _EMPTY, gr.Checkbox(False, visible=False))
    return tab


def connect(tab: TwoParts, parts: Parts, sheet: Any, opened: Callable[..., Any]) -> None:
    """Wire it. `sheet`: the state with the SheetDesk; `opened`: the `select` event of the tab that it stands in."""

    def rows(pair_session: PairSession, session: MakeSession | None, sheet: SheetSession | None) -> dict[Any, Any]:
        found = pair_session.sources(session, sheet)
        tiles = items(found, session)
        return {
            tab.first: film_value(tiles, pair_session.chosen["first"]),
            tab.second: film_value(tiles, pair_session.chosen["second"]),
        }

    def together(
        pair_session: PairSession,
        session: MakeSession | None,
        sheet: SheetSession | None,
        more: dict[Any, Any] | None = None,
    ) -> Iterator[Any]:
        # All of it goes with each answer: of two in one frame the browser keeps the last.
        def answer(view: Any) -> dict[Any, Any]:
            return {
                tab.session: pair_session,
                **rows(pair_session, session, sheet),
                **cleared(tab.card),
                **(more or {}),
                tab.view: view,
            }

        yield answer(compare_busy("Bringing them together"))
        try:
            two = pair_session.bring_together(session, sheet)
            pair = two.pair
            yield answer(compare_value(pair.original, pair.picture, pair.eyes, two.note, names=two.names))
        except UserError as fault:
            pair_session.framed = None
            yield answer(compare_idle(str(fault)))

    @streaming
    def open_tab(
        pair_session: PairSession | None, session: MakeSession | None, sheet: SheetSession | None
    ) -> Iterator[Any]:
        pair_session = pair_session or PairSession()
        pair_session.settle(pair_session.sources(session, sheet), session)
        if session is None and pair_session.upload is None:
            pair_session.framed = None
            yield {tab.session: pair_session, tab.first: None, tab.second: None, tab.view: None, **cleared(tab.card)}
        elif pair_session.standing(session, sheet) is not None:
            yield {tab.session: pair_session, **rows(pair_session, session, sheet)}  # it stands there as it was left
        else:
            yield from together(pair_session, session, sheet)

    def pick(side: Side) -> Callable[..., Iterator[Any]]:
        @streaming
        def picked(
            pair_session: PairSession | None,
            session: MakeSession | None,
            sheet: SheetSession | None,
            event: gr.EventData,
        ) -> Iterator[Any]:
            pair_session = pair_session or PairSession()
            pair_session.choose(side, str(event._data.get("id")))
            yield from together(pair_session, session, sheet)

        return picked

    @streaming
    def receive(
        pair_session: PairSession | None, session: MakeSession | None, sheet: SheetSession | None, path: str | None
    ) -> Iterator[Any]:
        pair_session = pair_session or PairSession()
        try:
            pair_session.put(path)
        except UserError as fault:
            yield {
                tab.session: pair_session,
                tab.upload: None,
                tab.says: checks_html([Check("photo", State.RED, fault.message, fault.hint)]),
            }
            return
        pair_session.settle(pair_session.sources(session, sheet), session)
        shows = {tab.says: "", tab.upload: None if pair_session.upload is None else pair_session.upload.pixels}
        yield from together(pair_session, session, sheet, shows)

    def measured(pair_session: PairSession | None) -> Any:
        report = pair_session.measure() if pair_session is not None else None
        return gr.skip() if report is None else shown(tab.card, report)

    state = [tab.session, parts.session, sheet]
    outputs = [tab.session, tab.first, tab.second, tab.view, *tab.card.outputs]
    newest: dict[str, Any] = {"trigger_mode": "always_last", **QUIET}
    # Every click is heard: what Gradio keeps back as "the last one" comes with the tile of an earlier click.
    every: dict[str, Any] = {"trigger_mode": "multiple", "concurrency_limit": 4, **QUIET}
    for moved in (
        opened(open_tab, state, outputs, **newest),
        tab.first.pick(pick("first"), state, outputs, **every),
        tab.second.pick(pick("second"), state, outputs, **every),
        # Gradio empties a filled field before what is dropped on it arrives: both are heard, in order.
        tab.upload.input(
            receive, [*state, tab.upload], [*outputs, tab.upload, tab.says], trigger_mode="multiple", **QUIET
        ),
    ):
        moved.success(measured, tab.session, tab.card.outputs, **newest)
    tab.card.connect(lambda pair_session: pair_session.close_up() if pair_session is not None else None, tab.session)
