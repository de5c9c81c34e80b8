"""“Best of several” on the tab "Compare": a few seeds of one direction, ranked by the independent judge."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from headshot.authenticity.ranking import Ranked, Ranking
from headshot.direction.ladder import OWN_TOP
from headshot.errors import UserError
from headshot.studio.best_of import FEWEST, MOST, SEEDLESS, candidates, order
from headshot.studio.session import Sitting
from headshot.types import Direction, Headshot, Preview, State
from headshot.ui.components.events import QUIET, streaming
from headshot.ui.components.film_strip.film_strip import LARGE, film_item, film_strip, film_value, thumbnail
from headshot.ui.components.html import BARE, note_html, step_html
from headshot.ui.make import setup
from headshot.ui.make.form import direction_of, fields
from headshot.ui.make.session import MakeSession, need
from headshot.ui.session_state import session_state

if TYPE_CHECKING:
    from headshot.ui.parts import Parts

_INTRO = (
    '<p class="hs-quiet">One direction, several throws of the dice. The order comes from a face recogniser that steers '
    "no generator: nearest to you first, but a picture that clings to your one photo more closely than another photo "
    "of you would is taken for a copy and stands behind.</p>"
)
_NONE = "Here the pictures will stand. Clicking one takes it to “Make”."
_BELOW = UserError("At this place on the ladder nothing is painted.", "Choose a rung from “clothes” up on “Make”.")


class BestSession:
    """One visitor's candidates, in order once all are there."""

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting
        self.results: list[Headshot] = []
        self.ranking: Ranking | None = None
        self.closed = False
        self._stopped = threading.Event()

    def stop(self) -> None:
        """The generator ends before its next step."""
        self._stopped.set()

    def work(self, direction: Direction, count: int, engine: str) -> Iterator[Preview | Headshot]:
        """The previews and pictures; ranked when it ends, also what there is after `stop`. Raises UserError."""
        with closing(candidates(self.sitting, direction, count, engine=engine)) as work:
            for item in work:
                if self._stopped.is_set():
                    break
                if isinstance(item, Headshot):
                    self.results.append(item)
                yield item
        if self.results and not self.closed:
            self.ranking = order(self.sitting, self.results)

    def items(self) -> dict[str, Any]:
        """For the strip: in order where it is known, else as they came."""
        if self.ranking is None:
            return film_value(
                film_item(str(i), f"Seed {r.direction.seed}", thumbnail(r, LARGE)) for i, r in enumerate(self.results)
            )
        tiles = []
        for place, ranked in enumerate(self.ranking.order, 1):
            result = self.results[ranked.index]
            state, words = _verdict(ranked)
            tiles.append(
                film_item(
                    str(ranked.index),
                    f"Seed {result.direction.seed}",
                    thumbnail(result, LARGE),
                    mark=str(place),
                    state=state,
                    words=words,
                    detail=ranked.sentence,
                )
            )
        return film_value(tiles, str(self.ranking.best.index))

    def close(self) -> None:
        """Forget everything, also what is being made now."""
        self.closed = True
        self.stop()
        self.results.clear()
        self.ranking = None


def _verdict(ranked: Ranked) -> tuple[State, str]:
    if ranked.value is None:
        return State.GREY, "no face found"
    figure = ranked.sentence.partition(":")[0]
    if ranked.off > 0:
        return State.RED, f"{figure} · somebody else"
    return (State.AMBER, f"{figure} · partly a copy") if ranked.copied else (State.GREEN, figure)


@dataclass
class BestParts:
    """The components by name."""

    session: Any = None
    count: Any = None
    note: Any = None
    make: Any = None
    stop: Any = None
    says: Any = None
    strip: Any = None


def best_tab() -> BestParts:
    """Lay it out in the open container; `connect` wires it."""
    tab = BestParts()
    ready = setup.generator_for("auto") is not None
    tab.session = session_state()
    with gr.Row(elem_classes=["hs-page", "hs-flow", "hs-tab"]):
        with gr.Column(scale=4, min_width=300, elem_classes=["hs-left"]):
            with gr.Column(elem_classes=["hs-card", "hs-o1"]):
                gr.HTML(step_html(1, "Best of several", "seeds"), **BARE)
                gr.HTML(_INTRO, **BARE)
                tab.count = gr.Slider(
                    FEWEST,
                    MOST,
                    4,
                    step=1,
                    label="How many pictures",
                    info="number of seeds",
                    elem_id="best-count",
                    interactive=ready,
                )
                tab.note = gr.HTML("" if ready else note_html(str(SEEDLESS)), elem_id="best-note", **BARE)
                tab.make = gr.Button("Paint them", variant="primary", elem_id="best-make", interactive=ready)
                tab.stop = gr.Button("Stop, keep what is done", elem_id="best-stop", visible=False)
        with gr.Column(scale=9, min_width=320, elem_classes=["hs-right"]):
            with gr.Column(elem_classes=["hs-card", "hs-o2"]):
                gr.HTML(step_html(2, "In the judge’s order", "ranking"), **BARE)
                tab.says = gr.HTML("", elem_id="best-says", **BARE)
                tab.strip = film_strip("Pictures in order", _NONE, large=True, leaves=True, elem_id="best-strip")
    return tab


