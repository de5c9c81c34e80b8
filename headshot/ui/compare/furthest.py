"""“How far?” on the tab "Compare": the strongest change that keeps the verdict, and the strip of what was tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import gradio as gr

from headshot.authenticity.labels import STATES
from headshot.direction.engine_table import OWN_PIXELS
from headshot.errors import UserError
from headshot.studio.bisection import MOST_RENDERS
from headshot.studio.furthest import ONLY_FINISH, Far, Tried
from headshot.types import Headshot, State
from headshot.ui.components.compare.compare import compare, compare_busy, compare_idle, result_value
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
    '<p class="hs-quiet">The strongest change to you that still passes as you. At most {0} pictures are made and '
    "measured on the way; everything but the strength stays as it is set on “Make”.</p>"
)
_FLOORS = [("Nothing to remark (green)", "green"), ("A closer look allowed (amber)", "amber")]


@dataclass
class FarParts:
    """The components by name."""

    far: Any = None
    floor: Any = None
    note: Any = None
    make: Any = None
    stop: Any = None
    view: Any = None
    says: Any = None
    strip: Any = None
    take: Any = None


def far_tab() -> FarParts:
    """Lay it out in the open container; `connect` wires it."""
    tab = FarParts()
    tab.far = session_state()
    with gr.Row(elem_classes=["hs-page", "hs-flow", "hs-tab"]):
        with gr.Column(scale=4, min_width=300, elem_classes=["hs-left"]):
            with gr.Column(elem_classes=["hs-card", "hs-o1"]):
                gr.HTML(step_html(1, "As far as you stay you", "likeness floor"), **BARE)
                gr.HTML(_INTRO.format(MOST_RENDERS), **BARE)
                tab.floor = gr.Radio(
                    _FLOORS, value="green", label="What the report may say at most", elem_id="far-floor"
                )
                said = "" if setup.generator_for("auto") else note_html(ONLY_FINISH)
                tab.note = gr.HTML(said, elem_id="far-note", **BARE)
                tab.make = gr.Button("Find out", variant="primary", elem_id="far-make")
                tab.stop = gr.Button("Stop, keep what is done", elem_id="far-stop", visible=False)
        with gr.Column(scale=9, min_width=320, elem_classes=["hs-right"]):
            with gr.Column(elem_classes=["hs-card", "hs-o2"]):
                gr.HTML(step_html(2, "What was tried", "weakest first"), **BARE)
                tab.says = gr.HTML("", elem_id="far-says", **BARE)
                tab.strip = film_strip(
                    "What was tried", "Here each picture will stand with its verdict.", large=True, elem_id="far-strip"
                )
                tab.take = gr.Button("Go on with the best one", interactive=False, elem_id="far-take")
                tab.view = compare(None, "Your photo and the picture tried last appear here.", elem_id="far-compare")
    return tab


def far_items(far: Far, *, waits: bool) -> dict[str, Any]:
    """The tries by their place on the way, for the strip; `waits`: one is under way."""
    best = far.best
    ordered = sorted(far.tried, key=lambda t: t.seen.at)
    tiles = []
    for tried in ordered:
        seen = tried.seen
        likeness = "" if seen.likeness is None else f" · {seen.likeness:.2f} from your photo"
        tiles.append(
            film_item(
                str(far.tried.index(tried)),
                tried.name[:1].upper() + tried.name[1:],
                thumbnail(tried.result, LARGE),
                mark="The farthest" if tried is best else f"{seen.at:.0%}",
                state=seen.state,
                words=STATES[seen.state].short.lower() + likeness,
                detail=seen.reason,
            )
        )
    if waits:
        tiles.append(film_item("", "On its way", "", waits="…"))
    return film_value(tiles, None if best is None else str(far.tried.index(best)))


def connect(
    tab: FarParts,
    parts: Parts,
    *,
    refused: Callable[[MakeSession | None, bool], str],
    taken: Callable[[MakeSession, Headshot], dict[Any, Any]],
    outputs: list[Any],
    measured: tuple[Any, Any, Any],
    changed: Sequence[Any],
) -> None:
    """Wire it. `taken`: the updates that make a result the current picture, `outputs` theirs; `changed`: events after
    which another person may be on the desk.
    """

    @streaming
    def search(session: MakeSession | None, agreed: bool, floor: str, engine: str, *values: Any) -> Iterator[Any]:
        idle = {tab.make: gr.update(visible=True), tab.stop: gr.update(visible=False)}
        try:
            if reason := refused(session, agreed):
                raise UserError(reason if reason.strip() else "There is no photo here.", "Add one on “Make”.")
            session = need(session)
            painter = setup.generator_for(engine) or OWN_PIXELS
            direction = direction_of(session, *values, engine=painter)
            far = Far(
                session.sitting, direction, engine=painter, floor=State.AMBER if floor == "amber" else State.GREEN
            )
        except UserError as fault:
            yield {tab.says: note_html(str(fault)), **idle}
            return
        yield {
            tab.far: far,
            tab.make: gr.update(visible=False),
            tab.stop: gr.update(visible=True),
            tab.view: None,
            tab.take: gr.update(interactive=False),
            tab.says: note_html(f"0 of at most {far.renders} pictures."),
            tab.strip: far_items(far, waits=True),
            tab.note: note_html(ONLY_FINISH) if far.own else "",
        }
        fault_said = ""
        try:
            for item in far.work():
                if isinstance(item, Tried):
                    result = item.result
                    yield {
                        tab.strip: far_items(far, waits=True),
                        tab.says: note_html(f"{len(far.tried)} of at most {far.renders} pictures."),
                        tab.view: result_value(result, item.name),
                    }
                else:
                    share = item.step / item.steps if item.steps else None
                    yield {tab.view: compare_busy(item.note or f"step {item.step} of {item.steps}", share)}
        except UserError as fault:
            fault_said = f"{fault} "
        if far.closed:  # another photo came: the tab is empty, and stays so
            yield idle
            return
        said = f'<p class="hs-said" role="status">{escape(fault_said + far.sentence())}</p>'
        best = far.best
        yield {
            tab.strip: far_items(far, waits=False),
            tab.says: said,
            tab.take: gr.update(interactive=best is not None),
            tab.view: compare_idle("") if best is None else result_value(best.result, best.name),
            **idle,
        }

    def pick(session: MakeSession | None, far: Far | None, event: gr.EventData) -> Any:
        try:
            chosen = far.tried[int(event._data.get("id", -1))] if far is not None else None
        except (IndexError, ValueError):
            chosen = None
        if chosen is None:
            return gr.skip()
        result = chosen.result
        return result_value(result, chosen.seen.reason)

    def take(session: MakeSession | None, far: Far | None) -> Any:
        if session is None or far is None or far.best is None or far.sitting is not session.sitting:
            return {parts.session: session}
        return taken(session, far.best.result)

    def halt(far: Far | None) -> None:
        if far is not None:
            far.stop()

    def empty(session: MakeSession | None, far: Far | None) -> Any:
        if far is None or (session is not None and far.sitting is session.sitting):
            return gr.skip()
        far.close()
        return {tab.far: None, tab.strip: None, tab.says: "", tab.view: None, tab.take: gr.update(interactive=False)}

    tab.make.click(
        search,
        [parts.session, parts.consent, tab.floor, parts.engine, *fields(parts)],
        [tab.far, tab.strip, tab.says, tab.view, tab.make, tab.stop, tab.take, tab.note],
        concurrency_limit=2,
        **QUIET,
    )
    tab.stop.click(halt, tab.far, None, **QUIET)
    tab.strip.pick(pick, [parts.session, tab.far], tab.view, **QUIET)
    run, inputs, results = measured
    tab.take.click(take, [parts.session, tab.far], outputs, **QUIET).success(run, inputs, results, **QUIET)
    for event in changed:
        event.success(empty, [parts.session, tab.far], [tab.far, tab.strip, tab.says, tab.view, tab.take], **QUIET)
