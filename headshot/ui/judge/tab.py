"""The tab "Judge": a photo of yours beside a headshot from anywhere, and the evidence on the two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from headshot.authenticity.aligned_pair import AlignedPair
from headshot.authenticity.recognition.own_range import MAX_FURTHER
from headshot.errors import UserError
from headshot.files.data_url import data_url
from headshot.files.own_range_plot import own_range_html
from headshot.types import Check
from headshot.ui.components.answers import QUIET, in_parts
from headshot.ui.components.avatars.avatars import circles, circles_value
from headshot.ui.components.compare.compare import compare, compare_busy, compare_idle, compare_value
from headshot.ui.components.download.download import download_value
from headshot.ui.components.html import BARE, step_html
from headshot.ui.components.photo_field.photo_field import photo_input
from headshot.ui.judge import session as desks
from headshot.ui.judge.session import JudgeDesk
from headshot.ui.report.card import asked, by_eye_box, cleared, report_card, seen_again, shown
from headshot.ui.report.close_up_html import unnamed_html
from headshot.ui.report.html import checks_html
from headshot.ui.session import KEEP_SECONDS

_EMPTY = (
    '<p class="hs-quiet">As soon as both pictures are here, they are measured against each other. The picture may come '
    "from any app or service, and may be another photo or your own one repainted: the report finds out which.</p>"
)
_MORE = (
    '<p class="hs-quiet">With two or more, the picture is placed among the differences that your own photos have. '
    f"Up to {MAX_FURTHER}; like all photos here they stay in memory.</p>"
)
_WHICH = "Which one was made or changed by a computer?"
_FRIENDS = (
    '<p class="hs-quiet">Hand the screen to a friend who has not seen the pictures. Each friend answers once; the '
    "order is new each time, and all else is hidden meanwhile. Answers are counted here until a photo changes, and "
    "nothing is claimed below 8.</p>"
)


@dataclass
class JudgeParts:
    """The tab's components by name."""

    desk: Any = None
    original: Any = None
    other: Any = None
    says: Any = None
    more: Any = None
    more_list: Any = None
    more_clear: Any = None
    view: Any = None
    card: Any = None
    kind: Any = None
    save: Any = None
    door: Any = None
    friends: Any = None
    line_up: Any = None
    pick: Any = None
    answer: Any = None
    tally: Any = None
    back: Any = None

    @property
    def lined(self) -> list[Any]:
        """The outputs of the line-up."""
        return [self.line_up, self.friends, self.pick, self.answer, self.tally, self.back]


def judge_tab(saved: Any) -> JudgeParts:
    """Lay out and connect the tab in the open container. `saved`: the page's `download`. Returns its components."""
    p = JudgeParts()
    p.desk = gr.State(None, time_to_live=KEEP_SECONDS, delete_callback=desks.close_judge_desk)
    with gr.Row(elem_classes=["hs-page", "hs-flow", "hs-tab"]):
        with gr.Column(scale=5, min_width=320, elem_classes=["hs-left"]):
            with gr.Column(elem_classes=["hs-card", "hs-o1"]):
                gr.HTML(step_html(1, "Your photo"), **BARE)
                p.original = _field("Your photo", "Drop a photo of yourself here", "j-original")
            with gr.Column(elem_classes=["hs-card", "hs-o2"]):
                gr.HTML(step_html(2, "The picture to judge"), **BARE)
                p.other = _field("The picture to judge", "Drop the headshot here, wherever it was made", "j-other")
                by_eye = by_eye_box("j-")
                p.says = gr.HTML("", elem_id="j-says", **BARE)
            with gr.Column(elem_classes=["hs-card", "hs-o3"]):
                gr.HTML(step_html(3, "More photos of you", "optional"), **BARE)
                p.more_list = gr.HTML(_MORE, elem_id="j-more-list", **BARE)
                with gr.Row():
                    p.more = gr.UploadButton(
                        "Add photos",
                        file_count="multiple",
                        file_types=["image"],
                        elem_id="j-more",
                        size="sm",
                        min_width=120,
                    )
                    p.more_clear = gr.Button(
                        "Remove them", elem_id="j-more-clear", size="sm", min_width=120, visible=False
                    )
        with gr.Column(scale=8, min_width=320, elem_classes=["hs-right"]):
            with gr.Column(elem_classes=["hs-card", "hs-o4", "hs-seen"]):
                p.view = compare(None, "Add both pictures, and they appear here, eyes on eyes.", elem_id="j-compare")
            with gr.Column(elem_classes=["hs-card", "hs-o5", "hs-seen"]):
                gr.HTML(step_html(4, "Is it still you?", "authenticity report"), **BARE)
                p.card = report_card("j-", _EMPTY, by_eye)
                with gr.Row(elem_classes=["hs-actions", "hs-seen"], equal_height=True):
                    p.kind = gr.Dropdown(
                        list(desks.DOWNLOADS),
                        value="report.html",
                        show_label=False,
                        scale=3,
                        label="What to download",
                        elem_id="j-kind",
                        min_width=180,
                    )
                    p.save = gr.Button("Download", elem_id="j-save", interactive=False, scale=2, min_width=130)
            with gr.Column(elem_classes=["hs-card", "hs-o6", "hs-seen"]):
                gr.HTML(step_html(5, "As a profile picture"), **BARE)
                p.door = circles(None, elem_id="j-circles")
            with gr.Column(elem_classes=["hs-card", "hs-o7", "hs-seen"]):
                gr.HTML(step_html(6, "Could friends tell?", "line-up"), **BARE)
                p.friends = gr.Button("Begin a line-up", elem_id="j-friends", size="sm")
                p.line_up = gr.HTML(_FRIENDS, elem_id="j-line-up", **BARE)
                p.pick = gr.Radio([], label=_WHICH, visible=False, elem_id="j-pick")
                p.answer = gr.Button(
                    "Answer, then the next friend", variant="primary", visible=False, elem_id="j-answer"
                )
                p.tally = gr.HTML("", elem_id="j-tally", **BARE)
                p.back = gr.Button("Back to the report", size="sm", visible=False, elem_id="j-back")
    _wire(p, saved)
    return p


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


