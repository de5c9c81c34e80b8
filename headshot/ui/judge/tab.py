"""The tab "Check a picture": a photo of yours beside a headshot from anywhere, and the evidence on the two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from headshot.errors import UserError
from headshot.ui.components.compare.compare import compare
from headshot.ui.components.consent import consent_box
from headshot.ui.components.download.download import download_value
from headshot.ui.components.events import NEWEST, QUIET, UPLOADED
from headshot.ui.components.html import BARE
from headshot.ui.components.layout import download_row
from headshot.ui.components.photo_field.photo_field import small_photo_input
from headshot.ui.components.upload_field import UploadButton
from headshot.ui.components.uploads import Upload
from headshot.ui.components.verdict.verdict import verdict
from headshot.ui.judge import from_studio
from headshot.ui.judge.further_html import FURTHER, further_html
from headshot.ui.judge.judging import Judging
from headshot.ui.judge.line_up import connect as connect_line_up
from headshot.ui.judge.line_up import line_up
from headshot.ui.judge.session import DOWNLOADS, JudgeSession, Side
from headshot.ui.judge.sessions import JudgeSessions
from headshot.ui.judge.worth_card import worth_card
from headshot.ui.report.card import report_card
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
                self.stop = gr.Button("Stop", elem_id="j-stop", size="sm", visible=False)
                self.again = gr.Button("Check them", elem_id="j-again", size="sm", visible=False)
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
        card, line_up = self.card, self.line_up
        shown = (self.session, self.says, self.view, self.save, self.verdict, card, line_up, self.stop, self.again)
        judging = self.judging = Judging(*shown, ask_consent=ask_consent)
        judged, results = judging.judged, judging.outputs  # one handler: its calls stand in one queue

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
        self.again.click(judging.taken_up, asks, results, **NEWEST)
        halted = [self.says, self.view, self.verdict, self.stop, self.again]
        self.stop.click(judging.interrupt, self.session, halted, **QUIET)
        self.card.go.click(judging.answered, [self.session, self.card.use, self.card.camera], results, **QUIET)
        self.card.connect(lambda session: session.close_up() if session is not None else None, self.session)
        self.save.click(save, [self.session, self.kind], saved, **QUIET)
        connect_line_up(self.line_up, self.session)
