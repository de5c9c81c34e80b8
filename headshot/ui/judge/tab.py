"""The tab "Judge": a photo of yours beside a headshot from anywhere, and the evidence on the two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import Any

import gradio as gr

from headshot.authenticity.aligned_pair import AlignedPair
from headshot.authenticity.recognition.own_range import MAX_FURTHER
from headshot.errors import UserError
from headshot.files.data_url import data_url
from headshot.files.own_range_plot import own_range_html
from headshot.types import Check, State
from headshot.ui.components.avatars.avatars import avatars, avatars_value
from headshot.ui.components.compare.compare import compare, compare_busy, compare_idle, compare_value
from headshot.ui.components.download.download import download_value
from headshot.ui.components.events import QUIET, streaming
from headshot.ui.components.html import BARE, step_html
from headshot.ui.components.photo_field.photo_field import photo_input
from headshot.ui.judge.line_up import LineUpParts, line_up
from headshot.ui.judge.line_up import connect as connect_line_up
from headshot.ui.judge.session import DOWNLOADS, JudgeSession, JudgeSessions, Side, small
from headshot.ui.report.card import ReportCard, asked, by_eye_box, cleared, report_card, seen_again, shown
from headshot.ui.report.html import checks_html
from headshot.ui.session_state import session_state

_EMPTY = (
    '<p class="hs-quiet">As soon as both pictures are here, they are measured against each other. The picture may come '
    "from any app or service, and may be another photo or your own one repainted: the report finds out which.</p>"
)
_MORE = (
    '<p class="hs-quiet">With two or more, the picture is placed among the differences that your own photos have. '
    f"Up to {MAX_FURTHER}; like all photos here they stay in memory.</p>"
)


class JudgeParts:
    """The tab's components by name."""

    session: gr.State
    original: gr.Image
    other: gr.Image
    says: gr.HTML
    more: gr.UploadButton
    more_list: gr.HTML
    more_clear: gr.Button
    view: gr.HTML
    card: ReportCard
    kind: gr.Dropdown
    save: gr.Button
    avatars: gr.HTML
    line_up: LineUpParts


def judge_tab(saved: Any) -> JudgeParts:
    """Lay out and connect the tab in the open container. `saved`: the page's `download`. Returns its components."""
    parts = JudgeParts()
    parts.session = session_state()
    with gr.Row(elem_classes=["hs-page", "hs-flow", "hs-tab"]):
        with gr.Column(scale=5, min_width=320, elem_classes=["hs-left"]):
            with gr.Column(elem_classes=["hs-card", "hs-o1"]):
                gr.HTML(step_html(1, "Your photo"), **BARE)
                parts.original = _field("Your photo", "Drop a photo of yourself here", "j-original")
            with gr.Column(elem_classes=["hs-card", "hs-o2"]):
                gr.HTML(step_html(2, "The picture to judge"), **BARE)
                parts.other = _field("The picture to judge", "Drop the headshot here, wherever it was made", "j-other")
                by_eye = by_eye_box("j-")
                parts.says = gr.HTML("", elem_id="j-says", **BARE)
            with gr.Column(elem_classes=["hs-card", "hs-o3"]):
                gr.HTML(step_html(3, "More photos of you", "optional"), **BARE)
                parts.more_list = gr.HTML(_MORE, elem_id="j-more-list", **BARE)
                with gr.Row():
                    parts.more = gr.UploadButton(
                        "Add photos",
                        file_count="multiple",
                        file_types=["image"],
                        elem_id="j-more",
                        size="sm",
                        min_width=120,
                    )
                    parts.more_clear = gr.Button(
                        "Remove them", elem_id="j-more-clear", size="sm", min_width=120, visible=False
                    )
        with gr.Column(scale=8, min_width=320, elem_classes=["hs-right"]):
            with gr.Column(elem_classes=["hs-card", "hs-o4", "hs-seen"]):
                parts.view = compare(
                    None, "Add both pictures, and they appear here, eyes on eyes.", elem_id="j-compare"
                )
            with gr.Column(elem_classes=["hs-card", "hs-o5", "hs-seen"]):
                gr.HTML(step_html(4, "Is it still you?", "authenticity report"), **BARE)
                parts.card = report_card("j-", _EMPTY, by_eye)
                with gr.Row(elem_classes=["hs-actions", "hs-seen"], equal_height=True):
                    parts.kind = gr.Dropdown(
                        list(DOWNLOADS),
                        value="report.html",
                        show_label=False,
                        scale=3,
                        label="What to download",
                        elem_id="j-kind",
                        min_width=180,
                    )
                    parts.save = gr.Button("Download", elem_id="j-save", interactive=False, scale=2, min_width=130)
            with gr.Column(elem_classes=["hs-card", "hs-o6", "hs-seen"]):
                gr.HTML(step_html(5, "As a profile picture"), **BARE)
                parts.avatars = avatars(None, elem_id="j-circles")
            with gr.Column(elem_classes=["hs-card", "hs-o7", "hs-seen"]):
                parts.line_up = line_up()
    _wire(parts, saved)
    return parts


