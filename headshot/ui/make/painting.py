"""What a generator paints in the studio: the picture on a click, a draft by itself, and both stopped."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import gradio as gr
from gradio.events import Dependency

from headshot.direction.engine_table import is_own
from headshot.direction.settings import MAX_SEED
from headshot.errors import UserError
from headshot.language import tr
from headshot.types import Direction, Preview
from headshot.ui.components.compare.compare import compare_busy, compare_idle
from headshot.ui.components.events import QUIET, streaming
from headshot.ui.make import draft, setup
from headshot.ui.make.controls import KEYS
from headshot.ui.make.form import direction_of
from headshot.ui.make.parts import MakePage, Parts
from headshot.ui.make.result_card import HIDDEN, VISIBLE, gone, picture, preview, stopped
from headshot.ui.make.session import MakeSession
from headshot.ui.make.words_panel import painter_at


def connect(parts: Parts, page: MakePage, entered: Dependency) -> None:
    """Wire the button, the draft and the stop. `entered`: Enter in the words, once the controls follow them."""
    live, request, shown = page.live

    @streaming
    def painted(session: MakeSession | None, agreed: bool, engine: str, *values: Any) -> Iterator[Any]:
        """The previews and pictures that were asked for by the button."""
        painter = setup.generator_for(engine)
        if (reason := page.refused(session, agreed)) or painter is None:
            yield {parts.view: compare_idle(reason or setup.why_not(engine) or tr("No generator is set up here."))}
            return
        assert session is not None
        session.wanted = direction_of(session, *values, engine=painter), painter
        yield from paint(parts, session, *session.wanted)

    @streaming
    def said(session: MakeSession | None, agreed: bool, engine: str, *values: Any) -> Iterator[Any]:
        """The picture of what was written: own pixels, or painted where a generator paints."""
        make = live if is_own(painter_at(values[1], engine)) else painted
        yield from make(session, agreed, engine, *values)

    @streaming
    def drafted(session: MakeSession | None, agreed: bool, turn: int) -> Iterator[Any]:
        """A draft of what is wanted since `turn`, once nothing has moved for a moment."""
        wanted = None if session is None or page.refused(session, agreed) else awaited(session, turn)
        if session is not None and wanted is not None:
            yield from paint(parts, session, *wanted, drag=True)

    def halt(session: MakeSession | None) -> Any:
        """The generator ends before its next step; the pictures that are done stay."""
        if session is None:
            return gone(parts)
        session.begin()
        return stopped(parts, session)

    def new_seed(again: bool, seed: int) -> int:
        return secrets.randbelow(MAX_SEED) if again else seed

    seed = parts.controls[KEYS.index("seed")]
    several: dict[str, Any] = {"trigger_mode": "multiple", **QUIET}
    for begun, make in ((parts.make.click, painted), (entered.success, said)):
        seeded = begun(new_seed, [parts.randomize, seed], seed, **QUIET)
        page.measure(seeded.success(make, request, shown, concurrency_limit=2, **several))
    asked = [parts.session, parts.consent, parts.wanted]
    page.measure(parts.wanted.change(drafted, asked, shown, concurrency_limit=4, **several))
    page.measure(parts.stop.click(halt, parts.session, shown, **QUIET))


def awaited(session: MakeSession, turn: int) -> tuple[Direction, str] | None:
    """Wait until nothing has moved for a moment; return the draft to paint and who paints it.

    None where something newer came than `turn`, where the draft would take long, and where its picture is there.
    """
    wanted = session.wanted
    if wanted is None or not session.rests(turn, 0) or not draft.paints_by_itself(*wanted):
        return None
    if not session.rests(turn, draft.PAUSE) or session.wanted is not wanted:
        return None
    there = session.last is not None and not session.older
    return None if there else (draft.as_draft(wanted[0]), wanted[1])


def paint(
    parts: Parts, session: MakeSession, direction: Direction, painter: str, *, drag: bool = False
) -> Iterator[Any]:
    """Answer with a generator's previews and pictures; a newer request ends it within a step. `drag`: see `keep`."""
    yield {
        parts.session: session,
        parts.view: compare_busy(tr("Getting ready")),
        parts.make: HIDDEN,
        parts.stop: VISIBLE,
    }
    turn, more = 0, False
    try:
        for item in session.paint(direction, painter, drag=drag):
            turn, number = turn or session.turn, len(session.candidates) - 1
            if isinstance(item, Preview):
                yield preview(parts, session, item)
                continue
            more = number + 1 < direction.generate.candidates
            yield picture(parts, session, item, number) | ({parts.make: HIDDEN, parts.stop: VISIBLE} if more else {})
        if session.turn != turn:  # overtaken, or stopped
            yield gr.skip()
        elif more:  # fewer came than were asked for
            yield stopped(parts, session)
    except UserError as fault:
        over = turn and session.turn != turn
        idle = compare_idle(str(fault), older=session.older)
        yield gr.skip() if over else {parts.view: idle, parts.make: VISIBLE, parts.stop: HIDDEN}
