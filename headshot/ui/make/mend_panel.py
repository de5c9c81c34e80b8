"""A click on the picture: what belongs to the person, so that the cut-out is solved anew there, or a spot to heal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from headshot.errors import UserError
from headshot.language import tr, tr_count
from headshot.ui.components.compare.compare import compare_busy, compare_idle
from headshot.ui.components.events import EVERY, streaming
from headshot.ui.make.parts import MakePage, Parts
from headshot.ui.make.session import MakeSession

_WORKING = "Working on it"
_NONE = "No spot is suggested here. Click one yourself, on your skin or on your clothes."
_SETTINGS = {"yes": "cutout.keep", "no": "cutout.drop", "heal": "retouch.heal"}


def _suggested(count: int) -> str:
    if not count:
        return tr(_NONE)
    return tr_count(
        "{count} spot is ringed: a click heals it. Brown moles and freckles never are; a red mole can look like a "
        "pimple: leave what stays.",
        "{count} spots are ringed: a click heals one. Brown moles and freckles never are; a red mole can look like a "
        "pimple: leave what stays.",
        count,
    )


def connect(parts: Parts, page: MakePage) -> None:
    """Wire the picture's clicks to the studio."""

    @streaming
    def mended(session: MakeSession | None, agreed: bool, event: gr.EventData) -> Iterator[Any]:
        if session is None:
            yield page.gone()
            return
        if reason := page.refused(session, agreed):
            yield {parts.view: compare_idle(reason)}
            return
        says = event._data["says"]
        if says == "suggest":
            spots = session.suggested()
            yield {parts.view: compare_idle(_suggested(len(spots))) | {"spots": spots}}
            return
        yield {parts.view: compare_busy(_WORKING)}
        try:
            made = session.mend(float(event._data["x"]), float(event._data["y"]), _SETTINGS[says])
            if session.last is not made:
                yield gr.skip()
                return
            shown = page.show(session, made)
            spots = session.suggested() if says == "heal" else []
            yield shown | {parts.view: shown[parts.view] | {"spots": spots}}
        except UserError as fault:
            yield {parts.view: compare_idle(str(fault))}

    page.measure(parts.view.mended(mended, [parts.session, parts.consent], page.shown, **EVERY))
