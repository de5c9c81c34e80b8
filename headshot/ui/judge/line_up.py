"""The line-up on "Judge": a friend picks the made picture out among the visitor's own photos."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import gradio as gr

from headshot.errors import UserError
from headshot.language import tr
from headshot.ui.components.events import QUIET, Answer
from headshot.ui.components.html import BARE, said_html
from headshot.ui.judge.session import JudgeSession
from headshot.ui.report.close_up_html import unnamed_html

_WHICH = "Which one was made or changed by a computer?"
_FIRST = '<p class="hs-quiet">Add both pictures and two more photos of you first.</p>'
_FRIENDS = (
    '<p class="hs-quiet">Hand the screen to a friend who has not seen the pictures. Each friend answers once; the '
    "order is new each time, and all else is hidden meanwhile. Answers are counted here until a photo changes, and "
    "nothing is claimed below 8.</p>"
)


@dataclass(frozen=True)
class LineUpParts:
    """The components by name; `outputs` in the order that a handler lists them."""

    begin: gr.Button
    pictures: gr.HTML
    pick: gr.Radio
    answer: gr.Button
    tally: gr.HTML
    back: gr.Button

    @property
    def outputs(self) -> list[gr.Component]:
        return [self.begin, self.pictures, self.pick, self.answer, self.tally, self.back]

    def closed(self) -> Answer:
        """The answer that leaves the line-up; what was counted stays shown."""
        hidden = gr.update(visible=False)
        return {
            self.pictures: _FRIENDS,
            self.begin: gr.update(visible=True),
            self.pick: hidden,
            self.answer: hidden,
            self.back: hidden,
        }

    def cleared(self) -> Answer:
        """The answer that leaves the line-up and forgets what was counted."""
        return {**self.closed(), self.tally: ""}


def line_up() -> LineUpParts:
    """Lay the line-up out in the open column; `connect` wires it."""
    return LineUpParts(
        begin=gr.Button("Begin a line-up", elem_id="j-friends", size="sm"),
        pictures=gr.HTML(_FRIENDS, elem_id="j-line-up", **BARE),
        pick=gr.Radio([], label=_WHICH, visible=False, elem_id="j-pick"),
        answer=gr.Button("Answer, then the next friend", variant="primary", visible=False, elem_id="j-answer"),
        tally=gr.HTML("", elem_id="j-tally", **BARE),
        back=gr.Button("Back to the report", size="sm", visible=False, elem_id="j-back"),
    )


def connect(parts: LineUpParts, state: gr.State) -> None:
    """Wire the line-up to the state that holds the JudgeSession."""

    def show(session: JudgeSession | None, letter: str | None = None) -> Answer:
        """The line-up in its present order, after the answer `letter` where one was given."""
        if session is None:
            return {parts.tally: said_html(_FIRST)}
        try:
            asked = session.begin_line_up(letter)
        except UserError as fault:
            return {parts.tally: f'<p class="hs-quiet">{escape(str(fault))}</p>'}
        choices = [(x, x) for x in asked.letters]
        pictures = unnamed_html(session.line_up_pictures(), tr("Pictures without names"), ask=True)
        return {
            state: session,
            parts.pictures: said_html(_FRIENDS) + pictures,
            parts.pick: gr.update(choices=choices, value=None, visible=True),
            parts.answer: gr.update(visible=True),
            parts.tally: f'<p class="hs-tally" role="status">{escape(asked.answers.sentence())}</p>',
            parts.begin: gr.update(visible=False),
            parts.back: gr.update(visible=True),
        }

    outputs = [state, *parts.outputs]
    parts.begin.click(lambda session: show(session), state, outputs, **QUIET)
    parts.answer.click(show, [state, parts.pick], outputs, **QUIET)
    parts.back.click(parts.closed, None, outputs, **QUIET)
