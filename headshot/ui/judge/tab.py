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
from headshot.ui.components.avatars.avatars import avatars, avatars_value
from headshot.ui.components.compare.compare import compare, compare_busy, compare_idle, compare_value
from headshot.ui.components.consent import consent_box, given
from headshot.ui.components.download.download import download_value
from headshot.ui.components.events import NEWEST, QUIET, UPLOADED, Answer, streaming
from headshot.ui.components.html import BARE
from headshot.ui.components.layout import card, download_row, left, right, two_columns
from headshot.ui.components.photo_field.photo_field import small_photo_input
from headshot.ui.components.upload_field import UploadButton
from headshot.ui.components.uploads import Upload
from headshot.ui.judge.line_up import connect as connect_line_up
from headshot.ui.judge.line_up import line_up
from headshot.ui.judge.session import DOWNLOADS, JudgeSession, JudgeSessions, Side, small
from headshot.ui.report.card import asked, by_eye_box, cleared, report_card, seen_again, shown
from headshot.ui.report.html import fault_html
from headshot.ui.session_state import session_state

_EMPTY = (
    '<p class="hs-quiet">As soon as both pictures are here, they are measured against each other. The picture may come '
    "from any app or service, and may be another photo or your own one repainted: the report finds out which.</p>"
)
_MORE = (
    '<p class="hs-quiet">With two or more, the picture is placed among the differences that your own photos have. '
    f"Up to {MAX_FURTHER}; like all photos here they stay in memory.</p>"
)


class JudgeTab:
    """The tab; each visitor has a JudgeSession."""

    def __init__(self, saved: gr.HTML, *, ask_consent: bool = False) -> None:
        """Lay it out in the open container and wire it. `saved`: the page's `download`; `ask_consent` as in `build`."""
        self.session = session_state()
        with two_columns():
            with left(5, 320):
                with card(1, 1, "Your photo"):
                    self.original = small_photo_input("Your photo", "Drop a photo of yourself here", "j-original")
                    self.consent = consent_box("j-consent", asked=ask_consent)
                with card(2, 2, "The picture to judge"):
                    words = "Drop the headshot here, wherever it was made"
                    self.other = small_photo_input("The picture to judge", words, "j-other")
                    by_eye = by_eye_box("j-")
                    self.says = gr.HTML("", elem_id="j-says", **BARE)
                with card(3, 3, "More photos of you", "optional"):
                    self.more_list = gr.HTML(_MORE, elem_id="j-more-list", **BARE)
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
            with right(8):
                with card(4, seen=True):
                    self.view = compare(
                        None, "Add both pictures, and they appear here, eyes on eyes.", elem_id="j-compare"
                    )
                with card(5, 4, "Is it still you?", "authenticity report", seen=True):
                    self.card = report_card("j-", _EMPTY, by_eye)
                    self.kind, self.save = download_row(DOWNLOADS, "report.html", "j-", primary=False, seen=True)
                with card(6, 5, "As a profile picture", seen=True):
                    self.avatars = avatars(None, elem_id="j-circles")
                with card(7, 6, "Could friends tell?", "line-up", seen=True):
                    self.line_up = line_up()
        self._wire(saved, ask_consent)

    def _wire(self, saved: gr.HTML, ask_consent: bool) -> None:
        sessions = JudgeSessions(agreed=not ask_consent)
        results = [
            self.session,
            self.says,
            self.view,
            self.save,
            self.avatars,
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
                    self.avatars: None,
                    self.save: gr.update(interactive=False),
                    **cleared(self.card),
                    **self.line_up.cleared(),
                }
                return
            if session.on_card == (by_eye, session.pair):  # two photos that came at once ask twice: the same answer
                yield gr.skip()
                return
            yield {self.session: session, self.view: compare_busy("Finding you in both"), **self.line_up.cleared()}
            try:
                match, pair = session.bring_together()
                yield {
                    self.says: "".join(f'<p class="hs-quiet">{escape(note)}</p>' for note in match.notes),
                    **({} if by_eye and not session.blind_test.answered else self._views(pair)),
                }
                yield from self._report(session, by_eye, opened)
            except UserError as fault:
                yield {self.view: compare_idle(str(fault)), self.says: fault_html(fault), **cleared(self.card)}

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
            said = ""
            try:
                session.add_further(files or [])
            except UserError as fault:
                said = fault_html(fault)
            return {
                self.session: session,
                self.more_list: said + _further(session),
                self.more_clear: gr.update(visible=bool(session.further)),
            }

        def clear(session: JudgeSession | None) -> Any:
            if session is not None:
                session.forget_further()
            return {self.session: session, self.more_list: _MORE, self.more_clear: gr.update(visible=False)}

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
            }
            return
        report = session.measure()
        below = own_range_html(session.placed, another_photo=report.kind in ("another photo", "unsure"))
        answer = {
            **shown(self.card, report, session.blind_test.sentence, below, opened=opened),
            self.save: gr.update(interactive=True),
        }
        session.on_card = (by_eye, pair)
        yield answer
        if opened:
            yield {**answer, **seen_again(self.card, session.close_up())}

    def _views(self, pair: AlignedPair) -> Answer:
        """Both by name: compared, and as profile pictures."""
        return {
            self.view: compare_value(pair.original, pair.picture, pair.eyes, pair.note),
            self.avatars: avatars_value(pair.original, pair.picture, pair.eyes),
        }


def _further(session: JudgeSession) -> str:
    if not session.further:
        return _MORE
    pictures = "".join(
        f'<img src="{data_url(small(photo), 85)}" alt="Further photo {i}" draggable="false">'
        for i, photo in enumerate(session.further, 1)
    )
    return f'<div class="hs-further">{pictures}</div>{_MORE}'
