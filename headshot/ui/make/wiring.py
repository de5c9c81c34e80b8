"""What happens on the page: each event calls the desk, and its answer goes to the components."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr

from headshot import files as provenance
from headshot.direction.ladder import OWN_TOP
from headshot.direction.settings import MAX_SEED
from headshot.errors import UserError
from headshot.types import Direction, Preview
from headshot.ui.components.answers import QUIET, in_parts
from headshot.ui.components.compare.compare import compare_busy, compare_idle
from headshot.ui.components.download.download import download_value
from headshot.ui.components.html import engine_html, note_html, ticks_html
from headshot.ui.make import disabled_controls as heed
from headshot.ui.make import locks_panel as keep_panel
from headshot.ui.make import pose_panel, setup, setup_panel, words_panel
from headshot.ui.make import session as desks
from headshot.ui.make.controls import KEYS
from headshot.ui.make.downloads import render_file
from headshot.ui.make.engine_panel import cost
from headshot.ui.make.form import direction_of, fields, numbers
from headshot.ui.make.further_photos import add_further as take_further
from headshot.ui.make.gallery_card import connect as connect_gallery
from headshot.ui.make.history_panel import connect as connect_history
from headshot.ui.make.look_file_panel import connect as connect_look
from headshot.ui.make.photo_card import CUTTING, over
from headshot.ui.make.photo_card import connect as connect_arrivals
from headshot.ui.make.report_card import connect as connect_evidence
from headshot.ui.make.result_card import HIDDEN, VISIBLE, held_back, picture, preview, stopped
from headshot.ui.make.session import Desk, need

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
    p = parts
    settings = fields(p)
    shown = [p.desk, p.view, p.save, p.badge, p.door, p.make, p.stop, p.candidate, *p.history.outputs]

    def refused(now: Desk | None, agreed: bool) -> str:
        if now is None:
            return " "
        return f"Tick “{CONSENT}” first." if ask_consent and not agreed else ""

    @in_parts
    def live(now: Desk | None, agreed: bool, engine: str, *values: Any) -> Iterator[Any]:
        """Own pixels at once; where a generator paints, say so and offer the button. What was being painted is over."""
        over(now)
        if reason := refused(now, agreed):
            yield {p.view: compare_idle(reason), p.stop: HIDDEN} if now is not None else {p.desk: None}
            return
        assert now is not None
        if values[1] > OWN_TOP and (missing := setup.why_not(engine)):
            yield {p.desk: now, p.view: compare_idle(missing), p.make: HIDDEN, p.stop: HIDDEN}
            return
        if values[1] > OWN_TOP and (painter := setup.generator_for(engine)) is not None:
            yield {
                p.desk: now,
                p.view: compare_idle("Ready to be painted."),
                p.make: VISIBLE,
                p.stop: HIDDEN,
                p.badge: engine_html(cost(painter, direction_of(*values, engine=painter))),
            }
            return
        if "cutout" not in vars(now.sitting):
            yield {p.desk: now, p.view: compare_busy(CUTTING)}
        try:
            made = desks.draw(now, direction_of(*values), drag=True)
            # Else a newer picture, or another photo, came meanwhile.
            yield picture(p, now, made) if now.last is made else gr.skip()
        except UserError as fault:
            yield {p.view: compare_idle(str(fault)), p.stop: HIDDEN}

    @in_parts
    def painted(now: Desk | None, agreed: bool, engine: str, *values: Any) -> Iterator[Any]:
        """A generator's previews and pictures."""
        if values[1] <= OWN_TOP:  # Enter in the words, on a rung where nothing is painted
            return
        painter = setup.generator_for(engine)
        if (reason := refused(now, agreed)) or painter is None:
            yield {p.view: compare_idle(reason or setup.why_not(engine) or "No generator is set up here.")}
            return
        assert now is not None
        yield {p.desk: now, p.view: compare_busy("Getting ready"), p.make: HIDDEN, p.stop: VISIBLE}
        direction, turn, more = direction_of(*values, engine=painter), 0, False
        try:
            for item in desks.paint(now, direction, painter):
                turn, number = turn or now.turn, len(now.candidates) - 1
                if isinstance(item, Preview):
                    yield preview(p, now, item)
                    continue
                more = number + 1 < direction.generate.candidates
                yield picture(p, now, item, number) | ({p.make: HIDDEN, p.stop: VISIBLE} if more else {})
            if now.turn != turn:  # overtaken, or stopped
                yield gr.skip()
            elif more:  # fewer came than were asked for
                yield stopped(p, now)
        except UserError as fault:
            over_ = turn and now.turn != turn
            yield gr.skip() if over_ else {p.view: compare_idle(str(fault)), p.make: VISIBLE, p.stop: HIDDEN}

    def halt(now: Desk | None) -> Any:
        """The generator ends before its next step; the pictures that are done stay."""
        if now is None:
            return {p.desk: None}
        now.begin()
        return stopped(p, now)

    def new_seed(again: bool, seed: int) -> int:
        return secrets.randbelow(MAX_SEED) if again else seed

    def add_further(now: Desk | None, paths: list[str] | None) -> str:
        try:
            return note_html(take_further(need(now), paths or []))
        except UserError as fault:
            return note_html(str(fault))

    def pick(now: Desk | None, number: int | None) -> Any:
        if now is None or number is None or number >= len(now.candidates):
            return {p.desk: now}
        return picture(p, now, now.choose(number), number)

    def make_file(now: Desk | None, wanted: str, *values: Any) -> Any:
        try:
            name, mime, data = render_file(need(now), direction_of(*values), wanted)
        except UserError as fault:
            raise gr.Error(str(fault), print_exception=False) from None
        marks = ticks_html(provenance.ticks(provenance.read(data))) if mime.startswith("image/") else ""
        return {p.saved: download_value(name, mime, data), p.marks: marks}

    request = [p.desk, p.consent, p.engine, *settings]
    evidence = connect_evidence(p, picture=picture, held_back=held_back, shown=shown)
    measure, judged, results = evidence
    newest: dict[str, Any] = {"trigger_mode": "always_last", **QUIET}
    arrived, changed = [], connect_arrivals(page, p)
    for arrival in changed[1:]:
        # "always_last": by default Gradio drops a photo that arrives while the one before is still being cut out.
        first = arrival.success(live, request, shown, **newest)
        first.success(measure, judged, results, **newest)
        arrived.append(first)
    p.engine.input(*numbers(p), **QUIET)
    heed.connect(p)
    moved = [p.change.input, p.consent.input, p.engine.input, *(c.input for c in p.controls)]
    gr.on(moved, live, request, shown, concurrency_limit=2, **newest).success(measure, judged, results, **newest)
    seed = p.controls[KEYS.index("seed")]
    started = gr.on([p.make.click, p.words.submit], new_seed, [p.randomize, seed], seed, **QUIET)
    started.success(painted, request, shown, trigger_mode="multiple", concurrency_limit=2, **QUIET).success(
        measure, judged, results, **newest
    )
    p.stop.click(halt, p.desk, shown, **QUIET).success(measure, judged, results, **newest)
    p.further.upload(add_further, [p.desk, p.further], p.further_note, **QUIET)
    p.candidate.input(pick, [p.desk, p.candidate], shown, **QUIET).success(measure, judged, results, **newest)
    p.save.click(
        make_file,
        [p.desk, p.kind, *settings],
        [p.saved, p.marks],
        show_progress="full",
        show_progress_on=p.save,
        api_visibility="private",
    )
    setup_panel.connect(p.setup, p, may_download=not ask_consent)
    drawn: Any = (live, request, shown)
    report: Any = evidence
    words_panel.connect(p, live=drawn, measured=report)
    keep_panel.connect(p, live=drawn, measured=report)
    pose_panel.connect(p, live=drawn, measured=report, first=f"Tick “{CONSENT}” first." if ask_consent else "")
    common: dict[str, Any] = {
        "picture": lambda now, made: picture(p, now, made),
        "measured": report,
        "shown": shown,
        "changed": changed,
    }
    connect_look(p.look_file, p, live=drawn, measured=report)
    connect_gallery(page, p, looks, arrived, live=drawn, measured=report)
    connect_history(p.history, p, preview=lambda now, item: preview(p, now, item), **common)
    return {"refused": refused, **common}
