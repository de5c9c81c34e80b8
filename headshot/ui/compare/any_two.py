"""“Any two” on the tab "Compare": two pictures of this session, or one from elsewhere, and the evidence on the pair."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from headshot.errors import UserError
from headshot.ui.compare.any_two_session import PairSession, Side, items
from headshot.ui.compare.sheet_session import SheetSession
from headshot.ui.components.compare.compare import compare, compare_busy, compare_idle, compare_value
from headshot.ui.components.events import EVERY, NEWEST, UPLOADED, Answer, streaming
from headshot.ui.components.film_strip.film_strip import film_strip, film_value
from headshot.ui.components.html import BARE, step_html
from headshot.ui.components.layout import card, left, right, two_columns
from headshot.ui.components.photo_field.photo_field import small_photo_input
from headshot.ui.components.uploads import Upload
from headshot.ui.make.parts import Parts
from headshot.ui.make.session import MakeSession
from headshot.ui.report.card import cleared, report_card, shown
from headshot.ui.report.html import fault_html
from headshot.ui.session_state import session_state

_NONE = "Nothing here yet: make a headshot on “Make” first."
_CHOOSE = "Choose two pictures, and they appear here, eyes on eyes."
_EMPTY = '<p class="hs-quiet">The second picture is measured against the first as soon as both are chosen.</p>'


class AnyTwoTab:
    """The tab."""

    def __init__(self) -> None:
        """Lay it out in the open container; `connect` wires it."""
        self.pair = session_state()
        with two_columns():
            with left(5, 320):
                with card(1, 1, "The first picture"):
                    self.first = film_strip("The first picture", _NONE, elem_id="two-first")
                    gr.HTML(step_html(2, "The second picture"), **BARE)
                    self.second = film_strip("The second picture", _NONE, elem_id="two-second")
                with card(4, 3, "One from elsewhere", "optional"):
                    words = "Drop a picture from elsewhere here"
                    self.upload = small_photo_input("A picture from elsewhere", words, "two-upload")
                    self.says = gr.HTML("", elem_id="two-says", **BARE)
            with right(8):
                with card(2, seen=True):
                    self.view = compare(None, _CHOOSE, elem_id="two-compare")
                with card(3, 4, "Is it the same you?", "authenticity report"):
                    # By eye first makes no sense here: the visitor has just named both pictures.
                    self.card = report_card("two-", _EMPTY, gr.Checkbox(False, visible=False))

    def connect(self, parts: Parts, sheet_state: gr.State, opened: Callable[..., Any]) -> None:
        """Wire it. `sheet_state` holds the SheetSession; `opened`: the event with which the tab comes into sight."""

        def rows(pair: PairSession, session: MakeSession | None, sheet: SheetSession | None) -> Answer:
            tiles = items(pair.sources(session, sheet), session)
            return {
                self.first: film_value(tiles, pair.chosen["first"]),
                self.second: film_value(tiles, pair.chosen["second"]),
            }

        def together(
            pair: PairSession, session: MakeSession | None, sheet: SheetSession | None, more: Answer | None = None
        ) -> Iterator[Any]:
            # All of it goes with each answer: of two in one frame the browser keeps the last.
            def answer(view: Any) -> Answer:
                strips = rows(pair, session, sheet)
                return {self.pair: pair, **strips, **cleared(self.card), **(more or {}), self.view: view}

            yield answer(compare_busy("Bringing them together"))
            try:
                two = pair.bring_together(session, sheet)
                both = two.pair
                yield answer(compare_value(both.original, both.picture, both.eyes, two.note, names=two.names))
            except UserError as fault:
                pair.framed = None
                yield answer(compare_idle(str(fault)))

        @streaming
        def open_tab(
            pair: PairSession | None, session: MakeSession | None, sheet: SheetSession | None
        ) -> Iterator[Any]:
            pair = pair or PairSession()
            pair.settle(pair.sources(session, sheet), session)
            if session is None and pair.upload is None:
                pair.framed = None
                yield {self.pair: pair, self.first: None, self.second: None, self.view: None, **cleared(self.card)}
            elif pair.standing(session, sheet) is not None:
                yield {self.pair: pair, **rows(pair, session, sheet)}  # it stands there as it was left
            else:
                yield from together(pair, session, sheet)

        def pick(side: Side) -> Callable[..., Iterator[Any]]:
            @streaming
            def picked(
                pair: PairSession | None, session: MakeSession | None, sheet: SheetSession | None, event: gr.EventData
            ) -> Iterator[Any]:
                pair = pair or PairSession()
                pair.choose(side, str(event._data.get("id")))
                yield from together(pair, session, sheet)

            return picked

        @streaming
        def receive(
            pair: PairSession | None, session: MakeSession | None, sheet: SheetSession | None, file: Upload | None
        ) -> Iterator[Any]:
            pair = pair or PairSession()
            try:
                pair.put(file)
            except UserError as fault:
                yield {self.pair: pair, self.upload: None, self.says: fault_html(fault)}
                return
            pair.settle(pair.sources(session, sheet), session)
            shows = {self.says: "", self.upload: None if pair.upload is None else pair.upload.pixels}
            yield from together(pair, session, sheet, shows)

        def measured(pair: PairSession | None) -> Any:
            report = pair.measure() if pair is not None else None
            return gr.skip() if report is None else shown(self.card, report)

        state = [self.pair, parts.session, sheet_state]
        outputs = [self.pair, self.first, self.second, self.view, *self.card.outputs]
        with_upload = [*outputs, self.upload, self.says]
        for moved in (
            opened(open_tab, state, outputs, **NEWEST),
            self.first.pick(pick("first"), state, outputs, **EVERY),
            self.second.pick(pick("second"), state, outputs, **EVERY),
            # Gradio empties a filled field before what is dropped on it arrives: both are answered, in order.
            self.upload.input(receive, [*state, self.upload], with_upload, trigger_mode="multiple", **UPLOADED),
        ):
            moved.success(measured, self.pair, self.card.outputs, **NEWEST)
        self.card.connect(lambda pair: pair.close_up() if pair is not None else None, self.pair)