def _field(label: str, words: str, name: str) -> Any:
    return photo_input(
        sources=["upload", "clipboard"],
        show_label=False,
        label=label,
        elem_id=name,
        height=180,
        buttons=[],
        elem_classes=["hs-drop"],
        placeholder=f"{words}\n- or -\nClick to choose one",
    )


def _wire(parts: JudgeParts, saved: gr.HTML) -> None:
    sessions = JudgeSessions()
    results = [
        parts.session,
        parts.says,
        parts.view,
        parts.save,
        parts.avatars,
        *parts.card.outputs,
        *parts.line_up.outputs,
    ]

    @streaming
    def judged(session: JudgeSession | None, by_eye: bool, opened: bool) -> Iterator[Any]:
        """Both pictures aligned first, then the questions or the report."""
        if session is None or not session.complete:
            yield {
                parts.session: session,
                parts.view: None,
                parts.avatars: None,
                parts.save: gr.update(interactive=False),
                **cleared(parts.card),
                **parts.line_up.cleared(),
            }
            return
        if session.on_card == (
            by_eye,
            session.pair,
        ):  # two photos that came at once ask twice: the answer would be the same
            yield gr.skip()
            return
        yield {parts.session: session, parts.view: compare_busy("Finding you in both"), **parts.line_up.cleared()}
        try:
            match, pair = session.bring_together()
            yield {
                parts.says: "".join(f'<p class="hs-quiet">{escape(note)}</p>' for note in match.notes),
                **({} if by_eye and not session.blind_test.answered else _views(parts, pair)),
            }
            yield from _report(parts, session, by_eye, opened)
        except UserError as fault:
            yield {parts.view: compare_idle(str(fault)), parts.says: _fault(fault), **cleared(parts.card)}

    def put(side: Side) -> Callable[..., Any]:
        field = parts.original if side == "original" else parts.other

        def receive(session: JudgeSession | None, path: str | None, request: gr.Request) -> Any:
            session = session or sessions.of(request.session_hash)
            try:
                session.put(side, path)
            except UserError as fault:
                return {parts.session: session, field: None, parts.says: _fault(fault)}
            photo = session.original if side == "original" else session.other
            return {parts.session: session, parts.says: "", field: None if photo is None else photo.pixels}

        return receive

    def add(session: JudgeSession | None, paths: list[str] | None, request: gr.Request) -> Any:
        session = session or sessions.of(request.session_hash)
        said = ""
        try:
            session.add_further(paths or [])
        except UserError as fault:
            said = _fault(fault)
        return {
            parts.session: session,
            parts.more_list: said + _further(session),
            parts.more_clear: gr.update(visible=bool(session.further)),
        }

    def clear(session: JudgeSession | None) -> Any:
        if session is not None:
            session.forget_further()
        return {parts.session: session, parts.more_list: _MORE, parts.more_clear: gr.update(visible=False)}

    @streaming
    def answered(session: JudgeSession | None, use: str | None, camera: str | None) -> Iterator[Any]:
        if session is None or not session.complete:
            yield cleared(parts.card)
            return
        session.blind_test.answer(use, camera)
        try:
            _, pair = session.bring_together()
            for answer in _report(parts, session, True, False):
                yield {**_views(parts, pair), **answer}
        except UserError as fault:
            yield {**cleared(parts.card), parts.says: _fault(fault)}

    def save(session: JudgeSession | None, kind: str) -> Any:
        try:
            if session is None:
                raise UserError("There is no report yet.", "Add both pictures first.")
            return download_value(*session.render_file(kind))
        except UserError as fault:
            raise gr.Error(str(fault), print_exception=False) from None

    newest: dict[str, Any] = {"trigger_mode": "always_last", **QUIET}
    every: dict[str, Any] = {"trigger_mode": "multiple", **QUIET}
    more = [parts.session, parts.more_list, parts.more_clear]
    asks = [parts.session, parts.card.by_eye, parts.card.opened]
    for arrival in (
        # Gradio empties a filled field before what is dropped on it arrives: both are heard, in order.
        parts.original.input(
            put("original"), [parts.session, parts.original], [parts.session, parts.original, parts.says], **every
        ),
        parts.other.input(
            put("other"), [parts.session, parts.other], [parts.session, parts.other, parts.says], **every
        ),
        parts.more.upload(add, [parts.session, parts.more], more, **QUIET),
        parts.more_clear.click(clear, parts.session, more, **QUIET),
    ):
        arrival.success(judged, asks, results, **newest)
    parts.card.by_eye.input(judged, asks, results, **newest)
    parts.card.go.click(answered, [parts.session, parts.card.use, parts.card.camera], results, **QUIET)
    parts.card.connect(lambda session: session.close_up() if session is not None else None, parts.session)
    parts.save.click(save, [parts.session, parts.kind], saved, **QUIET)
    connect_line_up(parts.line_up, parts.session)


