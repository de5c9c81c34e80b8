"""The session's pictures under the current one: going on from it, undo and redo, and the way back to each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from headshot.errors import UserError
from headshot.studio.adjustments import ADJUSTMENTS
from headshot.studio.history import Step, go_on
from headshot.types import Headshot, Preview
from headshot.ui.components.adjust_bar.adjust_bar import going_on, going_on_value
from headshot.ui.components.answers import QUIET, in_parts
from headshot.ui.components.compare.compare import compare_idle
from headshot.ui.components.film_strip.film_strip import film_item, film_strip, film_value, thumbnail
from headshot.ui.loaded_looks import Yours
from headshot.ui.make import session as desks
from headshot.ui.make.form import fields, filled
from headshot.ui.make.session import Desk

if TYPE_CHECKING:
    from headshot.ui.parts import Parts


@dataclass
class HistoryParts:
    """The panel's components; `outputs` in the order that a handler lists them."""

    bar: Any = None
    strip: Any = None

    @property
    def outputs(self) -> list[Any]:
        return [self.bar, self.strip]


def history_panel() -> HistoryParts:
    """Lay the panel out in the open container; `connect` wires it."""
    return HistoryParts(going_on(elem_id="going-on"), film_strip("Pictures of this session", elem_id="history"))


def history_updates(h: HistoryParts, now: Desk | None) -> dict[Any, Any]:
    """The updates that show a desk's history; None: empty."""
    if now is None or now.history.now is None:
        return {h.bar: None, h.strip: None}
    current = now.history.now.number
    items = [film_item(str(s.number), s.what, thumbnail(s.result), later=s.number > current) for s in now.history.strip]
    return {h.bar: going_on_value(now.history), h.strip: film_value(items, str(current))}


def connect(
    h: HistoryParts,
    p: Parts,
    *,
    picture: Callable[[Desk, Headshot], dict[Any, Any]],
    preview: Callable[[Desk, Preview], dict[Any, Any]],
    measured: tuple[Any, Any, Any],
    shown: list[Any],
    changed: Sequence[Any],
) -> None:
    """Wire the panel. `picture`, `preview`: the updates that show a result, or one on its way, on "Make"; `measured`:
    (handler, inputs, outputs) of the report there; `shown`: the outputs of `picture`; `changed`: events after which
    another person may be on the desk.
    """

    def back_to(now: Desk, step: Step | None, yours: Yours) -> dict[Any, Any]:
        if step is None:
            return {p.desk: now}
        now.begin()  # an older request must not paint over it
        now.keep(step.result, back=True)
        direction = step.result.direction
        return {**filled(p, direction, step.engine), p.look: yours.tile_of(direction), **picture(now, step.result)}

    def undo(now: Desk | None, yours: Yours) -> Any:
        return {p.desk: None} if now is None else back_to(now, now.history.undo(), yours)

    def redo(now: Desk | None, yours: Yours) -> Any:
        return {p.desk: None} if now is None else back_to(now, now.history.redo(), yours)

    def go(now: Desk | None, yours: Yours, event: gr.EventData) -> Any:
        if now is None:
            return {p.desk: None}
        try:
            return back_to(now, now.history.go(int(event._data.get("id", 0))), yours)
        except (KeyError, ValueError):  # it went while it was clicked
            return {p.desk: now, **history_updates(h, now)}

    @in_parts
    def nudge(now: Desk | None, yours: Yours, event: gr.EventData) -> Iterator[Any]:
        wanted = ADJUSTMENTS.get(str(event._data.get("name")))
        if now is None or wanted is None:
            return
        try:
            shown = False
            for item in take_step(now, wanted.name):
                shown = isinstance(item, Headshot) and now.last is item  # else a newer picture came meanwhile
                if isinstance(item, Preview):
                    yield preview(now, item)
                elif shown:
                    yield {
                        **filled(p, item.direction, item.engine),
                        p.look: yours.tile_of(item.direction),
                        **picture(now, item),
                    }
            if not shown:
                yield gr.skip()
        except UserError as fault:
            yield {p.view: compare_idle(str(fault)), p.stop: gr.update(visible=False), **history_updates(h, now)}

    outputs = [*fields(p), p.engine, *shown]
    run, inputs, results = measured
    every: dict[str, Any] = {"trigger_mode": "multiple", "concurrency_limit": 4, **QUIET}
    for moved in (
        h.bar.undo(undo, [p.desk, p.yours], outputs, **every),
        h.bar.redo(redo, [p.desk, p.yours], outputs, **every),
        h.strip.pick(go, [p.desk, p.yours], outputs, **every),
        h.bar.nudge(nudge, [p.desk, p.yours], outputs, **every),
    ):
        moved.success(run, inputs, results, trigger_mode="always_last", **QUIET)
    for event in changed:
        event.success(lambda now: history_updates(h, now), p.desk, h.outputs, **QUIET)


def take_step(now: Desk, name: str) -> Iterator[Preview | Headshot]:
    """One nudge on from the desk's current picture, made by the engine that made that one; kept in the history.

    Nothing comes where there is no picture yet, or the nudge has reached its end. Raises UserError.
    """
    with now.going:  # a second click starts from what the first one made
        step = now.history.now
        settings = ADJUSTMENTS[name].settings(step.result.direction) if step is not None else {}
        if step is None or not settings or ADJUSTMENTS[name].reason(step):
            return
        direction, engine = go_on(step, settings)
        # One picture is asked for, whatever was made last: a nudge is no request for several.
        direction = replace(direction, generate=replace(direction.generate, candidates=1))
        now.held_words.hold(direction)
        made = desks.draw(now, direction) if engine == "retouch" else None
    if made is not None:
        yield made
    else:
        yield from desks.paint(now, direction, engine)
