"""The components of "Make" by name, and what "Make" offers to the panels and tabs that change its picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.events import Dependency

from headshot.errors import UserError
from headshot.types import Headshot, Preview
from headshot.ui.components.events import NEWEST, Answer
from headshot.ui.make.engine_panel import EngineParts
from headshot.ui.make.session import MakeSession
from headshot.ui.report.card import ReportCard

Handler = tuple[Callable[..., Any], list[gr.Component], list[gr.Component]]  # a function, its inputs, its outputs


@dataclass(frozen=True)
class HistoryParts:
    """The panel's components; `outputs` in the order that a handler lists them."""

    bar: gr.HTML
    strip: gr.HTML

    @property
    def outputs(self) -> list[gr.Component]:
        return [self.bar, self.strip]


class LookFileParts:
    """The panel's components by name; `loaded`: the event of a file that was read."""

    title: gr.Textbox
    save: gr.Button
    file: gr.File
    says: gr.HTML
    loaded: Dependency


@dataclass(frozen=True)
class SetupParts:
    """The panel's components by name; `line`: the quiet line that leads to it."""

    line: gr.Row
    open: gr.Button
    panel: gr.Column
    text: gr.HTML
    engine: gr.Radio
    extras: gr.Checkbox
    go: gr.Button
    close: gr.Button


@dataclass(frozen=True)
class RetouchParts:
    """The drawer "Retouch"; whether it is `opened`; `bands`: what stands below each slider that moves a feature."""

    drawer: gr.Accordion
    opened: gr.State
    bands: dict[str, gr.HTML]


class Parts:
    """The components of "Make" by name, each set where it is laid out. `controls` in the order of controls.KEYS,
    `notes` in that of controls.GROUPS.
    """

    session: gr.State
    waiting: gr.State
    wanted: gr.State  # the turn in which a generator was last asked for: a draft may follow
    loaded_looks: gr.State
    photo: gr.Image
    consent: gr.Checkbox
    checks: gr.HTML
    examples: gr.HTML
    before_after: gr.HTML
    keys: gr.HTML
    strip: gr.HTML
    faces: gr.HTML
    turn: gr.Button
    change_photo: gr.UploadButton
    shade: gr.Slider
    link: gr.Textbox
    painted: tuple[gr.Column, ...] = ()  # what is in sight only where a generator is
    verdict: gr.HTML
    look: gr.HTML
    change: gr.HTML
    setup: SetupParts
    retouch: RetouchParts
    words: gr.Textbox
    words_chips: gr.HTML
    keep: gr.Textbox
    keep_chips: gr.HTML
    controls: tuple[gr.Component, ...] = ()
    notes: tuple[gr.HTML, ...] = ()
    pose: gr.UploadButton
    pose_read: gr.HTML
    engines: EngineParts
    engine: gr.Dropdown
    randomize: gr.Checkbox
    further: gr.UploadButton
    further_note: gr.HTML
    view: gr.HTML
    candidate: gr.Radio
    make: gr.Button
    stop: gr.Button
    kind: gr.Dropdown
    save: gr.Button
    badge: gr.HTML
    marks: gr.HTML
    label: gr.Checkbox
    disclosure: gr.HTML
    history: HistoryParts
    look_file: LookFileParts
    card: ReportCard
    saved: gr.HTML


@dataclass(frozen=True)
class MakePage:
    """What "Make" offers: `live` makes the picture of what the controls say, `report` measures it.

    `show` and `show_preview` are the updates that show a picture, or one on its way, and `shown` their outputs;
    `gone` those once the photo was forgotten.
    `refused`: why nothing may be made yet, or "". `photo_events`: the events after which another person may be there.
    """

    live: Handler
    report: Handler
    show: Callable[[MakeSession, Headshot], Answer]
    show_preview: Callable[[MakeSession, Preview], Answer]
    shown: list[gr.Component]
    gone: Callable[[], Answer]
    refused: Callable[[MakeSession | None, bool], str]
    photo_events: Sequence[Dependency]

    def redraw(self, event: Dependency) -> None:
        """Make and measure the picture after an event that changed the controls."""
        self.measure(event.success(*self.live, **NEWEST))

    def measure(self, event: Dependency) -> None:
        """Measure the picture after an event that brought one."""
        event.success(*self.report, **NEWEST)

    def admit(self, session: MakeSession | None, agreed: bool) -> MakeSession:
        """The session, for a tab that makes pictures of its photo. Raises UserError where nothing may be made yet."""
        if session is None:
            raise UserError("There is no photo here.", "Add one in the studio.")
        if reason := self.refused(session, agreed):
            raise UserError(reason, "The box stands below your photo in the studio.")
        return session
