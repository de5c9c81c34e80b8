"""“Any two” on the tab "Compare": two pictures of this session, or one from elsewhere, and the evidence on the pair."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from headshot.errors import UserError
from headshot.types import Check
from headshot.ui.compare import any_two_session as desks
from headshot.ui.compare.any_two_session import TwoDesk
from headshot.ui.compare.sheet_session import SheetDesk
from headshot.ui.components.answers import QUIET, in_parts
from headshot.ui.components.compare.compare import compare, compare_busy, compare_idle, compare_value
from headshot.ui.components.film_strip.film_strip import film_strip, film_value
from headshot.ui.components.html import BARE, step_html
from headshot.ui.components.photo_field.photo_field import photo_input
from headshot.ui.make.session import Desk
from headshot.ui.report.card import cleared, report_card, shown
from headshot.ui.report.html import checks_html
from headshot.ui.session import KEEP_SECONDS

if TYPE_CHECKING:
    from headshot.ui.parts import Parts

_NONE = "Nothing here yet: make a headshot on “Make” first."
_CHOOSE = "Choose two pictures, and they appear here, eyes on eyes."
_EMPTY = '<p class="hs-quiet">The second picture is measured against the first as soon as both are chosen.</p>'


@dataclass
class TwoParts:
    """The components by name."""

    desk: Any = None
    first: Any = None
    second: Any = None
    upload: Any = None
    says: Any = None
    view: Any = None
    card: Any = None


def two_tab() -> TwoParts:
    """Lay it out in the open container; `connect` wires it."""
    t = TwoParts()
    t.desk = gr.State(None, time_to_live=KEEP_SECONDS, delete_callback=desks.close_two)
    with gr.Row(elem_classes=["hs-page", "hs-flow", "hs-tab"]):
        with gr.Column(scale=5, min_width=320, elem_classes=["hs-left"]):
            with gr.Column(elem_classes=["hs-card", "hs-o1"]):
                gr.HTML(step_html(1, "The first picture"), **BARE)
                t.first = film_strip("The first picture", _NONE, elem_id="two-first")
                gr.HTML(step_html(2, "The second picture"), **BARE)
                t.second = film_strip("The second picture", _NONE, elem_id="two-second")
            with gr.Column(elem_classes=["hs-card", "hs-o4"]):
                gr.HTML(step_html(3, "One from elsewhere", "optional"), **BARE)
                t.upload = photo_input(
                    sources=["upload", "clipboard"],
                    show_label=False,
                    label="A picture from elsewhere",
                    height=180,
                    elem_id="two-upload",
                    buttons=[],
                    elem_classes=["hs-drop"],
                    placeholder="Drop a picture from elsewhere here\n- or -\nClick to choose one",
                )
                t.says = gr.HTML("", elem_id="two-says", **BARE)
        with gr.Column(scale=8, min_width=320, elem_classes=["hs-right"]):
            with gr.Column(elem_classes=["hs-card", "hs-o2", "hs-seen"]):
                t.view = compare(None, _CHOOSE, elem_id="two-compare")
            with gr.Column(elem_classes=["hs-card", "hs-o3"]):
                gr.HTML(step_html(4, "Is it the same you?", "authenticity report"), **BARE)
                # By eye first makes no sense here: the visitor has just named both pictures.
                t.card = report_card("two-", _EMPTY, gr.Checkbox(False, visible=False))
    return t


def connect(t: TwoParts, p: Parts, sheet: Any, opened: Callable[..., Any]) -> None:
    """Wire it. `sheet`: the state with the SheetDesk; `opened`: the `select` event of the tab that it stands in."""

    def rows(desk: TwoDesk, now: Desk | None, held: SheetDesk | None) -> dict[Any, Any]:
        found = desks.sources(now, held, desk)
        tiles = desks.items(found, now)
        return {t.first: film_value(tiles, desk.chosen["first"]), t.second: film_value(tiles, desk.chosen["second"])}

    def together(
        desk: TwoDesk, now: Desk | None, held: SheetDesk | None, more: dict[Any, Any] | None = None
    ) -> Iterator[Any]:
        # All of it goes with each answer: of two in one frame the browser keeps the last.
        def answer(view: Any) -> dict[Any, Any]:
            return {t.desk: desk, **rows(desk, now, held), **cleared(t.card), **(more or {}), t.view: view}

        yield answer(compare_busy("Bringing them together"))
        try:
            two = desks.bring_together(desk, now, held)
            pair = two.pair
            yield answer(compare_value(pair.original, pair.picture, pair.eyes, two.note, names=two.names))
        except UserError as fault:
            desk.two = None
            yield answer(compare_idle(str(fault)))

    @in_parts
    def open_tab(desk: TwoDesk | None, now: Desk | None, held: SheetDesk | None) -> Iterator[Any]:
        desk = desk or TwoDesk()
        desks.settle(desk, desks.sources(now, held, desk), now)
        if now is None and desk.upload is None:
            desk.two = None
            yield {t.desk: desk, t.first: None, t.second: None, t.view: None, **cleared(t.card)}
        elif desks.standing(desk, now, held) is not None:
            yield {t.desk: desk, **rows(desk, now, held)}  # it stands there as it was left
        else:
            yield from together(desk, now, held)

    def pick(side: desks.Side) -> Callable[..., Iterator[Any]]:
        @in_parts
        def picked(
            desk: TwoDesk | None, now: Desk | None, held: SheetDesk | None, event: gr.EventData
        ) -> Iterator[Any]:
            desk = desk or TwoDesk()
            desks.choose(desk, side, str(event._data.get("id")))
            yield from together(desk, now, held)

        return picked

    @in_parts
    def receive(desk: TwoDesk | None, now: Desk | None, held: SheetDesk | None, path: str | None) -> Iterator[Any]:
        desk = desk or TwoDesk()
        try:
            desks.put(desk, path)
        except UserError as fault:
            yield {
                t.desk: desk,
                t.upload: None,
                t.says: checks_html([Check("photo", "red", fault.message, fault.hint)]),
            }
            return
        desks.settle(desk, desks.sources(now, held, desk), now)
        shows = {t.says: "", t.upload: None if desk.upload is None else desk.upload.pixels}
        yield from together(desk, now, held, shows)

    def measured(desk: TwoDesk | None) -> Any:
        report = desks.measure(desk) if desk is not None else None
        return gr.skip() if report is None else shown(t.card, report)

    state = [t.desk, p.desk, sheet]
    outputs = [t.desk, t.first, t.second, t.view, *t.card.outputs]
    newest: dict[str, Any] = {"trigger_mode": "always_last", **QUIET}
    # Every click is heard: what Gradio keeps back as "the last one" comes with the tile of an earlier click.
    every: dict[str, Any] = {"trigger_mode": "multiple", "concurrency_limit": 4, **QUIET}
    for moved in (
        opened(open_tab, state, outputs, **newest),
        t.first.pick(pick("first"), state, outputs, **every),
        t.second.pick(pick("second"), state, outputs, **every),
        # Gradio empties a filled field before what is dropped on it arrives: both are heard, in order.
        t.upload.input(receive, [*state, t.upload], [*outputs, t.upload, t.says], trigger_mode="multiple", **QUIET),
    ):
        moved.success(measured, t.desk, t.card.outputs, **newest)
    t.card.connect(lambda desk: desks.closer(desk) if desk is not None else None, t.desk)
