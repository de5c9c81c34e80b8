"""The drawer "Retouch": what is retouched and moved, by purpose, and beside what moves how far one stays oneself."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import gradio as gr
from gradio.events import Dependency

from headshot.direction.labels import typeset
from headshot.direction.settings import SETTINGS
from headshot.language import figure, tr
from headshot.studio.feature_bands import Band
from headshot.ui.components.events import NEWEST, QUIET, Answer
from headshot.ui.components.html import BARE
from headshot.ui.make.controls import KEYS, MOVES
from headshot.ui.make.parts import Parts, RetouchParts
from headshot.ui.make.session import MakeSession

_WHAT = "Temporary things may go. Features move only as far as you say, and what the report would say is shown beside."
_OWN, _NOTICED, _OTHER = "within your own range", "others would notice", "no longer you"


def retouch_drawer() -> RetouchParts:
    """Lay the drawer out, closed, in the open container; its groups follow inside `drawer`."""
    with gr.Accordion("Retouch", open=False, elem_id="retouch") as drawer:
        gr.HTML(f'<p class="hs-quiet">{escape(_WHAT)}</p>', **BARE)
    return RetouchParts(drawer, gr.State(False), {})


def band_below(parts: Parts, key: str) -> None:
    """Lay out the place of a slider's band, in the open container."""
    if key in MOVES:
        parts.retouch.bands[key] = gr.HTML("", elem_id="band-" + key.replace(".", "-"), **BARE)


def band_html(key: str, band: Band) -> str:
    """A slider's whole way, coloured as the report's verdict is there, and the same in words."""
    setting = SETTINGS[key]

    def share(value: float) -> str:
        return f"{100 * (value - setting.low) / (setting.high - setting.low):.1f}%"

    stops = [
        ("red", "0%", share(band.noticed[0])),
        ("amber", share(band.noticed[0]), share(band.own[0])),
        ("green", share(band.own[0]), share(band.own[1])),
        ("amber", share(band.own[1]), share(band.noticed[1])),
        ("red", share(band.noticed[1]), "100%"),
    ]
    colours = ", ".join(f"var(--hs-{colour}) {start} {end}" for colour, start, end in stops)
    return (
        f'<div class="hs-band" style="background:linear-gradient(to right, {colours})" aria-hidden="true"></div>'
        f'<p class="hs-quiet hs-band-words">{escape(band_words(key, band))}</p>'
    )


def band_words(key: str, band: Band) -> str:
    """Say where a slider's bands end."""
    setting = SETTINGS[key]
    own, noticed = (_span(setting.low, ends) for ends in (band.own, band.noticed))
    parts = [f"{tr(_OWN)}: {own}" + (f" ({tr('as in your other photos')})" if band.by_photos else "")]
    if band.noticed != band.own:
        parts.append(f"{tr(_NOTICED)}: {noticed}")
    if band.noticed != (setting.low, setting.high):
        parts.append(f"{tr(_OTHER)}: {tr('beyond')}")
    return "; ".join(parts)


def _span(low: float, ends: tuple[float, float]) -> str:
    start, end = (typeset(figure(f"{value:+.2g}")) if value else "0" for value in ends)
    return tr("up to {end}", end=end.removeprefix("+")) if low == 0 else tr("{start} to {end}", start=start, end=end)


def connect(parts: Parts, photo_events: Sequence[Dependency]) -> None:
    """Wire the drawer. `photo_events`: after which another person may be there."""
    own = parts.retouch
    outputs: list[gr.Component] = [*own.bands.values()]

    def show(session: MakeSession | None, opened: bool) -> Answer:
        """The bands on this photo, once the drawer is open; empty before, since they are another person's."""
        found = session.bands() if session is not None and opened else {}
        return {part: band_html(key, found[key]) if key in found else "" for key, part in own.bands.items()}

    own.drawer.expand(lambda: True, None, own.opened, **QUIET).then(
        show, [parts.session, own.opened], outputs, **NEWEST
    )
    own.drawer.collapse(lambda: False, None, own.opened, **QUIET)
    for event in photo_events:
        event.success(show, [parts.session, own.opened], outputs, **NEWEST)


def at_rest(parts: Parts) -> dict[Any, Any]:
    """The answer that moves every feature back: another photo may be of somebody else."""
    return {parts.controls[KEYS.index(key)]: 0.0 for key in MOVES}
