"""The report's card on "Make": by eye first if wanted, then the report, and the closer look that stands open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from headshot.types import Headshot
from headshot.ui.components.answers import QUIET, in_parts
from headshot.ui.make import session as desks
from headshot.ui.make.session import Desk
from headshot.ui.report import card as cards

if TYPE_CHECKING:
    from headshot.ui.parts import Parts


def connect(
    p: Parts,
    *,
    picture: Callable[[Parts, Desk, Headshot, int], dict[Any, Any]],
    held_back: Callable[[Parts, Desk], dict[Any, Any]],
    shown: list[Any],
) -> tuple[Callable[..., Iterator[Any]], list[Any], list[Any]]:
    """Wire the card; returns (handler, inputs, outputs) of the report. `picture`: the updates that show a result;
    `held_back`: those in its place while it is judged by eye; `shown`: the outputs of both.
    """

    def reports(now: Desk, opened: bool) -> Iterator[dict[Any, Any]]:
        """The questions, or the report and what stands open below it; {} where a newer picture brings its own."""
        if now.held_back:
            assert now.last is not None
            asks = cards.asked(p.card, now.last.canvas.original, now.last.picture, now.blind)
            yield {**held_back(p, now), **asks}
        elif (measured := desks.measure(now)) is not None:
            report = cards.shown(p.card, measured, now.said, opened=opened)
            yield report
            if opened:
                found = desks.closer(now)
                yield {**report, **cards.seen_again(p.card, found)} if now.report is measured else {}

    @in_parts
    def measure(now: Desk | None, by_eye: bool, opened: bool) -> Iterator[Any]:
        if now is None or now.last is None:
            return
        now.by_eye = by_eye
        for answer in reports(now, opened):
            yield answer or gr.skip()

    @in_parts
    def unveil(now: Desk | None, by_eye: bool, opened: bool) -> Iterator[Any]:
        """As `measure`, with the picture that was held back, or is from now on."""
        if now is None or now.last is None:
            return
        now.by_eye = by_eye
        number = next((i for i, c in enumerate(now.candidates) if c is now.last), 0)
        view = picture(p, now, now.last, number)
        for answer in reports(now, opened):
            yield {**view, **answer} if answer else gr.skip()

    @in_parts
    def answered(now: Desk | None, by_eye: bool, opened: bool, use: str | None, camera: str | None) -> Iterator[Any]:
        if now is not None:
            now.looked, now.said = True, now.blind.sentence(use, camera)
        yield from unveil(now, by_eye, opened)

    asked = [p.desk, p.card.by_eye, p.card.opened]
    results = [*p.card.outputs, *shown]
    p.card.by_eye.input(unveil, asked, results, trigger_mode="always_last", **QUIET)
    p.card.go.click(answered, [*asked, p.card.use, p.card.camera], results, **QUIET)
    p.card.connect(lambda now: desks.closer(now) if now is not None else None, p.desk)
    return measure, asked, results
