"""What happens in the studio: each event calls the session, and its answer goes to the components."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import gradio as gr

from headshot import files
from headshot.direction.engine_table import is_own
from headshot.direction.ladder import OWN_TOP
from headshot.errors import UserError
from headshot.language import tr
from headshot.types import Direction
from headshot.ui.components.compare.compare import compare_busy, compare_idle
from headshot.ui.components.consent import FIRST, given
from headshot.ui.components.download.download import download_value
from headshot.ui.components.events import NEWEST, QUIET, streaming
from headshot.ui.components.html import engine_html, note_html, ticks_html
from headshot.ui.components.uploads import Upload
from headshot.ui.make import (
    backdrop_shade,
    disabled_controls,
    example_panel,
    face_panel,
    further_photos,
    gallery_card,
    link_panel,
    locks_panel,
    look_file_panel,
    mend_panel,
    painting,
    photo_card,
    pose_panel,
    report_card,
    retouch_panel,
    setup,
    setup_panel,
    tray_panel,
    words_panel,
)
from headshot.ui.make.downloads import render_file
from headshot.ui.make.engine_panel import cost
from headshot.ui.make.form import direction_of, form, numbers
from headshot.ui.make.parts import MakePage, Parts
from headshot.ui.make.photo_card import CUTTING, cancel
from headshot.ui.make.result_card import HIDDEN, VISIBLE, gone, outputs, picture, preview
from headshot.ui.make.session import MakeSession, need
from headshot.ui.make.words_panel import painter_at


def wire(blocks: gr.Blocks, parts: Parts, looks: Sequence[Direction], *, ask_consent: bool) -> MakePage:
    """Connect the components of the studio; returns what it offers to the other tabs.

    `looks`: a Direction for each preset, in the gallery's order.
    """
    settings = form(parts)
    shown = outputs(parts)

    def refused(session: MakeSession | None, agreed: bool) -> str:
        if session is None:
            return tr("There is no photo here.")
        return "" if given(agreed, asked=ask_consent) else FIRST

    @streaming
    def live(session: MakeSession | None, agreed: bool, engine: str, *values: Any) -> Iterator[Any]:
        """Make own pixels at once; for a generator offer the button, and ask for a draft. Cancels what was being
        painted.
        """
        cancel(session)
        if session is None:
            yield gone(parts)
            return
        if reason := refused(session, agreed):
            yield {parts.view: compare_idle(reason), parts.stop: HIDDEN}
            return
        if values[1] > OWN_TOP and (missing := setup.why_not(engine)):
            yield {parts.session: session, parts.view: compare_idle(missing), parts.make: HIDDEN, parts.stop: HIDDEN}
            return
        if not is_own(painter := painter_at(values[1], engine)):
            session.wanted = direction_of(session, *values, engine=painter), painter
            yield {
                parts.session: session,
                parts.view: compare_idle(tr("Ready to be painted."), older=session.older),
                parts.make: VISIBLE,
                parts.stop: HIDDEN,
                parts.badge: engine_html(cost(painter, session.wanted[0])),
                parts.wanted: session.turn,
            }
            return
        if session.sitting.cut_by is None:
            yield {parts.session: session, parts.view: compare_busy(CUTTING)}
        try:
            made = session.draw(direction_of(session, *values), drag=True)
            # Else a newer picture, or another photo, came meanwhile.
            yield picture(parts, session, made) if session.last is made else gr.skip()
        except UserError as fault:
            yield {parts.view: compare_idle(str(fault)), parts.stop: HIDDEN}

    @streaming
    def first_picture(session: MakeSession | None, *given: Any) -> Iterator[Any]:
        """As `live`, of a photo that just came: one that was refused leaves the reason standing."""
        if session is not None:
            yield from live(session, *given)

    def add_further(session: MakeSession | None, files: list[Upload] | None) -> str:
        try:
            return note_html(further_photos.add_further(need(session), files or []))
        except UserError as fault:
            return note_html(str(fault))

    def pick(session: MakeSession | None, number: int | None) -> Any:
        if session is None or number is None or number >= len(session.candidates):
            return {parts.session: session}
        return picture(parts, session, session.choose(number), number)

    def make_file(session: MakeSession | None, wanted: str, label: bool, *values: Any) -> Any:
        try:
            name, mime, data = render_file(need(session), direction_of(session, *values), wanted, label=label)
        except UserError as fault:
            raise gr.Error(str(fault), print_exception=False) from None
        marks = ticks_html(files.ticks(files.read(data))) if mime.startswith("image/") else ""
        return {parts.saved: download_value(name, mime, data), parts.marks: marks}

    def forget(session: MakeSession | None) -> Any:
        """The time is over, by the page's own clock."""
        if session is not None:
            session.close()
        return gone(parts)

    parts.keys.keep(lambda session: None, parts.session, None, **QUIET)
    parts.keys.forgotten(forget, parts.session, shown, **QUIET)
    request = [parts.session, parts.consent, parts.engine, *settings]
    photo_events = [*photo_card.connect(blocks, parts, ask_consent=ask_consent), *face_panel.connect(parts)]
    page = MakePage(
        live=(live, request, shown),
        report=report_card.connect(parts),
        show=partial(picture, parts),
        show_preview=partial(preview, parts),
        shown=shown,
        gone=partial(gone, parts),
        refused=refused,
        photo_events=photo_events,
    )
    # NEWEST: by default Gradio drops a photo that arrives while the one before is still being cut out.
    drawn = [event.success(first_picture, request, shown, **NEWEST) for event in photo_events[1:]]
    for event in drawn:
        page.measure(event)
    parts.engine.input(*numbers(parts), **QUIET)
    disabled_controls.connect(parts)
    example_panel.connect(parts)
    moved = [parts.change.input, parts.engine.input, *(c.input for c in parts.controls)]
    page.measure(gr.on(moved, *page.live, concurrency_limit=2, **NEWEST))
    painting.connect(parts, page, words_panel.connect(parts, page))
    parts.further.upload(add_further, [parts.session, parts.further], parts.further_note, **QUIET)
    page.measure(parts.candidate.input(pick, [parts.session, parts.candidate], shown, **QUIET))
    saving = {"show_progress": "full", "show_progress_on": parts.save, "api_visibility": "private"}
    wanted = [parts.session, parts.kind, parts.label, *settings]
    parts.save.click(make_file, wanted, [parts.saved, parts.marks], **saving)
    setup_panel.connect(parts.setup, parts, may_download=not ask_consent)
    locks_panel.connect(parts, page)
    pose_panel.connect(parts, page, first=FIRST if ask_consent else "")
    mend_panel.connect(parts, page)
    look_file_panel.connect(parts.look_file, parts, page)
    choose = gallery_card.connect(parts, page, looks, drawn)
    link_panel.connect(blocks, parts, choose)
    retouch_panel.connect(parts, drawn)
    tray_panel.connect(parts.history, parts, page)
    backdrop_shade.connect(parts, page)
    return page
