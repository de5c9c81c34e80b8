""" "In your words": what of them a control can do, with one click; what a generator is told; what nothing can do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr
from gradio.events import Dependency

from headshot.direction.diff import as_settings
from headshot.direction.direct import direct
from headshot.direction.engine_table import OWN_PIXELS, engine_at, is_own
from headshot.direction.interpret import Suggestion, interpret
from headshot.direction.labels import name_of, typeset, value_of
from headshot.direction.ladder import OWN_TOP
from headshot.direction.prompt import CLIP_TOKENS, prompt
from headshot.direction.settings import SETTINGS
from headshot.engines.diffusion.text_encoding import tokenizers, words
from headshot.errors import DirectionError
from headshot.language import tr
from headshot.types import Direction
from headshot.ui.components.chips.chips import chips, chips_value, row
from headshot.ui.components.events import NEWEST, QUIET
from headshot.ui.make import setup
from headshot.ui.make.controls import KEYS, values_of
from headshot.ui.make.form import direction_of, form
from headshot.ui.make.parts import MakePage, Parts
from headshot.ui.make.session import MakeSession

_HEARD = "goes to the generator"
_LEFT_OUT = "goes to the generator, as what to leave out"


def words_panel(parts: Parts) -> None:
    """Lay the text box and its lines out in the open column."""
    parts.words = gr.Textbox(
        "",
        label=SETTINGS["words"].label,
        lines=1,
        max_lines=6,
        max_length=SETTINGS["words"].length,
        elem_id="words",
        placeholder="darker and closer, window light",
    )
    parts.words_chips = chips(chips_value([]), elem_id="words-chips")


def painter_at(change: float, wanted: str) -> str:
    """Return the engine that makes the picture at `change`: own pixels, or the generator that would paint and can."""
    return engine_at(change, (setup.generator_for(wanted) if change > OWN_TOP else None) or OWN_PIXELS)


def words_value(direction: Direction, engine: str) -> dict[str, Any]:
    """The lines below the words of `direction`, when `engine` makes the picture. Raises DirectionError."""
    reading, now = interpret(direction.words, engine, direction), as_settings(direction)
    rows = [_line(s, now) for s in reading.suggestions]
    rows += [row(message, why=reason, state="off") for message, reason in reading.unheard]
    rows += [row(reading.prompt, tr(_HEARD), state="told")] if reading.prompt and not is_own(engine) else []
    rows += [row(message, tr(_LEFT_OUT), state="told") for message in reading.avoid]
    open_ = sum(r["state"] == "on" for r in rows)
    return chips_value(
        rows,
        every=tr("Use all {count}", count=open_) if open_ > 1 else "",
        meter=_meter(direction, engine),
    )


def chosen(direction: Direction, engine: str, said: str, action: str) -> dict[str, Any]:
    """The settings that a press takes over: of the line with these words, or of all that can be done."""
    asked = [s for s in interpret(direction.words, engine, direction).suggestions if action == "all" or s.said == said]
    return {key: value for s in asked if not s.reason for key, value in s.settings.items()}


def _line(suggestion: Suggestion, now: Mapping[str, Any]) -> dict[str, str]:
    if suggestion.reason:
        return row(suggestion.said, why=suggestion.reason, state="off")
    text = "→ " + ", ".join(_setting(k, v, now.get(k)) for k, v in suggestion.settings.items())
    if all(now.get(k) == v for k, v in suggestion.settings.items()):
        return row(suggestion.said, text, done=tr("in use"))
    return row(
        suggestion.said, text, state="on", action=tr("Use"), name=tr("Use {words}", words=f"{suggestion.said} {text}")
    )


def _setting(key: str, value: Any, now: Any) -> str:
    """A setting in plain words, and which way it goes from where it stands."""
    text = typeset(f"{name_of(key)} {value_of(key, value)}")
    ways = SETTINGS[key].ways if key in SETTINGS else None
    if ways is None or not isinstance(now, int | float) or value == now:
        return text
    return f"{text} ({tr(ways[value < now])})"


def _meter(direction: Direction, engine: str) -> tuple[str, float] | None:
    """The whole prompt's length in CLIP's tokens, counted where the engine's tokenizers are here, else estimated; None
    where nothing is painted.
    """
    if is_own(engine):
        return None
    here = tokenizers(engine)
    made = words(direction, here) if here else prompt(direction)
    text = (
        "The whole prompt, your words and the look’s: {tokens} of {most} words’ worth (tokens)."
        if here
        else "The whole prompt, your words and the look’s: about {tokens} of {most} words’ worth (tokens)."
    )
    share = made.tokens / CLIP_TOKENS
    cut = " " + tr("No room for: {phrases}.", phrases=", ".join(made.cut)) if made.cut else ""
    return tr(text, tokens=made.tokens, most=CLIP_TOKENS) + cut, share


def connect(parts: Parts, page: MakePage) -> Dependency:
    """Wire the panel to the studio. Returns the event after which the controls follow the words, by Enter."""

    def show(session: MakeSession | None, engine: str, *values: Any) -> Any:
        painter = painter_at(values[1], engine)
        try:
            return words_value(direction_of(session, *values, engine=painter), painter)
        except DirectionError as fault:
            return chips_value([], note=str(fault))

    def use(event: gr.EventData, session: MakeSession | None, engine: str, *values: Any) -> Any:
        asked = getattr(event, "_data", None) or {}
        return take(session, engine, str(asked.get("said")), str(asked.get("action")), *values)

    def use_all(session: MakeSession | None, engine: str, *values: Any) -> Any:
        return take(session, engine, "", "all", *values)

    def take(session: MakeSession | None, engine: str, said: str, action: str, *values: Any) -> Any:
        change, painter = values[1], painter_at(values[1], engine)
        try:
            direction = direction_of(session, *values, engine=painter)
        except DirectionError:  # the panel says so already
            return {parts.change: change}
        settings = chosen(direction, painter, said, action)
        answer: dict[Any, Any] = {parts.change: settings.pop("change", change)}
        if "preset" in settings:
            answer[parts.look] = settings.pop("preset")
            chosen_look = direct(answer[parts.look], engine=setup.numbers_for(engine))
            answer |= dict(zip(parts.controls, values_of(chosen_look), strict=True))
        return answer | {parts.controls[KEYS.index(key)]: value for key, value in settings.items()}

    changed = [
        parts.words.change,
        parts.change.change,
        parts.engine.change,
        parts.keep.change,
        # After what a control's move brings, a report or what is to be painted: with the move the browser would gather
        # all controls twice, and the picture would wait for it.
        parts.card.report.change,
        parts.wanted.change,
    ]
    asked = [parts.session, parts.engine, *form(parts)]
    gr.on(changed, show, asked, parts.words_chips, **NEWEST)
    taken = [parts.look, parts.change, *parts.controls]
    used = parts.words_chips.press(use, asked, taken, **QUIET)
    used.success(show, asked, parts.words_chips, **NEWEST)
    page.redraw(used)
    # Enter does all that is understood; the lines below say what is not.
    return parts.words.submit(use_all, asked, taken, **QUIET)
