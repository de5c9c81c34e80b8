"""The tab "Check a picture": a photo of yours beside a headshot from anywhere, and the evidence on the two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import Any

import gradio as gr

from headshot.authenticity.aligned_pair import AlignedPair
from headshot.errors import UserError
from headshot.files.own_range_plot import own_range_html
from headshot.imaging.face_regions import face_regions
from headshot.language import tr
from headshot.ui.components.compare.compare import compare, compare_busy, compare_idle, compare_value
from headshot.ui.components.consent import consent_box, given
from headshot.ui.components.download.download import download_value
from headshot.ui.components.events import NEWEST, QUIET, UPLOADED, Answer, streaming
from headshot.ui.components.html import BARE
from headshot.ui.components.layout import download_row
from headshot.ui.components.photo_field.photo_field import small_photo_input
from headshot.ui.components.upload_field import UploadButton
from headshot.ui.components.uploads import Upload
from headshot.ui.components.verdict.verdict import verdict, verdict_busy, verdict_value
from headshot.ui.judge import from_studio
from headshot.ui.judge.further_html import FURTHER, further_html
from headshot.ui.judge.line_up import connect as connect_line_up
from headshot.ui.judge.line_up import line_up
from headshot.ui.judge.session import DOWNLOADS, JudgeSession, JudgeSessions, Side
from headshot.ui.judge.worth_card import worth_card
from headshot.ui.report.card import asked, cleared, report_card, seen_again, shown
from headshot.ui.report.html import fault_html
from headshot.ui.session_state import session_state

_EMPTY = (
    '<p class="hs-quiet">As soon as both pictures are here, they are measured against each other. The picture may come '
    "from any app or service, and may be another photo or your own one repainted: the report finds out which.</p>"
)


class JudgeTab:
    """The tab; each visitor has a JudgeSession."""

    def __init__(self, tab: gr.Tab, saved: gr.HTML, made: gr.State, *, ask_consent: bool = False) -> None:
        """Lay it out in the open container `tab` and wire it. `saved`: the page's `download`; `made`: the studio's
        session, whose photo is taken over; `ask_consent` as in `build`.
        """
        self.session = session_state()
        with gr.Column(elem_id="check", elem_classes=["hs-tab", "hs-judge"]):
            with gr.Column(elem_id="j-stage", elem_classes=["hs-stage", "hs-seen"]):
                self.view = compare(None, "Add both pictures, and they appear here, eyes on eyes.", elem_id="j-compare")
                self.verdict = verdict(elem_id="j-verdict")
            with gr.Column(elem_id="j-side", elem_classes=["hs-side"]):
                with gr.Row(elem_id="j-photos"):
                    with gr.Column(min_width=140, elem_classes=["hs-field"]):
                        gr.HTML("<p>Your photo</p>", **BARE)
                        self.original = small_photo_input("Your photo", "Drop it here", "j-original")
                    with gr.Column(min_width=140, elem_classes=["hs-field"]):
                        gr.HTML("<p>The picture to check</p>", **BARE)
                        self.other = small_photo_input("The picture to check", "Drop it here", "j-other")
                self.last = from_studio.last_headshot()
                self.consent = consent_box("j-consent", asked=ask_consent)
                self.says = gr.HTML("", elem_id="j-says", **BARE)
                self.card = report_card("j-", _EMPTY)
                with gr.Column(elem_id="j-results", elem_classes=["hs-seen"]):
                    self.kind, self.save = download_row(
                        DOWNLOADS, "report.html", "j-", label="Download the report", primary=False
                    )
                with gr.Accordion("More photos of you", open=False, elem_id="j-further", elem_classes=["hs-seen"]):
                    self.more_list = gr.HTML(FURTHER, elem_id="j-more-list", **BARE)
                    with gr.Row():
                        self.more = UploadButton(
                            "Add photos",
                            file_count="multiple",
                            file_types=["image"],
                            elem_id="j-more",
                            size="sm",
                            min_width=120,
                        )
                        self.more_clear = gr.Button(
                            "Remove them", elem_id="j-more-clear", size="sm", min_width=120, visible=False
                        )
                with gr.Accordion("Could friends tell?", open=False, elem_id="j-friend", elem_classes=["hs-seen"]):
                    self.line_up = line_up()
                with gr.Accordion("Is it worth it?", open=False, elem_id="j-worth", elem_classes=["hs-seen"]) as worth:
                    worth_card(worth, made, self.session)
        self._wire(tab, saved, made, ask_consent)

    def _wire(self, tab: gr.Tab, saved: gr.HTML, made: gr.State, ask_consent: bool) -> None:
        sessions = JudgeSessions(agreed=not ask_consent)
        results = [
            self.session,
            self.says,
            self.view,
            self.save,
            self.verdict,
            *self.card.outputs,
            *self.line_up.outputs,
        ]

        @streaming
        def judged(session: JudgeSession | None, agreed: bool, by_eye: bool, opened: bool) -> Iterator[Any]:
            """Both pictures aligned first, then the questions or the report."""
            if session is not None:
                session.agree(given(agreed, asked=ask_consent))
            if session is None or not session.complete:
                yield {
                    self.session: session,
                    self.view: None,
                    self.verdict: None,
                    self.save: gr.update(interactive=False),
                    **cleared(self.card),
                    **self.line_up.cleared(),
                }
                return
            if session.on_card == (by_eye, session.pair):  # two photos that came at once ask twice: the same answer
                yield gr.skip()
                return
            yield {
                self.session: session,
                self.view: compare_busy(tr("Finding you in both")),
                self.verdict: verdict_busy(),
                **self.line_up.cleared(),
            }
            try:
                match, pair = session.bring_together()
                yield {
                    self.says: "".join(f'<p class="hs-quiet">{escape(note)}</p>' for note in match.notes),
                    **({} if by_eye and not session.blind_test.answered else self._views(pair)),
                }
                yield from self._report(session, by_eye, opened)
            except UserError as fault:
                yield {
                    self.view: compare_idle(str(fault)),
                    self.verdict: None,
                    self.says: fault_html(fault),
                    **cleared(self.card),
                }

        def put(side: Side) -> Callable[..., Any]:
            field = self.original if side == "original" else self.other

            def receive(session: JudgeSession | None, file: Upload | None, request: gr.Request) -> Any:
                session = session or sessions.of(request.session_hash)
                try:
                    session.put(side, file)
                except UserError as fault:
                    return {self.session: session, field: None, self.says: fault_html(fault)}
                photo = session.original if side == "original" else session.other
                return {self.session: session, self.says: "", field: None if photo is None else photo.pixels}

            return receive

        def add(session: JudgeSession | None, files: list[Upload] | None, request: gr.Request) -> Any:
            session = session or sessions.of(request.session_hash)
            message = ""
            try:
                session.add_further(files or [])
            except UserError as fault:
                message = fault_html(fault)
            return {
                self.session: session,
                self.more_list: message + further_html(session.further),
                self.more_clear: gr.update(visible=bool(session.further)),
            }

        def clear(session: JudgeSession | None) -> Any:
            if session is not None:
                session.forget_further()
            return {self.session: session, self.more_list: further_html([]), self.more_clear: gr.update(visible=False)}

        @streaming
        def answered(session: JudgeSession | None, use: str | None, camera: str | None) -> Iterator[Any]:
            if session is None or not session.complete:
                yield cleared(self.card)
                return
            session.blind_test.answer(use, camera)
            try:
                _, pair = session.bring_together()
                for answer in self._report(session, True, False):
                    yield {**self._views(pair), **answer}
            except UserError as fault:
                yield {**cleared(self.card), self.says: fault_html(fault)}

        def save(session: JudgeSession | None, kind: str) -> Any:
            try:
                if session is None:
                    raise UserError("There is no report yet.", "Add both pictures first.")
                return download_value(*session.render_file(kind))
            except UserError as fault:
                raise gr.Error(str(fault), print_exception=False) from None

        every: dict[str, Any] = {"trigger_mode": "multiple", **UPLOADED}
        more = [self.session, self.more_list, self.more_clear]
        asks = [self.session, self.consent, self.card.by_eye, self.card.opened]
        for arrival in (
            # Gradio empties a filled field before what is dropped on it arrives: both are answered, in order.
            self.original.input(
                put("original"), [self.session, self.original], [self.session, self.original, self.says], **every
            ),
            self.other.input(put("other"), [self.session, self.other], [self.session, self.other, self.says], **every),
            self.more.upload(add, [self.session, self.more], more, **UPLOADED),
            self.more_clear.click(clear, self.session, more, **QUIET),
            from_studio.connect(tab, self.last, made, sessions, self.session, self.original, self.other, self.says),
        ):
            arrival.success(judged, asks, results, **NEWEST)
        for box in (self.card.by_eye, self.consent):
            box.input(judged, asks, results, **NEWEST)
        self.card.go.click(answered, [self.session, self.card.use, self.card.camera], results, **QUIET)
        self.card.connect(lambda session: session.close_up() if session is not None else None, self.session)
        self.save.click(save, [self.session, self.kind], saved, **QUIET)
        connect_line_up(self.line_up, self.session)

    def _report(self, session: JudgeSession, by_eye: bool, opened: bool) -> Iterator[Answer]:
        """The questions, or the report and the close-up if it is open. Raises UserError."""
        _, pair = session.bring_together()
        if by_eye and not session.blind_test.answered:
            session.on_card = (by_eye, pair)
            yield {
                **asked(self.card, pair.original, pair.picture, session.blind_test.pair),
                self.save: gr.update(interactive=False),
                self.verdict: None,
            }
            return
        report = session.measure()
        below = own_range_html(session.placed, another_photo=report.kind in ("another photo", "unsure"))
        answer = {
            **shown(self.card, report, session.blind_test.sentence, below, opened=opened),
            self.save: gr.update(interactive=True),
            self.verdict: verdict_value(report),
        }
        session.on_card = (by_eye, pair)
        yield answer
        if opened:
            yield {**answer, **seen_again(self.card, session.close_up())}

    def _views(self, pair: AlignedPair) -> Answer:
        """Both by name."""
        names = (tr("Your photo"), tr("The picture"))
        two, regions = (pair.original, pair.picture), face_regions(pair.original_landmarks)
        return {self.view: compare_value(*two, pair.eyes, pair.note, names=names, regions=regions)}
