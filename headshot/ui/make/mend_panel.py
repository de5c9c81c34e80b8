"""A click on the picture: what belongs to the person, so that the cut-out is solved anew there, or a spot to heal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from headshot.errors import UserError
from headshot.ui.components.compare.compare import compare_busy, compare_idle
from headshot.ui.components.events import EVERY, streaming
from headshot.ui.make.parts import MakePage, Parts
from headshot.ui.make.session import MakeSession

_WORKING = "Working on it"
_SETTINGS = {"yes": "cutout.keep", "no": "cutout.drop", "heal": "retouch.heal"}


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
        yield {parts.view: compare_busy(_WORKING)}
        try:
            x, y, says = (event._data[key] for key in ("x", "y", "says"))
            made = session.mend(float(x), float(y), _SETTINGS[says])
            yield page.show(session, made) if session.last is made else gr.skip()
        except UserError as fault:
            yield {parts.view: compare_idle(str(fault))}

    page.measure(parts.view.mended(mended, [parts.session, parts.consent], page.shown, **EVERY))