def _report(parts: JudgeParts, session: JudgeSession, by_eye: bool, opened: bool) -> Iterator[dict[Any, Any]]:
    """The questions, or the report and what stands open below it. Raises UserError."""
    _, pair = session.bring_together()
    if by_eye and not session.blind_test.answered:
        session.on_card = (by_eye, pair)
        yield {
            **asked(parts.card, pair.original, pair.picture, session.blind_test.pair),
            parts.save: gr.update(interactive=False),
        }
        return
    report = session.measure()
    below = own_range_html(session.placed, another_photo=report.regime in ("another photo", "unsure"))
    answer = {
        **shown(parts.card, report, session.blind_test.sentence, below, opened=opened),
        parts.save: gr.update(interactive=True),
    }
    session.on_card = (by_eye, pair)
    yield answer
    if opened:
        yield {**answer, **seen_again(parts.card, session.close_up())}


def _views(parts: JudgeParts, pair: AlignedPair) -> dict[Any, Any]:
    """Both by name: compared, and as profile pictures."""
    return {
        parts.view: compare_value(pair.original, pair.picture, pair.eyes, pair.note),
        parts.avatars: avatars_value(pair.original, pair.picture, pair.eyes),
    }


def _fault(fault: UserError) -> str:
    return checks_html([Check("photo", State.RED, fault.message, fault.hint)])


def _further(session: JudgeSession) -> str:
    if not session.further:
        return _MORE
    pictures = "".join(
        f'<img src="{data_url(small(photo), 85)}" alt="Further photo {i}" draggable="false">'
        for i, photo in enumerate(session.further, 1)
    )
    return f'<div class="hs-further">{pictures}</div>{_MORE}'
