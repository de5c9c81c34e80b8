"""Whose headshot it is, and which way is up: another face of the photo, or the photo turned, begins anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.events import Dependency

from headshot.ui.components.events import QUIET
from headshot.ui.loaded_looks import LoadedLooks
from headshot.ui.make.parts import Parts
from headshot.ui.make.photo_card import inputs, outputs, received, shown_photo
from headshot.ui.make.session import MakeSession


def connect(parts: Parts) -> list[Dependency]:
    """Wire the faces, a click on the photo and the turn. Returns the events after which there is a picture to draw."""

    def begin(session: MakeSession, again: Callable[[], MakeSession], by_eye: bool, own: LoadedLooks, look: str) -> Any:
        """As with another photo; where it fails, all that is there stays."""
        return received(parts, lambda: (again(), None), by_eye, own.direction(look), session)

    def click(
        session: MakeSession | None, _: bool, by_eye: bool, own: LoadedLooks, look: str, event: gr.SelectData
    ) -> Any:
        if session is None or len(session.sitting.subject.faces) < 2:
            return gr.skip()
        width = shown_photo(session.sitting).shape[1]
        x, y = (float(v) for v in event.index[:2])
        return begin(session, lambda: session.choose_face(x, y, width), by_eye, own, look)

    def choose(
        session: MakeSession | None, _: bool, by_eye: bool, own: LoadedLooks, look: str, event: gr.EventData
    ) -> Any:
        number = event._data.get("index") if isinstance(event._data, dict) else None
        if session is None or not isinstance(number, int):
            return gr.skip()
        return begin(session, lambda: session.choose_nth_face(number), by_eye, own, look)

    def turn(session: MakeSession | None, _: bool, by_eye: bool, own: LoadedLooks, look: str) -> Any:
        return gr.skip() if session is None else begin(session, session.turned, by_eye, own, look)

    asked, opened = inputs(parts), outputs(parts)
    return [
        parts.photo.select(click, asked, opened, **QUIET),
        parts.faces.choose(choose, asked, opened, **QUIET),
        parts.turn.click(turn, asked, opened, **QUIET),
    ]