def _wire(p: JudgeParts, saved: Any) -> None:
    results = [p.desk, p.says, p.view, p.save, p.door, *p.card.outputs, *p.lined]

    @in_parts
    def judged(now: JudgeDesk | None, by_eye: bool, opened: bool) -> Iterator[Any]:
        """Both pictures aligned first, then the questions or the report."""
        if now is None or not now.complete:
            yield {
                p.desk: now,
                p.view: None,
                p.door: None,
                p.save: gr.update(interactive=False),
                **cleared(p.card),
                **_no_friends(p),
            }
            return
        if now.told == (by_eye, now.pair):  # two photos that came at once ask twice: the answer would be the same
            yield gr.skip()
            return
        yield {p.desk: now, p.view: compare_busy("Finding you in both"), **_no_friends(p)}
        try:
            match, pair = desks.bring_together(now)
            yield {
                p.says: "".join(f'<p class="hs-quiet">{escape(note)}</p>' for note in match.notes),
                **({} if by_eye and not now.looked else _views(p, pair)),
            }
            yield from _report(p, now, by_eye, opened)
        except UserError as fault:
            yield {p.view: compare_idle(str(fault)), p.says: _fault(fault), **cleared(p.card)}

    def put(side: desks.Side) -> Callable[..., Any]:
        field = p.original if side == "original" else p.other

        def receive(now: JudgeDesk | None, path: str | None, request: gr.Request) -> Any:
            now = now or desks.desk_of(request.session_hash)
            try:
                desks.put(now, side, path)
            except UserError as fault:
                return {p.desk: now, field: None, p.says: _fault(fault)}
            photo = now.original if side == "original" else now.other
            return {p.desk: now, p.says: "", field: None if photo is None else photo.pixels}

        return receive

    def add(now: JudgeDesk | None, paths: list[str] | None, request: gr.Request) -> Any:
        now = now or desks.desk_of(request.session_hash)
        said = ""
        try:
            desks.add_further(now, paths or [])
        except UserError as fault:
            said = _fault(fault)
        return {p.desk: now, p.more_list: said + _further(now), p.more_clear: gr.update(visible=bool(now.further))}

    def clear(now: JudgeDesk | None) -> Any:
        if now is not None:
            now.forget_further()
        return {p.desk: now, p.more_list: _MORE, p.more_clear: gr.update(visible=False)}

    @in_parts
    def answered(now: JudgeDesk | None, use: str | None, camera: str | None) -> Iterator[Any]:
        if now is None or not now.complete:
            yield cleared(p.card)
            return
        now.looked, now.said = True, now.blind.sentence(use, camera)
        try:
            _, pair = desks.bring_together(now)
            for answer in _report(p, now, True, False):
                yield {**_views(p, pair), **answer}
        except UserError as fault:
            yield {**cleared(p.card), p.says: _fault(fault)}

    def save(now: JudgeDesk | None, kind: str) -> Any:
        try:
            return download_value(*desks.render_file(now, kind))
        except UserError as fault:
            raise gr.Error(str(fault), print_exception=False) from None

    def friend(now: JudgeDesk | None, letter: str | None, *, counts: bool) -> Any:
        if now is None:
            return {p.tally: '<p class="hs-quiet">Add both pictures and two more photos of you first.</p>'}
        try:
            line_up = desks.begin_line_up(now)
        except UserError as fault:
            return {p.tally: f'<p class="hs-quiet">{escape(str(fault))}</p>'}
        if counts and letter in line_up.letters:
            now.line_up = line_up = line_up.answer(str(letter))
        choices = [(x, x) for x in line_up.letters]
        return {
            p.desk: now,
            p.line_up: _FRIENDS + unnamed_html(desks.line_up_pictures(now), "Pictures without names", ask=True),
            p.pick: gr.update(choices=choices, value=None, visible=True),
            p.answer: gr.update(visible=True),
            p.tally: f'<p class="hs-tally" role="status">{escape(line_up.answers.sentence())}</p>',
            p.friends: gr.update(visible=False),
            p.back: gr.update(visible=True),
        }

    def leave() -> Any:
        """The report again; the answers stay counted."""
        return {k: v for k, v in _no_friends(p).items() if k is not p.tally}

    newest: dict[str, Any] = {"trigger_mode": "always_last", **QUIET}
    every: dict[str, Any] = {"trigger_mode": "multiple", **QUIET}
    more = [p.desk, p.more_list, p.more_clear]
    asks = [p.desk, p.card.by_eye, p.card.opened]
    for arrival in (
        # Gradio empties a filled field before what is dropped on it arrives: both are heard, in order.
        p.original.input(put("original"), [p.desk, p.original], [p.desk, p.original, p.says], **every),
        p.other.input(put("other"), [p.desk, p.other], [p.desk, p.other, p.says], **every),
        p.more.upload(add, [p.desk, p.more], more, **QUIET),
        p.more_clear.click(clear, p.desk, more, **QUIET),
    ):
        arrival.success(judged, asks, results, **newest)
    p.card.by_eye.input(judged, asks, results, **newest)
    p.card.go.click(answered, [p.desk, p.card.use, p.card.camera], results, **QUIET)
    p.card.connect(lambda now: desks.closer(now) if now is not None else None, p.desk)
    p.save.click(save, [p.desk, p.kind], saved, **QUIET)
    lined = [p.desk, *p.lined]
    p.friends.click(lambda now: friend(now, None, counts=False), p.desk, lined, **QUIET)
    p.answer.click(lambda now, x: friend(now, x, counts=True), [p.desk, p.pick], lined, **QUIET)
    p.back.click(leave, None, lined, **QUIET)


