"""What the result's card shows: a picture, a preview on its way, nothing yet, or nothing by name."""

from __future__ import annotations

import re

import gradio as gr

from headshot.direction.engine_table import is_own
from headshot.imaging.resize import resized
from headshot.language import tr
from headshot.types import Headshot, Preview
from headshot.ui.components.compare.compare import compare_busy, compare_idle, compare_value, result_value
from headshot.ui.components.disclosure.disclosure import disclosure_value
from headshot.ui.components.events import Answer
from headshot.ui.components.gallery.gallery import looks_coming
from headshot.ui.components.html import engine_html, notice_html, step_words
from headshot.ui.components.verdict.verdict import verdict_busy
from headshot.ui.make.parts import Parts
from headshot.ui.make.session import MakeSession
from headshot.ui.make.tray_panel import tray_updates

_KEY = re.compile(r" \([a-z_.]+=[^)]*\)")
PAINTED = "Painted by {engine}, {kept:.0f}% of the face your own"
VISIBLE, HIDDEN = gr.update(visible=True), gr.update(visible=False)


def outputs(parts: Parts) -> list[gr.Component]:
    """The outputs of all the answers here."""
    shown = [parts.session, parts.view, parts.save, parts.badge, parts.verdict, parts.make, parts.stop, parts.candidate]
    shown += [parts.wanted]
    seen = [parts.look, parts.photo, parts.strip, parts.faces, parts.checks, parts.disclosure]
    return [*shown, *seen, *parts.history.outputs]


def picture(parts: Parts, session: MakeSession, result: Headshot, number: int = 0) -> Answer:
    """The updates that show a result, the candidate `number` of its request."""
    if session.held_back:
        return held_back(parts, session)
    note = _KEY.sub("", " ".join(result.notes))  # what a program would set is not for people
    own, draft = is_own(result.engine), is_draft(result)
    by = "Draft by {engine}, {kept:.0f}% of the face your own" if draft else PAINTED
    made = tr("Made of your own pixels") if own else tr(by, engine=result.engine, kept=100 * result.kept)
    if draft and session.wanted is not None and session.wanted[0].generate.mode != "draft":
        note = " ".join(filter(None, (tr("A draft: “Paint it” makes the final."), note)))
    several = len(session.candidates) > 1
    choices = [(tr("Picture {i}", i=i + 1), i) for i in range(len(session.candidates))]
    return {
        parts.session: session,
        parts.view: result_value(result, note),
        parts.save: gr.update(interactive=True),
        parts.badge: engine_html(made, result.seconds),
        parts.verdict: verdict_busy(session.report_seconds),
        parts.disclosure: disclosure_value(result),
        parts.make: gr.update(visible=not own),
        parts.stop: HIDDEN,
        parts.candidate: gr.update(choices=choices, value=number if several else None, visible=several),
        **tray_updates(parts.history, session),
    }


def is_draft(result: Headshot) -> bool:
    """Whether a generator painted it as a draft."""
    return not is_own(result.engine) and result.direction.generate.mode == "draft"


FORGOTTEN = "Your photo was forgotten, as promised. Add it again; your look is kept."


def gone(parts: Parts) -> Answer:
    """What is shown once the session has gone: the way to begin again, and why."""
    return {
        parts.session: None,
        parts.look: gr.update(coming=looks_coming(0, 0)),
        parts.photo: None,
        parts.strip: None,
        parts.faces: None,
        parts.view: None,
        parts.verdict: None,
        parts.disclosure: None,
        parts.save: gr.update(interactive=False),
        parts.checks: notice_html(tr(FORGOTTEN)),
        **tray_updates(parts.history, None),
    }


def held_back(parts: Parts, session: MakeSession) -> Answer:
    """In the place of a picture that is to be judged by eye first: nothing that would name it."""
    return {
        parts.session: session,
        parts.view: compare_busy(tr("By eye first: two pictures without names")),
        parts.badge: "",
        parts.verdict: None,
        parts.disclosure: None,
        parts.candidate: HIDDEN,
        parts.stop: HIDDEN,
        **tray_updates(parts.history, None),
    }


def stopped(parts: Parts, session: MakeSession) -> Answer:
    """What is there when painting has ended early: the last painted picture, of now or of before, if there is one."""
    last = session.last
    if last is None or is_own(last.engine):
        idle = compare_idle(tr("Stopped before the first picture was done."))
        return {parts.session: session, parts.view: idle, parts.make: VISIBLE, parts.stop: HIDDEN}
    shown = picture(parts, session, last, max(0, len(session.candidates) - 1))
    return shown if session.held_back else shown | {parts.view: shown[parts.view] | {"older": session.older}}


def preview(parts: Parts, session: MakeSession, item: Preview) -> Answer:
    """How far a generator is, with the picture as it stands."""
    share = item.step / item.steps if item.steps else None
    busy = compare_busy(item.note or step_words(item), share)
    last, buttons = session.last, {parts.make: HIDDEN, parts.stop: VISIBLE}
    if item.picture is None or last is None or session.blind_test.wanted:
        return {parts.view: busy, **buttons}
    height, width = item.picture.shape[:2]
    original = resized(last.canvas.original, (width, height))
    return {parts.view: compare_value(original, item.picture) | busy, **buttons}
