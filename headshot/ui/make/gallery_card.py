"""The gallery on the page: the looks on the visitor's own face, and what the choice of one does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr

from headshot.direction.direct import direct
from headshot.types import Direction
from headshot.ui.components.answers import QUIET, in_parts
from headshot.ui.components.gallery.gallery import gallery_looks
from headshot.ui.loaded_looks import Yours, base_of
from headshot.ui.make import look_previews as previews
from headshot.ui.make import setup
from headshot.ui.make.controls import KEYS, values_of
from headshot.ui.make.session import Desk

if TYPE_CHECKING:
    from headshot.ui.parts import Parts


def connect(
    page: gr.Blocks,
    p: Parts,
    looks: Sequence[Direction],
    arrived: Sequence[Any],
    *,
    live: tuple[Any, Any, Any],
    measured: tuple[Any, Any, Any],
) -> None:
    """Wire the gallery. `looks`: a Direction for each preset, in order; `arrived`: events after which another person
    is on the desk; `live`, `measured`: (handler, inputs, outputs) that make the picture and the report.
    """

    def update(now: Desk, yours: Yours, **more: Any) -> Any:
        return gr.update(looks=gallery_looks(looks, now.previews, yours.looks), **more)

    @in_parts
    def everyone(now: Desk | None, yours: Yours, tile: str) -> Iterator[Any]:
        if now is None:
            return
        for made in previews.thumbnails(now.sitting, base_of(tile), lambda: now.sought, lambda: _wanted(yours)):
            now.previews |= made
            yield update(now, yours)

    @in_parts
    def own(now: Desk | None, yours: Yours) -> Iterator[Any]:
        """The tile of a look that was just loaded: at once, and then with this person on it."""
        if now is None:
            return
        yield update(now, yours)
        if missing := {tile: look for tile, look in _wanted(yours).items() if tile not in now.previews}:
            made = {tile: previews.preview(now.sitting, look) for tile, look in missing.items()}
            now.previews = {**now.previews, **made}
            yield update(now, yours)

    def sought(now: Desk | None, event: gr.EventData) -> None:
        names = event._data.get("names") if isinstance(event._data, dict) else None
        if now is not None and isinstance(names, list):
            now.sought = tuple(str(name)[:80] for name in names[: len(looks)])

    def choose(now: Desk | None, yours: Yours, tile: str, engine: str) -> Any:
        direction = yours.direction(tile)
        if direction is None:
            plain = direct(base_of(tile), engine=setup.numbers_for(engine))
            return dict(zip(p.controls, values_of(plain), strict=True))
        if now is not None:
            now.hold(direction)
        return settings_of(p, direction)

    newest: dict[str, Any] = {"trigger_mode": "always_last", **QUIET}
    for event in arrived:
        event.success(everyone, [p.desk, p.yours, p.look], p.look, concurrency_id="thumbs", **newest)
    p.look.sought(sought, p.desk, None, **QUIET)
    chosen = p.look.input(choose, [p.desk, p.yours, p.look, p.engine], list(p.controls), **QUIET)
    chosen.success(*live, **newest).success(*measured, **newest)
    p.look_file.loaded.success(own, [p.desk, p.yours], p.look, **newest)
    page.load(lambda: gr.update(looks=gallery_looks(looks, previews.example_thumbnails())), None, p.look, **QUIET)


def settings_of(p: Parts, direction: Direction) -> dict[Any, Any]:
    """The answer that puts a loaded look into the controls; the seed belongs to the picture and stays."""
    known = zip(KEYS, p.controls, values_of(direction), strict=True)
    return {part: value for key, part, value in known if key != "seed"}


def _wanted(yours: Yours) -> dict[str, Direction]:
    return {own.tile: own.look.direction for own in yours.looks}
