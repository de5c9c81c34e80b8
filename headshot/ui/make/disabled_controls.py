"""Controls that do nothing on the rung that is chosen: greyed, with the reason under their group."""

from __future__ import annotations

from html import escape
from typing import Any

import gradio as gr

from headshot.direction.applicability import only_in_words, why_ignored
from headshot.direction.engine_table import is_own
from headshot.direction.labels import name_of
from headshot.language import tr
from headshot.ui.components.events import QUIET
from headshot.ui.make.controls import GROUPS, is_hidden
from headshot.ui.make.parts import Parts
from headshot.ui.make.words_panel import painter_at


def disabled_controls(change: float, engine: str, keep: str) -> tuple[list[str], list[bool]]:
    """(HTML under each of GROUPS, whether each of their controls does something there), when `engine` makes the
    picture. On own rungs the controls are as they were laid out.
    """
    notes: list[str] = []
    live: list[bool] = []
    for _, keys in GROUPS:
        why = {k: why_ignored(k, engine, change, keep) if not is_own(engine) else "" for k in keys}
        told: dict[str, list[str]] = {}
        for key in (k for k in keys if why[k] and not is_hidden(k)):
            told.setdefault(why[key], []).append(name_of(key))
        words = [name_of(k) for k in keys if not is_own(engine) and only_in_words(k, change, keep)]
        lines = [f"{', '.join(names)}: {reason}" for reason, names in told.items()]
        if words:
            lines.append(
                tr(
                    "{names}: told to the generator in words here, so small moves may change nothing.",
                    names=", ".join(words),
                )
            )
        notes.append("".join(f'<p class="hs-quiet" role="status">{escape(line)}</p>' for line in lines))
        live += [not why[k] for k in keys]
    return notes, live


def connect(parts: Parts) -> None:
    """Wire the controls to the ladder, the engine and the lock list."""
    controls = parts.controls[: sum(len(keys) for _, keys in GROUPS)]
    shown = gr.State("")

    def show(before: str, change: float, engine: str, keep: str) -> Any:
        painter = painter_at(change, engine)
        notes, live = disabled_controls(change, painter, keep or "")
        now = f"{notes}{live}"
        if now == before or (not before and all(live)):  # each answer lays all of them out again
            return {shown: before}
        switches = [gr.update(interactive=on) for on in live]
        return {shown: now, **dict(zip(parts.notes, notes, strict=True)), **dict(zip(controls, switches, strict=True))}

    gr.on(
        [parts.change.change, parts.engine.change, parts.keep.change],
        show,
        [shown, parts.change, parts.engine, parts.keep],
        [shown, *parts.notes, *controls],
        trigger_mode="always_last",
        **QUIET,
    )
