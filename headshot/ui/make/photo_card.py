"""The photo's card: what the page answers when a photo comes, goes, or another of its faces is chosen."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import cv2
import gradio as gr

from headshot.direction.engine_table import OWN_PIXELS
from headshot.direction.presets import load_presets
from headshot.errors import UserError
from headshot.files.opened_photo import opened
from headshot.imaging.resize import scaled
from headshot.language import tr
from headshot.studio.look_choice import chosen_looks
from headshot.studio.session import Sitting
from headshot.types import U8, Direction
from headshot.ui.components.compare.compare import compare_busy, compare_idle, compare_value
from headshot.ui.components.consent import FIRST, TAKEN_BACK, given
from headshot.ui.components.events import QUIET, UPLOADED
from headshot.ui.components.faces.faces import faces_value
from headshot.ui.components.gallery.gallery import looks_coming
from headshot.ui.components.html import note_html
from headshot.ui.components.photo_field.photo_field import DROPPED, watch_drops
from headshot.ui.components.strip.strip import strip_fault, strip_value
from headshot.ui.components.uploads import Upload
from headshot.ui.loaded_looks import LoadedLooks
from headshot.ui.make import retouch_panel, setup
from headshot.ui.make.example_panel import example_upload
from headshot.ui.make.form import form, form_values
from headshot.ui.make.opened_session import open_session
from headshot.ui.make.parts import Parts
from headshot.ui.make.result_card import HIDDEN
from headshot.ui.make.saved_headshot import Restored
from headshot.ui.make.session import MakeSession
from headshot.ui.report import card as cards
from headshot.ui.report.html import checks_html, fault_html

_SHOWN = 900  # px: the longer side of the photo as the page shows it
_WHITE, _YELLOW = (255, 255, 255), (255, 200, 60)
_RESTORED = "This is a saved headshot: the settings that made it are back."
CUTTING = "Cutting you out, down to the hair"


class Waiting:
    """A photo that waits for its consent, undecoded but for what the field shows: no face in it was looked for."""

    def __init__(self, file: Upload) -> None:
        self.file = file

    def close(self) -> None:
        """Forget the photo."""
        self.file = Upload()


def connect(page: gr.Blocks, parts: Parts, *, ask_consent: bool) -> list[Any]:
    """Wire the photo's card. Returns the events after which another person may be there: first that of the
    emptied field, then those after which there is a picture to draw.
    """

    def receive(file: Upload | None, before: Any, agreed: bool, by_eye: bool, own: LoadedLooks, look: str) -> Any:
        if file is None or not given(agreed, asked=ask_consent):
            cancel(before)
            return received(parts, None) if file is None else _held(parts, file)
        return received(parts, lambda: open_session(file, before), by_eye, own.direction(look), before)

    def agree(waiting: Waiting | None, before: MakeSession | None, agreed: bool, *more: Any) -> Any:
        """The photo that waits is opened; with the consent taken back, all goes."""
        if not given(agreed, asked=ask_consent):
            for one in (waiting, before):
                if one is not None:
                    one.close()
            gone = {parts.photo: None, parts.checks: note_html(TAKEN_BACK)}
            return gr.skip() if waiting is None and before is None else {**received(parts, None), **gone}
        return gr.skip() if waiting is None else receive(waiting.file, before, agreed, *more)

    def emptied(dropped: bool, before: MakeSession | None) -> Any:
        if dropped:  # what comes next may be a saved headshot, whose settings are for this photo
            return gr.skip()
        cancel(before)
        return received(parts, None)

    def receive_other(file: Upload | None, *more: Any) -> Any:
        return {**receive(file, *more), parts.change_photo: None} if file is not None else gr.skip()

    def receive_example(
        before: MakeSession | None, agreed: bool, by_eye: bool, own: LoadedLooks, look: str, event: gr.EventData
    ) -> Any:
        name = event._data.get("name") if isinstance(event._data, dict) else None
        return receive(example_upload(name), before, agreed, by_eye, own, look)

    opened, asked = outputs(parts), inputs(parts)
    watch_drops(page)
    dropped = gr.Checkbox(False, visible=False)
    return [
        parts.photo.clear(emptied, [dropped, parts.session], opened, js=DROPPED, **QUIET),
        # "multiple": a photo that comes while the one before is being opened must not be lost.
        parts.photo.upload(receive, [parts.photo, *asked], opened, trigger_mode="multiple", **UPLOADED),
        parts.change_photo.upload(
            receive_other, [parts.change_photo, *asked], opened, trigger_mode="multiple", **UPLOADED
        ),
        parts.examples.pick(receive_example, asked, opened, **UPLOADED),
        parts.consent.input(agree, [parts.waiting, *asked], opened, **UPLOADED),
    ]


def inputs(parts: Parts) -> list[gr.Component]:
    """What the handlers of another photo, or of another face in it, are given."""
    return [parts.session, parts.consent, parts.card.by_eye, parts.loaded_looks, parts.look]


def outputs(parts: Parts) -> list[gr.Component]:
    """The outputs of `received`."""
    return [
        parts.session,
        parts.waiting,
        parts.photo,
        parts.checks,
        parts.view,
        parts.save,
        parts.stop,
        *parts.card.outputs,
        parts.verdict,
        parts.strip,
        parts.faces,
        parts.change_photo,
        parts.badge,
        parts.marks,
        parts.engine,
        *form(parts),
    ]


def at_once(sitting: Sitting) -> dict[str, Any]:
    """The photo itself on the stage while the person is being cut out."""
    photo = scaled(sitting.photo.pixels, min(1.0, _SHOWN / max(sitting.photo.width, sitting.photo.height)))
    return compare_value(photo, photo, quality=85) | compare_busy(CUTTING)


def shown_photo(sitting: Sitting) -> U8:
    """Scale the photo down for the page, (h, w, 3) uint8; where there are several faces, each is framed."""
    photo = sitting.photo
    scale = min(1.0, _SHOWN / max(photo.width, photo.height))
    picture = scaled(photo.pixels, scale)
    faces = [f for f in sitting.subject.faces if f.landmarks is not None]
    if len(faces) < 2:
        return picture
    picture = picture.copy()
    for face in faces:
        chosen = face is sitting.subject.face
        (x0, y0, x1, y1) = (round(v * scale) for v in face.box)
        m = round(0.12 * (x1 - x0))
        cv2.rectangle(picture, (x0 - m, y0 - m), (x1 + m, y1 + m), (0, 0, 0), 5 if chosen else 3, cv2.LINE_AA)
        colour = _YELLOW if chosen else _WHITE
        cv2.rectangle(picture, (x0 - m, y0 - m), (x1 + m, y1 + m), colour, 3 if chosen else 1, cv2.LINE_AA)
    return picture


def cancel(before: MakeSession | None) -> None:
    """Cancel what is still being made of the photo before: it must not be shown beside the new one."""
    if before is not None:
        before.begin()


def _held(parts: Parts, file: Upload) -> dict[Any, Any]:
    """The answer to a photo whose use was not agreed to yet: it is shown as it came, and waits."""
    try:
        photo = opened(file.read())
    except UserError as fault:
        return {**received(parts, None), parts.photo: None, parts.checks: fault_html(fault)}
    small = scaled(photo.pixels, min(1.0, _SHOWN / max(photo.width, photo.height)))
    return {**received(parts, None), parts.waiting: Waiting(file), parts.photo: small, parts.checks: note_html(FIRST)}


def received(
    parts: Parts,
    open_it: Callable[[], tuple[MakeSession, Restored | None]] | None,
    by_eye: bool = False,
    own: Direction | None = None,
    before: MakeSession | None = None,
) -> dict[Any, Any]:
    """The answer to a new photo; None: the field was emptied. `by_eye`: pictures of it are judged by eye first;
    `own`: the chosen look, where it is the visitor's; `before`: what stays where the new photo is refused.
    """
    empty = {
        parts.session: None,
        parts.waiting: None,
        parts.view: None,
        parts.save: gr.update(interactive=False),
        parts.verdict: None,
        parts.strip: None,
        parts.faces: None,
        parts.look: gr.update(coming=looks_coming(0, 0)),
        parts.badge: "",
        parts.marks: "",
        parts.stop: HIDDEN,
        **cards.cleared(parts.card),
    }
    if open_it is None:
        return {**empty, parts.checks: ""}
    try:
        session, restored = open_it()
    except UserError as fault:
        told_fault = {parts.checks: fault_html(fault)}
        if before is not None:
            with suppress(UserError):  # the photo before may be forgotten by now
                told = {parts.view: compare_idle(str(fault)), parts.strip: strip_fault(fault)}
                return {**told_fault, **told, parts.photo: shown_photo(before.sitting)}
        # The field is emptied, so that the next try starts clean; all that was chosen stays.
        return {**empty, **told_fault, parts.photo: None}
    cancel(before)
    session.blind_test.wanted = by_eye
    answer = {
        parts.session: session,
        parts.waiting: None,
        parts.photo: shown_photo(session.sitting),
        parts.view: at_once(session.sitting),
        parts.strip: strip_value(session.sitting.photo, session.sitting.subject),
        parts.faces: faces_value(session.sitting),
        parts.verdict: None,
        parts.marks: "",
        parts.stop: HIDDEN,
        parts.look: gr.update(chosen=chosen_looks(session.sitting), coming=looks_coming(0, len(load_presets()))),
        parts.checks: checks_html(session.sitting.subject.checks, session.sitting.photo.notes),
    }
    answer |= retouch_panel.at_rest(parts)
    if own is not None:
        session.held_words.hold_look(own)  # words that no control shows: a new session does not know them
    if restored is not None:
        session.held_words.hold(restored.direction)
        engine, missing = painter_of(restored)
        numbered = form_values(parts, restored.direction, OWN_PIXELS if engine == "auto" else engine)
        look = gr.update(value=numbered[parts.look], **answer[parts.look])
        answer |= numbered | {parts.engine: engine, parts.look: look}
        answer[parts.marks] = note_html(" ".join(part for part in (tr(_RESTORED), missing, restored.note) if part))
    return answer


def painter_of(restored: Restored) -> tuple[str, str]:
    """Choose what "Painted by" is set to for a saved headshot; with a sentence where its engine cannot run here."""
    name, known = restored.engine, setup.statuses()
    if name in known:
        missing = tr("It was painted by {title}, which is not set up here.", title=known[name].title)
        return name, "" if known[name].available else missing
    unknown = tr("It was painted by “{name}”, which this app does not know.", name=name)
    return "auto", "" if name == OWN_PIXELS else unknown
