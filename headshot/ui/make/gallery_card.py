"""The gallery on the page: the looks on the visitor's own face, and what the choice of one does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gradio as gr
from gradio.events import Dependency

from headshot.direction.direct import direct
from headshot.studio.look_choice import chosen_looks
from headshot.types import Direction
from headshot.ui.components.events import NEWEST, QUIET, Answer, streaming
from headshot.ui.components.gallery.gallery import gallery_looks, looks_coming
from headshot.ui.components.pace import Pace
from headshot.ui.loaded_looks import LoadedLooks, base_of
from headshot.ui.make import setup
from headshot.ui.make.controls import KEYS, MATTING, OF_THE_PHOTO, values_of
from headshot.ui.make.look_previews import preview, thumbnails
from headshot.ui.make.parts import MakePage, Parts
from headshot.ui.make.session import MakeSession


def connect(
    parts: Parts, page: MakePage, looks: Sequence[Direction], drawn: Sequence[Dependency]
) -> Callable[..., Answer]:
    """Wire the gallery to the studio. `looks`: a Direction for each preset, in order; `drawn`: the events of a new
    photo's first picture, after which its previews are made. Returns what the choice of a look answers.
    """

    def update(session: MakeSession, loaded_looks: LoadedLooks, **more: Any) -> Any:
        return gr.update(looks=gallery_looks(looks, session.previews.made, loaded_looks.looks), **more)

    @streaming
    def everyone(session: MakeSession | None, loaded_looks: LoadedLooks) -> Iterator[Any]:
        if session is None:
            return
        chosen, pace = chosen_looks(session.sitting), Pace()
        for made in thumbnails(
            session.sitting, chosen, lambda: session.previews.in_sight, lambda: _wanted(loaded_looks)
        ):
            session.previews.add(made)
            done, count = len(made), len(looks) + len(_wanted(loaded_looks))
            coming = looks_coming(done, count, pace.left(done, count))
            yield update(session, loaded_looks, chosen=chosen, coming=coming)

    @streaming
    def own(session: MakeSession | None, loaded_looks: LoadedLooks) -> Iterator[Any]:
        """The tile of a look that was just loaded: at once, and then with this person on it."""
        if session is None:
            return
        yield update(session, loaded_looks)
        if missing := {tile: look for tile, look in _wanted(loaded_looks).items() if tile not in session.previews.made}:
            session.previews.add({tile: preview(session.sitting, look) for tile, look in missing.items()})
            yield update(session, loaded_looks)

    def sought(session: MakeSession | None, event: gr.EventData) -> None:
        names = event._data.get("names") if isinstance(event._data, dict) else None
        if session is not None and isinstance(names, list):
            session.previews.look_at(names[: len(looks)])

    def choose(session: MakeSession | None, loaded_looks: LoadedLooks, tile: str, engine: str) -> Any:
        direction = loaded_looks.direction(tile)
        if direction is None:
            plain = direct(base_of(tile), engine=setup.numbers_for(engine))
            made = zip(KEYS, parts.controls, values_of(plain), strict=True)
            return {part: value for key, part, value in made if key != MATTING}
        if session is not None:
            session.hold(direction)
        return settings_of(parts, direction)

    for event in drawn:
        event.success(everyone, [parts.session, parts.loaded_looks], parts.look, concurrency_id="thumbs", **NEWEST)
    parts.look.sought(sought, parts.session, None, trigger_mode="multiple", **QUIET)  # a chip right after another
    chosen = parts.look.input(
        choose, [parts.session, parts.loaded_looks, parts.look, parts.engine], list(parts.controls), **QUIET
    )
    page.redraw(chosen)
    parts.look_file.loaded.success(own, [parts.session, parts.loaded_looks], parts.look, **NEWEST)
    return choose


def settings_of(parts: Parts, direction: Direction) -> Answer:
    """The answer that puts a loaded look into the controls; what belongs to the photo stays."""
    known = zip(KEYS, parts.controls, values_of(direction), strict=True)
    return {part: value for key, part, value in known if key not in OF_THE_PHOTO}


def _wanted(loaded_looks: LoadedLooks) -> dict[str, Direction]:
    return {own.tile: own.look.direction for own in loaded_looks.looks}
