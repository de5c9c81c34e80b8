"""The report's card on "Make": by eye first if wanted, then the report, and the closer look that stands open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from headshot.types import Headshot
from headshot.ui.components.events import QUIET, streaming
from headshot.ui.make.session import MakeSession
from headshot.ui.report import card as cards

if TYPE_CHECKING:
    from headshot.ui.parts import Parts


def connect(
    parts: Parts,
    *,
    picture: Callable[[Parts, MakeSession, Headshot, int], dict[Any, Any]],
    held_back: Callable[[Parts, MakeSession], dict[Any, Any]],
    shown: list[Any],
) -> tuple[Callable[..., Iterator[Any]], list[Any], list[Any]]:
    """Wire the card; returns (handler, inputs, outputs) of the report. `picture`: the updates that show a result;
    `held_back`: those in its place while it is judged by eye; `shown`: the outputs of both.
    """

    def reports(session: MakeSession, opened: bool) -> Iterator[dict[Any, Any]]:
        """The questions, or the report and what stands open below it; {} where a newer picture brings its own."""
        if session.held_back:
            assert session.last is not None
            asks = cards.asked(parts.card, session.last.canvas.original, session.last.picture, session.blind_test.pair)
            yield {**held_back(parts, session), **asks}
        elif (measured := session.measure()) is not None:
            report = cards.shown(parts.card, measured, session.blind_test.sentence, opened=opened)
            yield report
            if opened:
                found = session.close_up()
                yield {**report, **cards.seen_again(parts.card, found)} if session.report is measured else {}

    @streaming
    def measure(session: MakeSession | None, by_eye: bool, opened: bool) -> Iterator[Any]:
        if session is None or session.last is None:
            return
        session.blind_test.wanted = by_eye
        for answer in reports(session, opened):
            yield answer or gr.skip()

    @streaming
    def unveil(session: MakeSession | None, by_eye: bool, opened: bool) -> Iterator[Any]:
        """As `measure`, with the picture that was held back, or is from now on."""
        if session is None or session.last is None:
            return
        session.blind_test.wanted = by_eye
        number = next((i for i, c in enumerate(session.candidates) if c is session.last), 0)
        view = picture(parts, session, session.last, number)
        for answer in reports(session, opened):
            yield {**view, **answer} if answer else gr.skip()

    @streaming
    def answered(
        session: MakeSession | None, by_eye: bool, opened: bool, use: str | None, camera: str | None
    ) -> Iterator[Any]:
        if session is not None:
            session.blind_test.answer(use, camera)
        yield from unveil(session, by_eye, opened)

    asked = [parts.session, parts.card.by_eye, parts.card.opened]
    results = [*parts.card.outputs, *shown]
    parts.card.by_eye.input(unveil, asked, results, trigger_mode="always_last", **QUIET)
    parts.card.go.click(answered, [*asked, parts.card.use, parts.card.camera], results, **QUIET)
    parts.card.connect(lambda session: session.close_up() if session is not None else None, parts.session)
    return measure, asked, results
