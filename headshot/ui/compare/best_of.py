"""“Best of several”: a few seeds of one direction, ranked by the independent judge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from headshot.errors import UserError
from headshot.language import tr
from headshot.studio import BestRequest
from headshot.studio.best_of import SEEDLESS
from headshot.types import Headshot
from headshot.ui.compare.best_of_session import BestSession
from headshot.ui.compare.job_panel import JobPanel, belongs, taken, taken_outputs
from headshot.ui.components.events import QUIET, Answer, streaming
from headshot.ui.components.film_strip.film_strip import film_strip
from headshot.ui.components.html import BARE, note_html, step_words
from headshot.ui.components.pace import Pace
from headshot.ui.make import setup
from headshot.ui.make.form import direction_of
from headshot.ui.make.parts import MakePage, Parts
from headshot.ui.make.session import MakeSession

_INTRO = (
    '<p class="hs-quiet">The same settings painted several times, each time from another random start (a “seed”). The '
    "order comes from a face recogniser that steers no generator: nearest to you first, but a picture nearer to "
    "your one photo than another photo of you would be counts as a copy and comes after the others.</p>"
)
_NONE = "Here the pictures will stand. Clicking one puts it on the stage."


class BestOf(JobPanel):
    """The panel; its job is a BestSession, one for each visitor."""

    def __init__(self, panel: gr.Accordion) -> None:
        """Lay it out in the open container `panel`; `connect` wires it."""
        super().__init__("best")
        self.panel = panel
        gr.HTML(_INTRO, **BARE)
        self.count = gr.Slider(
            BestRequest.FEWEST,
            BestRequest.MOST,
            4,
            step=1,
            label="How many pictures",
            info="number of seeds",
            elem_id="best-count",
        )
        self.buttons("Paint them")
        self.says = gr.HTML("", elem_id="best-says", **BARE)
        self.strip = film_strip("Pictures in order", _NONE, large=True, elem_id="best-strip")

    def connect(self, page: MakePage, parts: Parts) -> None:
        """Wire it to the studio."""

        @streaming
        def paint(session: MakeSession | None, agreed: bool, count: float, engine: str, *values: Any) -> Iterator[Any]:
            try:
                session, painter = page.admit(session, agreed), setup.generator_for(engine)
                if painter is None:
                    raise SEEDLESS
                direction = direction_of(session, *values, engine=painter)
                asked = BestRequest(photo=session.sitting, direction=direction, engine=painter, count=int(count))
                best = BestSession(asked)
            except UserError as fault:
                yield {self.says: note_html(str(fault)), **self.idle}
                return
            yield {self.job: best, **self.busy, self.strip: None, self.says: note_html(tr("Getting ready"))}
            message, pace = "", Pace()
            try:
                for item in best.work():
                    if isinstance(item, Headshot):
                        yield {
                            self.strip: best.items(),
                            self.says: note_html(pace.words(len(best.results), int(count))),
                        }
                    else:
                        yield {self.says: note_html(item.note or step_words(item))}
            except UserError as fault:
                message = f"{fault} "
            if best.closed:  # another photo came: the tab is empty, and stays so
                yield self.idle
                return
            if best.ranking is not None:
                message += f"{best.ranking.reason} {tr('Clicking a picture puts it on the stage.')}"
            yield {
                self.strip: best.items(),
                self.says: note_html(message or tr("Stopped before the first picture was done.")),
                **self.idle,
            }

        def pick(session: MakeSession | None, best: BestSession | None, event: gr.EventData) -> Answer:
            try:
                result = best.results[int(event._data.get("id", -1))] if best is not None else None
            except (IndexError, ValueError):
                result = None
            if session is None or best is None or result is None or not belongs(best, session):
                return {parts.session: session}
            return taken(page, parts, session, result)

        self.wire(page, parts, paint, [self.count], {self.strip: None, self.says: ""})
        page.measure(self.strip.pick(pick, [parts.session, self.job], taken_outputs(page, parts), **QUIET))
