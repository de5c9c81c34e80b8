"""The session's pictures under the current one: going on from it, undo and redo, and the way back to each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from headshot.direction.engine_table import is_own
from headshot.errors import UserError
from headshot.studio.adjustments import ADJUSTMENTS, adjust, why_not
from headshot.studio.history import Step, go_on
from headshot.types import Headshot, Preview
from headshot.ui.components.adjust_bar.adjust_bar import adjust_bar, adjust_bar_value
from headshot.ui.components.compare.compare import compare_idle
from headshot.ui.components.events import EVERY, QUIET, Answer, streaming
from headshot.ui.components.film_strip.film_strip import film_item, film_strip, film_value, thumbnail
from headshot.ui.loaded_looks import LoadedLooks
from headshot.ui.make.form import form, form_values
from headshot.ui.make.parts import HistoryParts, MakePage, Parts
from headshot.ui.make.session import MakeSession


def history_panel() -> HistoryParts:
    """Lay the panel out in the open container; `connect` wires it."""
    return HistoryParts(adjust_bar(elem_id="going-on"), film_strip("Pictures of this session", elem_id="history"))


def history_updates(panel: HistoryParts, session: MakeSession | None) -> Answer:
    """The updates that show a session's history; None: empty."""
    if session is None or session.history.now is None:
        return {panel.bar: None, panel.strip: None}
    current = session.history.now.number
    items = [
        film_item(str(s.number), s.what, thumbnail(s.result), later=s.number > current) for s in session.history.strip
    ]
    return {panel.bar: adjust_bar_value(session.history), panel.strip: film_value(items, str(current))}


def connect(panel: HistoryParts, parts: Parts, page: MakePage) -> None:
    """Wire the panel to "Make"."""

    def back_to(session: MakeSession, step: Step | None, loaded_looks: LoadedLooks) -> Answer:
        if step is None:
            return {parts.session: session}
        session.begin()  # cancel an older request, which would show its picture over this one
        session.keep(step.result, back=True)
        direction = step.result.direction
        return {
            **form_values(parts, direction, step.engine),
            parts.look: loaded_looks.tile_of(direction),
            **page.show(session, step.result),
        }

    def undo(session: MakeSession | None, loaded_looks: LoadedLooks) -> Any:
        return {parts.session: None} if session is None else back_to(session, session.history.undo(), loaded_looks)

    def redo(session: MakeSession | None, loaded_looks: LoadedLooks) -> Any:
        return {parts.session: None} if session is None else back_to(session, session.history.redo(), loaded_looks)

    def go(session: MakeSession | None, loaded_looks: LoadedLooks, event: gr.EventData) -> Any:
        if session is None:
            return {parts.session: None}
        try:
            return back_to(session, session.history.go(int(event._data.get("id", 0))), loaded_looks)
        except (KeyError, ValueError):  # it went while it was clicked
            return {parts.session: session, **history_updates(panel, session)}

    @streaming
    def adjusted(session: MakeSession | None, loaded_looks: LoadedLooks, event: gr.EventData) -> Iterator[Any]:
        name = str(event._data.get("name"))
        if session is None or name not in ADJUSTMENTS:
            return
        try:
            shown = False
            for item in take_step(session, name):
                shown = isinstance(item, Headshot) and session.last is item  # else a newer picture came meanwhile
                if isinstance(item, Preview):
                    yield page.show_preview(session, item)
                elif shown:
                    yield {
                        **form_values(parts, item.direction, item.engine),
                        parts.look: loaded_looks.tile_of(item.direction),
                        **page.show(session, item),
                    }
            if not shown:
                yield gr.skip()
        except UserError as fault:
            yield {
                parts.view: compare_idle(str(fault)),
                parts.stop: gr.update(visible=False),
                **history_updates(panel, session),
            }

    outputs = [*form(parts), parts.engine, *page.shown]
    given = [parts.session, parts.loaded_looks]
    for moved in (
        panel.bar.undo(undo, given, outputs, **EVERY),
        panel.bar.redo(redo, given, outputs, **EVERY),
        panel.strip.pick(go, given, outputs, **EVERY),
        panel.bar.adjust(adjusted, given, outputs, **EVERY),
    ):
        page.measure(moved)
    for event in page.photo_events:
        event.success(lambda session: history_updates(panel, session), parts.session, panel.outputs, **QUIET)


def take_step(session: MakeSession, name: str) -> Iterator[Preview | Headshot]:
    """One adjustment on from the current picture, made by the engine that made that one; kept in the history.

    Nothing comes where there is no picture yet, or the adjustment has reached its end. Raises UserError.
    """
    with session.adjusting:  # a second click starts from what the first one made
        step = session.history.now
        settings = adjust(name, step.result.direction) if step is not None else {}
        if step is None or not settings or why_not(name, step):
            return
        direction, engine = go_on(step, settings)
        # One picture is asked for, whatever was made last: an adjustment is no request for several.
        direction = replace(direction, generate=replace(direction.generate, candidates=1))
        session.held_words.hold(direction)
        made = session.draw(direction) if is_own(engine) else None
    if made is not None:
        yield made
    else:
        yield from session.paint(direction, engine)
