""" "Take the pose from a photo": read into the controls, and said line by line. Nothing of the photo is kept."""

from __future__ import annotations

from typing import Any

import gradio as gr

from headshot.direction.applicability import why_ignored
from headshot.direction.engine_table import OWN_PIXELS
from headshot.errors import UserError
from headshot.files.opened_photo import opened
from headshot.language import tr
from headshot.studio.pose_reference import PoseReading, Seen, read_pose
from headshot.types import Direction
from headshot.ui.components.chips.chips import chips, chips_value, row
from headshot.ui.components.events import QUIET
from headshot.ui.components.upload_field import UploadButton
from headshot.ui.components.uploads import Upload
from headshot.ui.make import setup
from headshot.ui.make.controls import KEYS
from headshot.ui.make.form import direction_of, form
from headshot.ui.make.parts import MakePage, Parts
from headshot.ui.make.session import MakeSession

_NOTE = (
    "Only the pose is read: turn of the head, expression, where the eyes look, framing. That face never enters your "
    "picture."
)
_ONLY_FRAMING = " No generator is set up on this machine yet, so of these only the framing can be used."


def pose_panel(parts: Parts) -> None:
    """Lay the upload and its lines out in the open container."""
    parts.pose = UploadButton("Take the pose from a photo", file_types=["image"], size="sm", elem_id="pose")
    parts.pose_read = chips(chips_value([], note=_note(not setup.rung_reasons())), elem_id="pose-chips")


def _note(ready: bool) -> str:
    return tr(_NOTE) if ready else tr(_NOTE) + tr(_ONLY_FRAMING)


def reading_of(file: Upload, first: str = "") -> PoseReading:
    """The pose in an upload. `first`: what must be done before it, or "". Raises UserError."""
    if first:
        raise UserError(first)
    return read_pose(opened(file.read()))


def taken(seen: Seen, painter: str | None) -> dict[str, Any]:
    """What the page sets of it; {} where only a generator could and there is none (`painter` None)."""
    return {k: v for k, v in seen.settings.items() if not why_ignored(k, painter or OWN_PIXELS)}


def line(seen: Seen, direction: Direction, painter: str | None) -> dict[str, str]:
    """One thing that was looked for, as a line of chips: set, not possible here, or not told."""
    if not seen.settings:
        return row(seen.about, seen.sentence, state="told")
    if not taken(seen, painter):
        return row(seen.about, seen.sentence, why=tr("Needs a generator."), state="off")
    reasons = (why_ignored(k, painter or OWN_PIXELS, direction.change, direction.keep) for k in seen.settings)
    held = next(filter(None, reasons), "") if painter else ""
    return row(seen.about, seen.sentence, why=held, done="set")


def connect(parts: Parts, page: MakePage, *, first: str) -> None:
    """Wire the panel. `first`: what to say where the consent box must be ticked before a photo is read, "" where there
    is none.
    """

    def take(session: MakeSession | None, file: Upload | None, agreed: bool, engine: str, *values: Any) -> Any:
        if file is None:
            return gr.skip()
        answer: dict[Any, Any] = {parts.pose: None}
        painter = setup.generator_for(engine)
        try:
            reading = reading_of(file, "" if agreed else first)
            direction = direction_of(session, *values, engine=painter or OWN_PIXELS)
        except UserError as fault:
            return {**answer, parts.pose_read: chips_value([], note=str(fault))}
        settings = {k: v for seen in reading.seen for k, v in taken(seen, painter).items()}
        lines = [line(seen, direction, painter) for seen in reading.seen]
        return {
            **answer,
            parts.pose_read: chips_value(lines, note=_note(painter is not None)),
            **{parts.controls[KEYS.index(key)]: value for key, value in settings.items()},
        }

    read = parts.pose.upload(
        take,
        [parts.session, parts.pose, parts.consent, parts.engine, *form(parts)],
        [parts.pose, parts.pose_read, *parts.controls],
        **QUIET,
    )
    page.redraw(read)
