""" "Always keep": the lock list, what of it was understood, and what holds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from headshot.authenticity.thresholds import measures_of_lock
from headshot.direction.locks import Lock, added, dropped, parse_locks, said
from headshot.direction.settings import SETTINGS
from headshot.language import tr
from headshot.text import clean
from headshot.ui.components.chips.chips import chips, chips_value, row
from headshot.ui.components.events import NEWEST, QUIET, streaming
from headshot.ui.make.parts import MakePage, Parts
from headshot.ui.make.session import MakeSession

READY = ("glasses", "grey hair", "freckles", "beard", "mole", "wrinkles", "headscarf", "jewellery")
_DROP = "✕"
_PLACES = {
    "eyes": "round your eyes",
    "brows": "in your brows",
    "lower face": "in the lower face",
    "face": "in the whole face",
    "hair": "in your hair",
    "clothes": "in your clothes",
}
_UNKNOWN = "Goes to the generator’s words, and is checked by nothing."
_NOTE = (
    "On every rung, “fully generated” too, a generator leaves these places as they are in your photo. "
    "The report says what became of each."
)


def keep_panel(parts: Parts) -> None:
    """Lay the text box and its lines out in the open column."""
    parts.keep = gr.Textbox(
        "",
        label=SETTINGS["keep"].label,
        info=SETTINGS["keep"].info,
        lines=1,
        max_lines=3,
        max_length=SETTINGS["keep"].length,
        elem_id="keep",
        placeholder="my glasses, grey hair",
    )
    parts.keep_chips = chips(keep_value(""), elem_id="keep-chips")


def keep_value(words: str) -> dict[str, Any]:
    """The lines below the list `words`: each lock with what holds it, the words that are none, and things to add."""
    found, more = parse_locks(words)
    rows = [row(k.said, why=_holds(k), action=_DROP, name=tr("Do not keep {said}", said=k.said)) for k in found]
    rows += [
        row(s, why=tr(_UNKNOWN), state="told", action=_DROP, name=tr("Do not keep {said}", said=s))
        for s in more.split(", ")
        if s
    ]
    there = {s.lower() for s in said(words)}
    note = tr(_NOTE) if any(k.place for k in found) else ""
    return chips_value(rows, ready=[r for r in READY if r not in there], note=note)


def edited(words: str, thing: str, action: str) -> str:
    """The list after a press of a button: with the thing, or without it; as it was where it would get too long."""
    made = dropped(words, thing) if action == "drop" else added(words, thing)
    return made if len(made) <= SETTINGS["keep"].length else words


def _holds(lock: Lock) -> str:
    """What keeps it, and whether the report can tell."""
    measured = bool(measures_of_lock(lock.name))
    told = tr("the report measures it") if measured else tr("nothing measures it, so look for yourself")
    if not lock.place:
        return tr("Said to the generator in words only; {told}.", told=told)
    return tr("Your own pixels stay {place}; {told}.", place=tr(_PLACES[lock.place]), told=told)


def connect(parts: Parts, page: MakePage) -> None:
    """Wire the panel to "Make"."""

    def press(words: str, event: gr.EventData) -> str:
        asked = getattr(event, "_data", None) or {}
        return edited(words or "", str(asked.get("said", "")), str(asked.get("action", "")))

    parts.keep.change(lambda words: keep_value(words or ""), parts.keep, parts.keep_chips, **NEWEST)
    parts.keep_chips.press(press, parts.keep, parts.keep, **QUIET)
    run, inputs, outputs = page.live
    measure, asked, shown = page.report
    here = inputs.index(parts.keep)

    @streaming
    def settle(*given: Any) -> Iterator[Any]:
        """Another picture for another list; the list of the picture that is shown (one gone back to) asks for none."""
        session: MakeSession | None = given[0]
        if session is None or session.last is None or session.last.direction.keep != clean(given[here] or ""):
            yield from run(*given)

    @streaming
    def report(*given: Any) -> Iterator[Any]:
        session: MakeSession | None = given[0]
        if session is not None and session.report is None:
            yield from measure(*given)

    # Not with each letter: once somebody has stopped typing.
    parts.keep_chips.settled(settle, inputs, outputs, **NEWEST).success(report, asked, shown, **NEWEST)
