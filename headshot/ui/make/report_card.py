"""The report's card in the studio: the questions by eye if wanted, then the report, and the close-up if it is open."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import gradio as gr

from headshot.canvas.doubt_picture import doubt_picture
from headshot.direction.engine_table import is_own
from headshot.ui.components.events import NEWEST, QUIET, Answer, streaming
from headshot.ui.components.verdict.verdict import verdict_value
from headshot.ui.make.parts import Handler, Parts
from headshot.ui.make.result_card import held_back, outputs, picture
from headshot.ui.make.session import MakeSession
from headshot.ui.report import card as cards


def connect(parts: Parts) -> Handler:
    """Wire the card; returns the handler of the report, its inputs and outputs."""

    def reports(session: MakeSession, opened: bool) -> Iterator[Answer]:
        """The questions, or the report and the close-up if it is open; {} where a newer picture brings its own."""
        if session.held_back:
            assert session.last is not None
            asks = cards.asked(parts.card, session.last.canvas.original, session.last.picture, session.blind_test.pair)
            yield {**held_back(parts, session), **asks}
            return
        begun = time.monotonic()
        if (measured := session.measure()) is not None:
            MakeSession.report_seconds = time.monotonic() - begun
            own = session.last is not None and is_own(session.last.engine)
            doubt = doubt_picture(session.last.canvas) if session.last is not None else None
            report = cards.shown(parts.card, measured, session.blind_test.sentence, opened=opened, doubt=doubt)
            report[parts.verdict] = verdict_value(measured, own=own)
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
    results = [*parts.card.outputs, *outputs(parts)]
    parts.card.by_eye.input(unveil, asked, results, **NEWEST)
    parts.card.go.click(answered, [*asked, parts.card.use, parts.card.camera], results, **QUIET)
    parts.card.connect(lambda session: session.close_up() if session is not None else None, parts.session)
    return measure, asked, results
