"""“A team”: photos of several people in the look that stands in the studio, and their wall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Any

import gradio as gr

from headshot.direction.engine_table import OWN_PIXELS
from headshot.errors import UserError
from headshot.files.data_url import jpeg_url
from headshot.language import tr
from headshot.types import CutoutSettings
from headshot.ui.compare.team_session import MOST, TeamSession
from headshot.ui.components.download.download import download_value
from headshot.ui.components.events import QUIET, streaming
from headshot.ui.components.html import BARE, note_html
from headshot.ui.components.pace import Pace
from headshot.ui.components.upload_field import UploadButton
from headshot.ui.components.uploads import MOST as MOST_AT_ONCE
from headshot.ui.components.uploads import Upload
from headshot.ui.make.form import direction_of, form
from headshot.ui.make.parts import MakePage, Parts
from headshot.ui.make.session import MakeSession
from headshot.ui.session_state import session_state

_INTRO = (
    "Other people in the look that is set here: the same crop, eye line, backdrop and light, each measured against "
    "their own photo. Up to {most} people, {at_once} photos at a time; more with the command headshot team."
)


class Team:
    """The panel; its people are a TeamSession, one for each visitor."""

    def __init__(self) -> None:
        """Lay it out in the open container; `connect` wires it."""
        self.team = session_state()
        gr.HTML(f'<p class="hs-quiet">{escape(tr(_INTRO, most=MOST, at_once=MOST_AT_ONCE))}</p>', **BARE)
        self.photos = UploadButton(
            "Add their photos", file_count="multiple", file_types=["image"], size="sm", elem_id="team-photos"
        )
        self.says = gr.HTML("", elem_id="team-says", **BARE)
        self.wall = gr.HTML("", elem_id="team-wall", **BARE)
        with gr.Row():
            self.save = gr.Button("Save all as ZIP", interactive=False, size="sm", elem_id="team-save")
            self.empty = gr.Button("Forget them", interactive=False, size="sm", elem_id="team-forget")

    def connect(self, page: MakePage, parts: Parts) -> None:
        """Wire it to the studio."""

        @streaming
        def add(
            session: MakeSession | None,
            team: TeamSession | None,
            agreed: bool,
            files: list[Upload] | None,
            *values: Any,
        ) -> Iterator[Any]:
            try:
                session = page.admit(session, agreed)
                look = replace(direction_of(session, *values, engine=OWN_PIXELS), cutout=CutoutSettings())
                team = team or TeamSession()
                count = team.expect(files or [])
            except UserError as fault:
                yield {self.says: note_html(str(fault))}
                return
            pace = Pace()
            yield {self.team: team, self.says: note_html(pace.words(0, count))}
            try:
                for done, _ in enumerate(team.add(files or [], look), 1):
                    yield {self.says: note_html(pace.words(done, count)), self.wall: _wall(team)}
            except UserError as fault:
                yield {self.says: note_html(str(fault)), **self._held(team)}
                return
            yield {self.says: team.report(), self.wall: _wall(team), **self._held(team)}

        def save(team: TeamSession | None) -> Any:
            if team is None or not team.shots:
                return gr.skip()
            return download_value("team.zip", "application/zip", team.packed())

        def forget(team: TeamSession | None) -> Any:
            if team is not None:
                team.close()
            return {self.team: None, self.says: "", self.wall: "", **self._held(None)}

        changed = [self.team, self.says, self.wall, self.save, self.empty]
        inputs = [parts.session, self.team, parts.consent, self.photos, *form(parts)]
        self.photos.upload(add, inputs, changed, concurrency_limit=2, **QUIET)
        self.save.click(save, self.team, parts.saved, **QUIET)
        self.empty.click(forget, self.team, changed, **QUIET)
        parts.consent.change(
            lambda agreed, team: gr.skip() if agreed else forget(team), [parts.consent, self.team], changed, **QUIET
        )

    def _held(self, team: TeamSession | None) -> dict[Any, Any]:
        there = team is not None and bool(team.shots)
        return {self.save: gr.update(interactive=there), self.empty: gr.update(interactive=there)}


def _wall(team: TeamSession) -> str:
    return f'<img src="{jpeg_url(team.wall())}" alt="{escape(tr("The team"))}" style="width:100%">'
