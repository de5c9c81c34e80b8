"""A photo comes, goes, or another of its faces is meant: what the page answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gradio as gr

from headshot.engines import DEFAULT
from headshot.errors import UserError
from headshot.types import Check, Direction
from headshot.ui.components.answers import QUIET
from headshot.ui.components.compare.compare import compare_busy
from headshot.ui.components.html import note_html
from headshot.ui.components.photo_field.photo_field import DROPPED, watch_drops
from headshot.ui.loaded_looks import Yours
from headshot.ui.make import session as desks
from headshot.ui.make import setup
from headshot.ui.make.form import fields, filled
from headshot.ui.make.result_card import HIDDEN
from headshot.ui.make.session import Desk, Restored
from headshot.ui.report import card as cards
from headshot.ui.report.html import checks_html

if TYPE_CHECKING:
    from headshot.ui.parts import Parts

CUTTING = "Cutting you out, down to the hair"


def connect(page: gr.Blocks, p: Parts) -> list[Any]:
    """Wire the photo's card. Returns the events after which another person may be on the desk: first that of the
    emptied field, then those after which there is a picture to draw.
    """

    def receive(path: str | None, before: Desk | None, by_eye: bool, yours: Yours, look: str) -> Any:
        over(before)
        opening = None if path is None else lambda: desks.open_desk(path, before)
        return _received(p, opening, by_eye, yours.direction(look))

    def emptied(dropped: bool, before: Desk | None) -> Any:
        if dropped:  # what comes next may be a saved headshot, whose settings are for this photo
            return gr.skip()
        over(before)
        return _received(p, None)

    def receive_example(before: Desk | None, by_eye: bool, yours: Yours, look: str) -> Any:
        over(before)
        return _received(p, lambda: (desks.open_example(), None), by_eye, yours.direction(look))

    def click_face(now: Desk | None, by_eye: bool, yours: Yours, look: str, event: gr.SelectData) -> Any:
        if now is None or len(now.sitting.subject.faces) < 2:
            return gr.skip()
        width = desks.shown_photo(now.sitting).shape[1]
        try:
            chosen = desks.choose_face(now, float(event.index[0]), float(event.index[1]), width)
        except UserError as fault:
            return {p.checks: checks_html([Check("photo", "red", fault.message, fault.hint)])}
        over(now)
        return _received(p, lambda: (chosen, None), by_eye, yours.direction(look))

    opened = [
        p.desk,
        p.photo,
        p.checks,
        p.view,
        p.save,
        p.stop,
        *p.card.outputs,
        p.door,
        p.badge,
        p.marks,
        p.engine,
        *fields(p),
    ]
    given = [p.desk, p.card.by_eye, p.yours, p.look]
    watch_drops(page)
    dropped = gr.Checkbox(False, visible=False)
    return [
        p.photo.clear(emptied, [dropped, p.desk], opened, js=DROPPED, **QUIET),
        # "multiple": a photo that comes while the one before is being opened must not be lost.
        p.photo.upload(receive, [p.photo, *given], opened, trigger_mode="multiple", **QUIET),
        p.example.click(receive_example, given, opened, **QUIET),
        p.photo.select(click_face, given, opened, **QUIET),
    ]


def over(before: Desk | None) -> None:
    """What is still being made of the photo before must not come to stand beside the new one."""
    if before is not None:
        before.begin()


def _received(
    p: Parts,
    open_it: Callable[[], tuple[Desk, Restored | None]] | None,
    by_eye: bool = False,
    own: Direction | None = None,
) -> dict[Any, Any]:
    """The answer to a new photo; None: the field was emptied. `by_eye`: pictures of it are judged by eye first;
    `own`: the chosen look, where it is the visitor's.
    """
    empty = {
        p.desk: None,
        p.view: None,
        p.save: gr.update(interactive=False),
        p.door: None,
        p.badge: "",
        p.marks: "",
        p.stop: HIDDEN,
        **cards.cleared(p.card),
    }
    if open_it is None:
        return {**empty, p.checks: ""}
    try:
        now, restored = open_it()
    except UserError as fault:
        # The field is emptied, so that the next try starts clean; all that was chosen stays.
        return {**empty, p.photo: None, p.checks: checks_html([Check("photo", "red", fault.message, fault.hint)])}
    now.by_eye = by_eye
    answer = {
        p.desk: now,
        p.photo: desks.shown_photo(now.sitting),
        p.view: compare_busy(CUTTING),
        p.marks: "",
        p.stop: HIDDEN,
        p.checks: checks_html(now.sitting.subject.checks),
    }
    if own is not None:
        now.held_words.hold_look(own)  # words that no control shows: a new desk does not know them
    if restored is not None:
        now.held_words.hold(restored.direction)
        engine, missing = painter_of(restored)
        numbered = filled(p, restored.direction, DEFAULT if engine == "auto" else engine)
        answer |= numbered | {p.engine: engine}
        answer[p.marks] = note_html(f"This is a saved headshot: the settings that made it are back. {missing}".strip())
    return answer


def painter_of(restored: Restored) -> tuple[str, str]:
    """What "Painted by" is set to for a saved headshot, and a sentence where its engine cannot paint it again here."""
    name, known = restored.engine, setup.statuses()
    if name in known:
        missing = "" if known[name].available else f"It was painted by {known[name].title}, which is not set up here."
        return name, missing
    return "auto", "" if name == DEFAULT else f"It was painted by “{name}”, which this app does not know."