def _report(p: JudgeParts, now: JudgeDesk, by_eye: bool, opened: bool) -> Iterator[dict[Any, Any]]:
    """The questions, or the report and what stands open below it. Raises UserError."""
    _, pair = desks.bring_together(now)
    if by_eye and not now.looked:
        now.told = (by_eye, pair)
        yield {**asked(p.card, pair.original, pair.picture, now.blind), p.save: gr.update(interactive=False)}
        return
    report = desks.measure(now)
    below = own_range_html(now.placed, another_photo=report.regime in ("another photo", "unsure"))
    answer = {**shown(p.card, report, now.said, below, opened=opened), p.save: gr.update(interactive=True)}
    now.told = (by_eye, pair)
    yield answer
    if opened:
        yield {**answer, **seen_again(p.card, desks.closer(now))}


def _views(p: JudgeParts, pair: AlignedPair) -> dict[Any, Any]:
    """Both by name: compared, and as profile pictures."""
    return {
        p.view: compare_value(pair.original, pair.picture, pair.eyes, pair.note),
        p.door: circles_value(pair.original, pair.picture, pair.eyes),
    }


def _no_friends(p: JudgeParts) -> dict[Any, Any]:
    hidden = gr.update(visible=False)
    return {
        p.line_up: _FRIENDS,
        p.friends: gr.update(visible=True),
        p.pick: hidden,
        p.answer: hidden,
        p.tally: "",
        p.back: hidden,
    }


def _fault(fault: UserError) -> str:
    return checks_html([Check("photo", "red", fault.message, fault.hint)])


def _further(now: JudgeDesk) -> str:
    if not now.further:
        return _MORE
    pictures = "".join(
        f'<img src="{data_url(desks.small(photo), 85)}" alt="Further photo {i}" draggable="false">'
        for i, photo in enumerate(now.further, 1)
    )
    return f'<div class="hs-further">{pictures}</div>{_MORE}'