def connect(
    tab: BestParts,
    parts: Parts,
    *,
    opened: Callable[..., Any],
    refused: Callable[[MakeSession | None, bool], str],
    taken: Callable[[MakeSession, Headshot], dict[Any, Any]],
    outputs: list[Any],
    measured: tuple[Any, Any, Any],
    changed: Sequence[Any],
) -> None:
    """Wire it. `opened`: the `select` event of the tab that it stands in; the rest as in far_tab."""

    def look(engine: str) -> Any:
        ready = setup.generator_for(engine) is not None
        return {
            tab.count: gr.update(interactive=ready),
            tab.make: gr.update(interactive=ready),
            tab.note: "" if ready else note_html(str(SEEDLESS)),
        }

    @streaming
    def paint(session: MakeSession | None, agreed: bool, count: float, engine: str, *values: Any) -> Iterator[Any]:
        idle = {tab.make: gr.update(visible=True), tab.stop: gr.update(visible=False)}
        try:
            if reason := refused(session, agreed):
                raise UserError(reason if reason.strip() else "There is no photo here.", "Add one on “Make”.")
            session, painter = need(session), setup.generator_for(engine)
            if painter is None:
                raise SEEDLESS
            direction = direction_of(session, *values, engine=painter)
            if direction.change <= OWN_TOP:
                raise _BELOW
        except UserError as fault:
            yield {tab.says: note_html(str(fault)), **idle}
            return
        best = BestSession(session.sitting)
        yield {
            tab.session: best,
            tab.make: gr.update(visible=False),
            tab.stop: gr.update(visible=True),
            tab.strip: None,
            tab.says: note_html("Getting ready"),
        }
        said = ""
        try:
            for item in best.work(direction, int(count), painter):
                if isinstance(item, Headshot):
                    yield {
                        tab.strip: best.items(),
                        tab.says: note_html(f"{len(best.results)} of {int(count)} painted."),
                    }
                else:
                    left = f", {item.remaining:.0f} s left" if item.remaining else ""
                    yield {tab.says: note_html(item.note or f"Step {item.step} of {item.steps}{left}")}
        except UserError as fault:
            said = f"{fault} "
        if best.closed:  # another photo came: the tab is empty, and stays so
            yield idle
            return
        if best.ranking is not None:
            said += f"{best.ranking.reason} Clicking a picture takes it to “Make”."
        yield {
            tab.strip: best.items(),
            tab.says: note_html(said or "Stopped before the first picture was done."),
            **idle,
        }

    def pick(session: MakeSession | None, best: BestSession | None, event: gr.EventData) -> Any:
        try:
            result = best.results[int(event._data.get("id", -1))] if best is not None else None
        except (IndexError, ValueError):
            result = None
        if session is None or best is None or result is None or best.sitting is not session.sitting:
            return {parts.session: session}
        return taken(session, result)

    def halt(best: BestSession | None) -> None:
        if best is not None:
            best.stop()

    def empty(session: MakeSession | None, best: BestSession | None) -> Any:
        if best is None or (session is not None and best.sitting is session.sitting):
            return gr.skip()
        best.close()
        return {tab.session: None, tab.strip: None, tab.says: ""}

    opened(look, parts.engine, [tab.count, tab.make, tab.note], **QUIET)
    tab.make.click(
        paint,
        [parts.session, parts.consent, tab.count, parts.engine, *fields(parts)],
        [tab.session, tab.strip, tab.says, tab.make, tab.stop],
        concurrency_limit=2,
        **QUIET,
    )
    tab.stop.click(halt, tab.session, None, **QUIET)
    run, inputs, results = measured
    tab.strip.pick(pick, [parts.session, tab.session], outputs, **QUIET).success(run, inputs, results, **QUIET)
    for event in changed:
        event.success(empty, [parts.session, tab.session], [tab.session, tab.strip, tab.says], **QUIET)
