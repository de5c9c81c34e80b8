"""What happens on the page: each event calls the desk, and its answer goes to the components."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr

from headshot import files
from headshot.direction.engine_table import is_own
from headshot.direction.ladder import OWN_TOP
from headshot.direction.settings import MAX_SEED
from headshot.errors import UserError
from headshot.types import Direction, Preview
from headshot.ui.components.compare.compare import compare_busy, compare_idle
from headshot.ui.components.download.download import download_value
from headshot.ui.components.events import QUIET, streaming
from headshot.ui.components.html import engine_html, note_html, ticks_html
from headshot.ui.make import (
    disabled_controls,
    further_photos,
    gallery_card,
    history_panel,
    locks_panel,
    look_file_panel,
    photo_card,
    pose_panel,
    report_card,
    setup,
    setup_panel,
    words_panel,
)
from headshot.ui.make.controls import KEYS
from headshot.ui.make.downloads import render_file
from headshot.ui.make.engine_panel import cost
from headshot.ui.make.form import direction_of, fields, numbers
from headshot.ui.make.photo_card import CUTTING, over
from headshot.ui.make.result_card import HIDDEN, VISIBLE, held_back, picture, preview, stopped
from headshot.ui.make.session import MakeSession, need
from headshot.ui.make.words_panel import painter_at

if TYPE_CHECKING:
    from headshot.ui.parts import Parts

CONSENT = "This is me, or I may use this photo."
REPORT_EMPTY = (
    '<p class="hs-quiet">As soon as there is a headshot, it is measured here against your photo: '
    "likeness, skin, shape, texture. In words, with the figures behind them.</p>"
)


def wire(page: gr.Blocks, parts: Parts, looks: Sequence[Direction], *, ask_consent: bool) -> dict[str, Any]:
    """Connect the page's components; return what the tab Compare needs to join in.

    `looks`: a Direction for each preset, in the gallery's order.
    """
    settings = fields(parts)
    shown = [
        parts.session,
        parts.view,
        parts.save,
        parts.badge,
        parts.avatars,
        parts.make,
        parts.stop,
        parts.candidate,
        *parts.history.outputs,
    ]

    def refused(session: MakeSession | None, agreed: bool) -> str:
        if session is None:
            return " "
        return f"Tick “{CONSENT}” first." if ask_consent and not agreed else ""

    @streaming
    def live(session: MakeSession | None, agreed: bool, engine: str, *values: Any) -> Iterator[Any]:
        """Own pixels at once; where a generator paints, say so and offer the button. What was being painted is over."""
        over(session)
        if reason := refused(session, agreed):
            yield (
                {parts.view: compare_idle(reason), parts.stop: HIDDEN} if session is not None else {parts.session: None}
            )
            return
        assert session is not None
        if values[1] > OWN_TOP and (missing := setup.why_not(engine)):
            yield {parts.session: session, parts.view: compare_idle(missing), parts.make: HIDDEN, parts.stop: HIDDEN}
            return
        if not is_own(painter := painter_at(values[1], engine)):
            yield {
                parts.session: session,
                parts.view: compare_idle("Ready to be painted."),
                parts.make: VISIBLE,
                parts.stop: HIDDEN,
                parts.badge: engine_html(cost(painter, direction_of(session, *values, engine=painter))),
            }
            return
        if "cutout" not in vars(session.sitting):
            yield {parts.session: session, parts.view: compare_busy(CUTTING)}
        try:
            made = session.draw(direction_of(session, *values), drag=True)
            # Else a newer picture, or another photo, came meanwhile.
            yield picture(parts, session, made) if session.last is made else gr.skip()
        except UserError as fault:
            yield {parts.view: compare_idle(str(fault)), parts.stop: HIDDEN}

    @streaming
    def painted(session: MakeSession | None, agreed: bool, engine: str, *values: Any) -> Iterator[Any]:
        """A generator's previews and pictures."""
        if values[1] <= OWN_TOP:  # Enter in the words, on a rung where nothing is painted
            return
        painter = setup.generator_for(engine)
        if (reason := refused(session, agreed)) or painter is None:
            yield {parts.view: compare_idle(reason or setup.why_not(engine) or "No generator is set up here.")}
            return
        assert session is not None
        yield {
            parts.session: session,
            parts.view: compare_busy("Getting ready"),
            parts.make: HIDDEN,
            parts.stop: VISIBLE,
        }
        direction, turn, more = direction_of(session, *values, engine=painter), 0, False
        try:
            for item in session.paint(direction, painter):
                turn, number = turn or session.turn, len(session.candidates) - 1
                if isinstance(item, Preview):
                    yield preview(parts, session, item)
                    continue
                more = number + 1 < direction.generate.candidates
                yield picture(parts, session, item, number) | (
                    {parts.make: HIDDEN, parts.stop: VISIBLE} if more else {}
                )
            if session.turn != turn:  # overtaken, or stopped
                yield gr.skip()
            elif more:  # fewer came than were asked for
                yield stopped(parts, session)
        except UserError as fault:
            over_ = turn and session.turn != turn
            yield (
                gr.skip() if over_ else {parts.view: compare_idle(str(fault)), parts.make: VISIBLE, parts.stop: HIDDEN}
            )

    def halt(session: MakeSession | None) -> Any:
        """The generator ends before its next step; the pictures that are done stay."""
        if session is None:
            return {parts.session: None}
        session.begin()
        return stopped(parts, session)

    def new_seed(again: bool, seed: int) -> int:
        return secrets.randbelow(MAX_SEED) if again else seed

    def add_further(session: MakeSession | None, paths: list[str] | None) -> str:
        try:
            return note_html(further_photos.add_further(need(session), paths or []))
        except UserError as fault:
            return note_html(str(fault))

    def pick(session: MakeSession | None, number: int | None) -> Any:
        if session is None or number is None or number >= len(session.candidates):
            return {parts.session: session}
        return picture(parts, session, session.choose(number), number)

    def make_file(session: MakeSession | None, wanted: str, *values: Any) -> Any:
        try:
            name, mime, data = render_file(need(session), direction_of(session, *values), wanted)
        except UserError as fault:
            raise gr.Error(str(fault), print_exception=False) from None
        marks = ticks_html(files.ticks(files.read(data))) if mime.startswith("image/") else ""
        return {parts.saved: download_value(name, mime, data), parts.marks: marks}

    request = [parts.session, parts.consent, parts.engine, *settings]
    evidence = report_card.connect(parts, picture=picture, held_back=held_back, shown=shown)
    measure, judged, results = evidence
    newest: dict[str, Any] = {"trigger_mode": "always_last", **QUIET}
    arrived, changed = [], photo_card.connect(page, parts)
    for arrival in changed[1:]:
        # "always_last": by default Gradio drops a photo that arrives while the one before is still being cut out.
        first = arrival.success(live, request, shown, **newest)
        first.success(measure, judged, results, **newest)
        arrived.append(first)
    parts.engine.input(*numbers(parts), **QUIET)
    disabled_controls.connect(parts)
    moved = [parts.change.input, parts.consent.input, parts.engine.input, *(c.input for c in parts.controls)]
    gr.on(moved, live, request, shown, concurrency_limit=2, **newest).success(measure, judged, results, **newest)
    seed = parts.controls[KEYS.index("seed")]
    started = gr.on([parts.make.click, parts.words.submit], new_seed, [parts.randomize, seed], seed, **QUIET)
    started.success(painted, request, shown, trigger_mode="multiple", concurrency_limit=2, **QUIET).success(
        measure, judged, results, **newest
    )
    parts.stop.click(halt, parts.session, shown, **QUIET).success(measure, judged, results, **newest)
    parts.further.upload(add_further, [parts.session, parts.further], parts.further_note, **QUIET)
    parts.candidate.input(pick, [parts.session, parts.candidate], shown, **QUIET).success(
        measure, judged, results, **newest
    )
    parts.save.click(
        make_file,
        [parts.session, parts.kind, *settings],
        [parts.saved, parts.marks],
        show_progress="full",
        show_progress_on=parts.save,
        api_visibility="private",
    )
    setup_panel.connect(parts.setup, parts, may_download=not ask_consent)
    drawn: Any = (live, request, shown)
    report: Any = evidence
    words_panel.connect(parts, live=drawn, measured=report)
    locks_panel.connect(parts, live=drawn, measured=report)
    pose_panel.connect(parts, live=drawn, measured=report, first=f"Tick “{CONSENT}” first." if ask_consent else "")
    common: dict[str, Any] = {
        "picture": lambda session, made: picture(parts, session, made),
        "measured": report,
        "shown": shown,
        "changed": changed,
    }
    look_file_panel.connect(parts.look_file, parts, live=drawn, measured=report)
    gallery_card.connect(page, parts, looks, arrived, live=drawn, measured=report)
    history_panel.connect(parts.history, parts, preview=lambda session, item: preview(parts, session, item), **common)
    return {"refused": refused, **common}
