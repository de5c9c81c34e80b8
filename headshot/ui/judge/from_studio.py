"""What "Check a picture" has from the studio: the photo is there already, the last headshot comes by one click."""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.events import Dependency

from headshot.errors import UserError
from headshot.files.encode import headshot_file
from headshot.ui.components.events import QUIET, UPLOADED
from headshot.ui.components.uploads import Upload
from headshot.ui.judge.session import JudgeSession
from headshot.ui.judge.sessions import JudgeSessions
from headshot.ui.make.session import MakeSession
from headshot.ui.report.html import fault_html


def last_headshot() -> gr.Button:
    """Lay out the button for the last headshot, in sight where there is one."""
    return gr.Button("Check the headshot you made last", elem_id="j-last", size="md", visible=False)


def connect(
    tab: gr.Tab,
    button: gr.Button,
    made: gr.State,
    sessions: JudgeSessions,
    session: gr.State,
    original: gr.Image,
    other: gr.Image,
    says: gr.HTML,
) -> Dependency:
    """Wire both. `made`: the studio's session, `session`: that of this tab with its fields and line of words. Returns
    the event after which there may be two pictures to judge.
    """

    def take_over(judge: JudgeSession | None, studio: MakeSession | None, request: gr.Request) -> Any:
        """The studio's photo, where none was added here; and the offer of its last headshot."""
        offer = {button: gr.update(visible=studio is not None and studio.last is not None and not studio.held_back)}
        if studio is None or (judge is not None and judge.original is not None):
            return offer
        return {**offer, **_photo(judge or sessions.of(request.session_hash), studio)}

    def _photo(judge: JudgeSession, studio: MakeSession) -> dict[Any, Any]:
        judge.put_photo(studio.sitting.photo)
        assert judge.original is not None
        return {session: judge, original: judge.original.pixels}

    def bring(judge: JudgeSession | None, studio: MakeSession | None, request: gr.Request) -> Any:
        """The last headshot as its file would come back, with its marks, beside the photo that it was made of."""
        if studio is None or studio.last is None:
            return {button: gr.update(visible=False)}
        judge = judge or sessions.of(request.session_hash)
        try:
            judge.put("other", Upload(headshot_file(studio.full_size(studio.last))))
            photo = _photo(judge, studio)
        except UserError as fault:
            return {session: judge, says: fault_html(fault)}
        assert judge.other is not None
        return {**photo, other: judge.other.pixels, says: ""}

    tab.select(take_over, [session, made], [session, original, button], **QUIET)
    return button.click(bring, [session, made], [session, original, other, says, button], **UPLOADED)
