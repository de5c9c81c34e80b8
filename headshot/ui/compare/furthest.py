"""“As far as you stay you”: the strongest change that keeps the verdict, and the strip of what was tried."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

import gradio as gr

from headshot.authenticity.labels import STATES
from headshot.direction.engine_table import OWN_PIXELS
from headshot.errors import UserError
from headshot.language import inside, tr
from headshot.studio import FurthestRequest, FurthestSearch
from headshot.studio.furthest_search import ONLY_FINISH, Trial
from headshot.types import State
from headshot.ui.compare.job_panel import JobPanel, belongs, taken, taken_outputs
from headshot.ui.components.compare.compare import compare_busy, compare_idle, result_value
from headshot.ui.components.events import QUIET, Answer, streaming
from headshot.ui.components.film_strip.film_strip import LARGE, film_item, film_strip, film_value, thumbnail
from headshot.ui.components.html import BARE, note_html, step_words
from headshot.ui.make import setup
from headshot.ui.make.form import direction_of
from headshot.ui.make.parts import MakePage, Parts
from headshot.ui.make.session import MakeSession

_INTRO = (
    "The strongest change to you that still passes as you. At most {renders} pictures are made and "
    "measured on the way; everything but the strength stays as it is set."
)
_FLOORS = [("Nothing to remark (green)", State.GREEN.value), ("A closer look allowed (amber)", State.AMBER.value)]


class Furthest(JobPanel):
    """The panel; its job is a search, one for each visitor."""

    def __init__(self) -> None:
        """Lay it out in the open container; `connect` wires it."""
        super().__init__("far")
        intro = escape(tr(_INTRO, renders=FurthestSearch.renders))
        gr.HTML(f'<p class="hs-quiet">{intro}</p>', **BARE)
        label = "What the report may say at most"
        self.floor = gr.Radio(_FLOORS, value=State.GREEN.value, label=label, elem_id="far-floor")
        message = "" if setup.generator_for("auto") else note_html(ONLY_FINISH)
        self.note = gr.HTML(message, elem_id="far-note", **BARE)
        self.buttons("Find out")
        self.says = gr.HTML("", elem_id="far-says", **BARE)
        none = "Here each picture will stand with its verdict."
        self.strip = film_strip("What was tried", none, large=True, elem_id="far-strip")
        self.take = gr.Button("Go on with the best one", interactive=False, elem_id="far-take")

    def connect(self, page: MakePage, parts: Parts) -> None:
        """Wire it to the studio, whose stage shows what is tried."""

        @streaming
        def search(session: MakeSession | None, agreed: bool, floor: str, engine: str, *values: Any) -> Iterator[Any]:
            try:
                session = page.admit(session, agreed)
                painter = setup.generator_for(engine) or OWN_PIXELS
                direction = direction_of(session, *values, engine=painter)
                asked = FurthestRequest(photo=session.sitting, direction=direction, engine=painter, floor=floor)
                far = FurthestSearch(asked)
            except UserError as fault:
                yield {self.says: note_html(str(fault)), **self.idle}
                return
            yield {
                self.job: far,
                **self.busy,
                self.take: gr.update(interactive=False),
                self.says: note_html(tr("{done} of at most {renders} pictures.", done=0, renders=far.renders)),
                self.strip: far_items(far, waits=True),
                self.note: note_html(tr(ONLY_FINISH)) if far.own else "",
            }
            fault_said = ""
            try:
                for item in far.work():
                    if isinstance(item, Trial):
                        result = item.result
                        yield {
                            self.strip: far_items(far, waits=True),
                            self.says: note_html(
                                tr("{done} of at most {renders} pictures.", done=len(far.tried), renders=far.renders)
                            ),
                            parts.view: result_value(result, item.name),
                        }
                    else:
                        share = item.step / item.steps if item.steps else None
                        yield {parts.view: compare_busy(item.note or step_words(item), share)}
            except UserError as fault:
                fault_said = f"{fault} "
            if far.closed:  # another photo came: the tab is empty, and stays so
                yield self.idle
                return
            message = f'<p class="hs-said" role="status">{escape(fault_said + far.sentence())}</p>'
            best = far.best
            yield {
                self.strip: far_items(far, waits=False),
                self.says: message,
                self.take: gr.update(interactive=best is not None),
                parts.view: compare_idle("") if best is None else result_value(best.result, best.name),
                **self.idle,
            }

        def pick(far: FurthestSearch | None, event: gr.EventData) -> Any:
            try:
                chosen = far.tried[int(event._data.get("id", -1))] if far is not None else None
            except (IndexError, ValueError):
                chosen = None
            return gr.skip() if chosen is None else result_value(chosen.result, chosen.seen.reason)

        def take(session: MakeSession | None, far: FurthestSearch | None) -> Answer:
            if session is None or far is None or far.best is None or not belongs(far, session):
                return {parts.session: session}
            return taken(page, parts, session, far.best.result)

        empty = {self.strip: None, self.says: "", self.take: gr.update(interactive=False)}
        self.wire(page, parts, search, [self.floor], empty, (self.note, parts.view))
        self.strip.pick(pick, self.job, parts.view, **QUIET)
        page.measure(self.take.click(take, [parts.session, self.job], taken_outputs(page, parts), **QUIET))


def far_items(far: FurthestSearch, *, waits: bool) -> dict[str, Any]:
    """The tries by their place on the way, for the strip; `waits`: one is under way."""
    best = far.best
    ordered = sorted(far.tried, key=lambda t: t.seen.at)
    tiles = []
    for tried in ordered:
        seen = tried.seen
        tiles.append(
            film_item(
                str(far.tried.index(tried)),
                tried.name[:1].upper() + tried.name[1:],
                thumbnail(tried.result, LARGE),
                mark=tr("The farthest") if tried is best else f"{seen.at:.0%}",
                state=seen.state,
                words=inside(STATES[seen.state].short),
                detail=seen.reason,
            )
        )
    if waits:
        tiles.append(film_item("", tr("On its way"), "", waits="…"))
    return film_value(tiles, None if best is None else str(far.tried.index(best)))
