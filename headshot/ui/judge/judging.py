"""How "Check a picture" answers while it judges: each step with its share and the seconds left, then the report."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from headshot.authenticity.steps import STEPS, Step
from headshot.errors import UserError
from headshot.files.own_range_plot import own_range_html
from headshot.imaging.face_regions import face_regions
from headshot.language import tr
from headshot.types import Preview
from headshot.ui.components.compare.compare import compare_busy, compare_idle, compare_value
from headshot.ui.components.consent import given
from headshot.ui.components.events import Answer, streaming
from headshot.ui.components.html import note_html, step_words
from headshot.ui.components.pace import Pace
from headshot.ui.components.verdict.verdict import verdict_busy, verdict_value
from headshot.ui.judge.line_up import LineUpParts
from headshot.ui.judge.session import JudgeSession
from headshot.ui.report.card import ReportCard, asked, cleared, seen_again, shown
from headshot.ui.report.html import fault_html

_SHOWN, _HIDDEN = gr.update(visible=True), gr.update(visible=False)


@dataclass
class Judging:
    """The components that a judgement is shown in, and what their handlers answer. `outputs` in a handler's order."""

    session: gr.State
    says: gr.HTML
    view: gr.HTML
    save: gr.Button
    verdict: gr.HTML
    card: ReportCard
    line_up: LineUpParts
    stop: gr.Button
    again: gr.Button
    ask_consent: bool
    seconds: float | None = None  # what the last whole one took here

    @property
    def outputs(self) -> list[gr.Component]:
        plain = [self.session, self.says, self.view, self.save, self.verdict, self.stop, self.again]
        return [*plain, *self.card.outputs, *self.line_up.outputs]

    @streaming
    def judged(self, session: JudgeSession | None, agreed: bool, by_eye: bool, opened: bool) -> Iterator[Any]:
        """Both pictures aligned first, then the questions or the report."""
        if session is not None:
            session.agree(given(agreed, asked=self.ask_consent))
        if session is None or not session.complete:
            yield {
                self.session: session,
                self.view: None,
                self.verdict: None,
                self.save: gr.update(interactive=False),
                **self._buttons(),
                **cleared(self.card),
                **self.line_up.cleared(),
            }
            return
        # Two photos that came at once ask twice: the same answer. Nor does the second begin what was stopped.
        if session.stopped or session.on_card == (by_eye, session.pair):
            yield gr.skip()
            return
        yield from self._steps(session, by_eye, opened, {self.session: session, **self.line_up.cleared()})

    @streaming
    def taken_up(self, session: JudgeSession | None, agreed: bool, by_eye: bool, opened: bool) -> Iterator[Any]:
        """As `judged`, where it was stopped."""
        if session is not None:
            session.stopped = False
        yield from self.judged(session, agreed, by_eye, opened)

    @streaming
    def answered(self, session: JudgeSession | None, use: str | None, camera: str | None) -> Iterator[Any]:
        """The report, with what was said by eye."""
        if session is None or not session.complete:
            yield cleared(self.card)
            return
        session.blind_test.answer(use, camera)
        yield from self._steps(session, True, False, {})

    def interrupt(self, session: JudgeSession | None) -> Answer:
        """What is under way ends before its next step; both photos stay, and can be checked by a click."""
        if session is not None:
            session.stop()
        says = note_html(tr("Stopped. Both pictures are still here."))
        buttons = {self.stop: _HIDDEN, self.again: _SHOWN}
        return {self.says: says, self.view: compare_idle(), self.verdict: None, **buttons}

    def _steps(self, session: JudgeSession, by_eye: bool, opened: bool, more: Answer) -> Iterator[Any]:
        """Each step, then the questions or the report, and the close-up if it is open. `more` goes along."""
        asks = by_eye and not session.blind_test.answered
        begun, pace, measured = time.monotonic(), Pace(), session.report is not None
        try:
            for step in session.judging(measured=not asks):
                yield {**self._busy(step, pace, self._views(session, asks)), **more}
            if session.pair is None or not (asks or session.report):  # stopped, or overtaken
                yield gr.skip()
                return
            if not (asks or measured):
                self.seconds = time.monotonic() - begun
            yield from self._found(session, by_eye, asks, opened, more)
        except UserError as fault:
            yield {
                **more,
                **self._buttons(),
                self.view: compare_idle(str(fault)),
                self.verdict: None,
                self.says: fault_html(fault),
                **cleared(self.card),
            }

    def _busy(self, step: Step, pace: Pace, views: Answer) -> Answer:
        """A step in words; `views` undimmed where the pair is there."""
        left = pace.left(step.share, 1) or self.seconds or 0.0
        words = f"{tr(step.words)}: {step_words(Preview(None, step.number, STEPS, left if left >= 1 else None))}"
        busy = compare_busy(words, step.share)
        return {
            **views,
            self.view: {**views.get(self.view, {}), **busy},
            self.verdict: verdict_busy(),
            **self._buttons(busy=True),
        }

    def _found(self, session: JudgeSession, by_eye: bool, asks: bool, opened: bool, more: Answer) -> Iterator[Answer]:
        """The questions where it `asks`, else the report, and the close-up if it is open."""
        pair, report = session.pair, session.report
        assert pair is not None
        session.on_card = (by_eye, pair)
        if asks or report is None:
            yield {
                **more,
                **self._views(session, True),
                **self._buttons(),
                self.view: compare_idle(),
                **asked(self.card, pair.original, pair.picture, session.blind_test.pair),
                self.save: gr.update(interactive=False),
                self.verdict: None,
            }
            return
        below = own_range_html(session.placed, another_photo=report.kind in ("another photo", "unsure"))
        answer = {
            **more,
            **self._views(session, False),
            **self._buttons(),
            **shown(self.card, report, session.blind_test.sentence, below, opened=opened),
            self.save: gr.update(interactive=True),
            self.verdict: verdict_value(report),
        }
        yield answer
        if opened:
            yield {**answer, **seen_again(self.card, session.close_up())}

    def _views(self, session: JudgeSession, held_back: bool) -> Answer:
        """What is said of the photos, and both by name; {} before they are aligned."""
        match, pair = session.match, session.pair
        if match is None or pair is None:
            return {}
        says = {self.says: "".join(f'<p class="hs-quiet">{escape(note)}</p>' for note in match.notes)}
        if held_back:
            return says
        names = (tr("Your photo"), tr("The picture"))
        two, regions = (pair.original, pair.picture), face_regions(pair.original_landmarks)
        return {**says, self.view: compare_value(*two, pair.eyes, pair.note, names=names, regions=regions)}

    def _buttons(self, *, busy: bool = False) -> Answer:
        return {self.stop: gr.update(visible=busy), self.again: _HIDDEN}
