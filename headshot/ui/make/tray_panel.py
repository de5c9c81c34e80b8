"""The tray under the stage: the way back to every picture, stars, two to four side by side, a ZIP of the starred."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from headshot.canvas.doubt_picture import doubt_picture
from headshot.direction.engine_table import is_own
from headshot.errors import UserError
from headshot.language import tr
from headshot.studio.adjustments import ADJUSTMENTS, adjust, why_not
from headshot.studio.history import Step, go_on
from headshot.types import AuthenticityReport, Headshot, Preview
from headshot.ui.components.adjustments_row.adjustments_row import adjustments_row, adjustments_value
from headshot.ui.components.compare.compare import compare_busy, compare_idle
from headshot.ui.components.download.download import download_value
from headshot.ui.components.events import EVERY, QUIET, Answer, streaming
from headshot.ui.components.tray.tray import tray, tray_value
from headshot.ui.components.verdict.verdict import verdict_busy, verdict_value
from headshot.ui.loaded_looks import LoadedLooks
from headshot.ui.make.controls import SLIDERS
from headshot.ui.make.form import form, form_values
from headshot.ui.make.parts import HistoryParts, MakePage, Parts
from headshot.ui.make.session import MakeSession
from headshot.ui.make.starred import packed, pair_report, together
from headshot.ui.report import card as cards


def tray_panel() -> gr.HTML:
    """Lay the tray out in the open container; `connect` wires it."""
    return tray(elem_id="history")


def same_but() -> gr.HTML:
    """Lay the one-click adjustments out in the open container."""
    return adjustments_row(elem_id="going-on")


def tray_updates(panel: HistoryParts, session: MakeSession | None) -> Answer:
    """The updates that show a session's pictures; None: empty."""
    if session is None or session.history.now is None:
        return {panel.bar: None, panel.strip: None}
    return {panel.bar: adjustments_value(session.history, SLIDERS), panel.strip: tray_value(session.history)}


def connect(panel: HistoryParts, parts: Parts, page: MakePage) -> None:
    """Wire the tray to the studio."""

    def back_to(session: MakeSession, step: Step | None, loaded_looks: LoadedLooks) -> Answer:
        if step is None:
            return {parts.session: session}
        session.begin()  # cancel an older request, which would show its picture over this one
        result = session.picture_of(step)
        session.keep(result, back=True)
        return {
            **form_values(parts, result.direction, step.engine),
            parts.look: loaded_looks.tile_of(result.direction),
            **page.show(session, result),
        }

    def undo(session: MakeSession | None, loaded_looks: LoadedLooks) -> Any:
        return page.gone() if session is None else back_to(session, session.history.undo(), loaded_looks)

    def redo(session: MakeSession | None, loaded_looks: LoadedLooks) -> Any:
        return page.gone() if session is None else back_to(session, session.history.redo(), loaded_looks)

    def go(session: MakeSession | None, loaded_looks: LoadedLooks, event: gr.EventData) -> Any:
        if session is None:
            return page.gone()
        try:
            return back_to(session, session.history.go(_number(event)), loaded_looks)
        except KeyError:  # a made-up request
            return {parts.session: session, **tray_updates(panel, session)}

    def star(session: MakeSession | None, event: gr.EventData) -> Any:
        if session is None:
            return page.gone()
        try:
            session.history.star(_number(event))
        except KeyError:
            return gr.skip()
        return {parts.session: session, **tray_updates(panel, session)}

    @streaming
    def compared(session: MakeSession | None, event: gr.EventData) -> Iterator[Any]:
        """Two to four side by side; of two the second is measured against the first."""
        ids = event._data.get("ids") if isinstance(event._data, dict) else None
        if session is None or session.last is None or not isinstance(ids, list):
            return
        if not ids:
            report = session.report or session.measure()
            view = page.show(session, session.last)
            yield view if report is None else view | measured(session, report)
            return
        try:
            numbers = [int(i) for i in ids[:4]]
            view = {
                parts.view: together(session, numbers),
                parts.verdict: verdict_busy(session.report_seconds),
                **tray_updates(panel, session),
            }
            yield view
            if len(numbers) == 2:
                report = pair_report(session, numbers[0], numbers[1])
                message = tr("B measured against A, two pictures of the tray.")
                yield {**view, parts.verdict: verdict_value(report), **cards.shown(parts.card, report, message)}
            else:
                yield {**view, parts.verdict: None}
        except (KeyError, ValueError, TypeError):
            yield gr.skip()
        except UserError as fault:
            yield {parts.view: compare_idle(str(fault)), parts.verdict: None}

    def measured(session: MakeSession, report: AuthenticityReport) -> Answer:
        last = session.last
        own, doubt = (False, None) if last is None else (is_own(last.engine), doubt_picture(last.canvas))
        return {parts.verdict: verdict_value(report, own=own), **cards.shown(parts.card, report, doubt=doubt)}

    @streaming
    def pack(session: MakeSession | None, label: bool) -> Iterator[Any]:
        if session is None or session.last is None:
            return
        starred = [s for s in session.history.strip if s.starred]
        if not starred:
            return
        yield {parts.view: compare_busy(tr("Packing the starred pictures at full size"))}
        yield {parts.view: compare_idle(""), parts.saved: download_value(*packed(session, starred, label=label))}

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
                **tray_updates(panel, session),
            }

    outputs = [*form(parts), parts.engine, *page.shown]
    given = [parts.session, parts.loaded_looks]
    for moved in (
        panel.strip.undo(undo, given, outputs, **EVERY),
        panel.strip.redo(redo, given, outputs, **EVERY),
        panel.strip.pick(go, given, outputs, **EVERY),
        panel.bar.adjust(adjusted, given, outputs, **EVERY),
    ):
        page.measure(moved)
    panel.strip.star(star, parts.session, page.shown, **EVERY)
    panel.strip.together(compared, parts.session, [*page.shown, *parts.card.outputs], **EVERY)
    panel.strip.pack(pack, [parts.session, parts.label], [parts.view, parts.saved], concurrency_limit=2, **QUIET)
    for event in page.photo_events:
        event.success(lambda session: tray_updates(panel, session), parts.session, panel.outputs, **QUIET)


def _number(event: gr.EventData) -> int:
    """The number in what came. Raises KeyError for anything else."""
    try:
        return int(event._data["id"])
    except (TypeError, ValueError, AttributeError) as fault:
        raise KeyError("id") from fault


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
