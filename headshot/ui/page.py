"""The one page: your photo → the look → how far → is it still you? Layout first, wiring last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from headshot.authenticity.report import summary
from headshot.direction import direct, load_presets
from headshot.errors import UserError
from headshot.types import Check
from headshot.ui import desk as desks
from headshot.ui.circles import circles, circles_value
from headshot.ui.compare import compare, compare_busy, compare_idle, compare_value
from headshot.ui.controls import GROUPS, control, direction_of, values_of
from headshot.ui.desk import Desk, need
from headshot.ui.download import download, download_value
from headshot.ui.findings import checks_html, report_html
from headshot.ui.fragments import engine_html, footer_html, header_html, step_html
from headshot.ui.gallery import gallery, gallery_looks
from headshot.ui.ladder import ladder, ladder_rungs
from headshot.ui.photo_input import photo_input

FIRST_LOOK = "linkedin"
PRIVACY = "Photos stay in memory, are forgotten after {minutes} minutes without use, never stored, never trained on."
CONSENT = "This is me, or I may use this photo."
_NEEDS = "needs a generator's weights"
_REPORT_EMPTY = (
    '<p class="hs-quiet">As soon as there is a headshot, it is measured here against your photo: '
    "likeness, skin, shape, texture. In words, with the figures behind them.</p>"
)
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_BARE: dict[str, Any] = {"elem_classes": ["hs-bare"], "apply_default_css": False}


def build(*, ask_consent: bool = False, privacy_link: str = "") -> gr.Blocks:
    """The page. `ask_consent`: the app is served to others, so a line of consent stands before the first result."""
    looks = [direct(name) for name in load_presets()]
    start = direct(FIRST_LOOK)
    with gr.Blocks(
        title="Headshot", analytics_enabled=False, delete_cache=(60, desks.KEEP_SECONDS), fill_width=False
    ) as page:
        desk = gr.State(None, time_to_live=desks.KEEP_SECONDS, delete_callback=desks.close_desk)
        gr.HTML(header_html("Headshot", "One photo in, a professional headshot out, and the evidence to judge it."),
                **_BARE)  # fmt: skip
        with gr.Row(elem_classes=["hs-page", "hs-flow"]):
            with gr.Column(scale=5, min_width=320, elem_classes=["hs-left"]):
                with gr.Column(elem_classes=["hs-card", "hs-o1"]):
                    gr.HTML(step_html(1, "Your photo"), **_BARE)
                    photo = photo_input(
                        sources=["upload", "webcam", "clipboard"], show_label=False, label="Your photo",
                        elem_id="photo", height=300, buttons=[], format="jpeg",
                        placeholder="Drop a photo of yourself here\n- or -\nClick to choose one",
                    )  # fmt: skip
                    consent = gr.Checkbox(False, label=CONSENT, visible=ask_consent, elem_id="consent")
                    checks = gr.HTML("", elem_id="checks", **_BARE)
                    example = gr.Button("Try with an example photo", elem_id="example", size="sm")
                with gr.Column(elem_classes=["hs-card", "hs-o3"]):
                    gr.HTML(step_html(2, "The look", "preset"), **_BARE)
                    look = gallery(FIRST_LOOK, gallery_looks(looks), elem_id="looks")
                with gr.Column(elem_classes=["hs-card", "hs-o4"]):
                    gr.HTML(step_html(3, "How much may we change you?", "strength"), **_BARE)
                    reasons = {title: _NEEDS for title in ("clothes", "light face edit", "fully generated")}
                    change = ladder(start.change, ladder_rungs(reasons), elem_id="ladder")
                    controls = []
                    values = dict(zip((k for _, keys in GROUPS for k in keys), values_of(start), strict=True))
                    for title, keys in GROUPS:
                        with gr.Accordion(title, open=False, elem_id=f"group-{title.lower()}"):
                            controls += [control(key, values[key]) for key in keys]
            with gr.Column(scale=8, min_width=320, elem_classes=["hs-right"]):
                with gr.Column(elem_classes=["hs-card", "hs-o2"]):
                    view = compare(None, elem_id="compare")
                    with gr.Row(elem_classes=["hs-actions"], equal_height=True):
                        kind = gr.Dropdown(
                            list(desks.DOWNLOADS), value="full.jpg", show_label=False, label="What to download",
                            elem_id="kind", scale=3, min_width=180,
                        )  # fmt: skip
                        save = gr.Button(
                            "Download", variant="primary", elem_id="save", interactive=False, scale=2, min_width=130,
                        )  # fmt: skip
                    badge = gr.HTML("", elem_id="badge", **_BARE)
                with gr.Column(elem_classes=["hs-card", "hs-o5"]):
                    gr.HTML(step_html(4, "Is it still you?", "authenticity report"), **_BARE)
                    report = gr.HTML(_REPORT_EMPTY, elem_id="report", **_BARE)
                with gr.Column(elem_classes=["hs-card", "hs-o6"]):
                    gr.HTML(step_html(5, "As a profile picture"), **_BARE)
                    door = circles(None, elem_id="circles")
        privacy = PRIVACY.format(minutes=desks.KEEP_SECONDS // 60)
        gr.HTML(footer_html(privacy, privacy_link), **_BARE)
        saved = download(elem_id="saved")
        words = gr.State("")

        # ------------------------------------------------------------ wiring
        settings = [look, change, words, *controls]

        def receive(path: str | None) -> Iterator[tuple[Any, ...]]:
            if path is None:
                yield None, gr.skip(), "", None, gr.update(interactive=False), _REPORT_EMPTY, None, ""
                return
            yield from _receive(lambda: desks.open_desk(path))

        def receive_example() -> Iterator[tuple[Any, ...]]:
            yield from _receive(desks.open_example)

        def paint(now: Desk | None, agreed: bool, *values: Any) -> Iterator[tuple[Any, ...]]:
            if now is None:
                yield (gr.skip(),) * 5
                return
            if ask_consent and not agreed:
                yield now, compare_idle("Tick “This is me, or I may use this photo” first."), gr.skip(), "", gr.skip()
                return
            if "cutout" not in vars(now.sitting):
                yield now, compare_busy("Cutting you out, down to the hair"), gr.skip(), gr.skip(), gr.skip()
            try:
                result = desks.draw(now, direction_of(*values))
            except UserError as fault:
                yield now, compare_idle(str(fault)), gr.skip(), gr.skip(), gr.skip()
                return
            eyes = desks.eyes_box(result.canvas)
            note = " ".join(result.notes) or "Framed alike, eyes on one line."
            yield (
                now, compare_value(result.canvas.original, result.picture, eyes, note),
                gr.update(interactive=True), engine_html("Made of your own pixels", result.seconds),
                circles_value(result.canvas.original, result.picture, eyes),
            )  # fmt: skip

        def measure(now: Desk | None) -> Any:
            measured = desks.measure(now) if now is not None else None
            return gr.skip() if measured is None else report_html(measured, summary(measured))

        def choose_look(name: str) -> list[Any]:
            chosen = direct(name)
            return values_of(chosen)

        def thumbs(now: Desk | None, name: str) -> Iterator[Any]:
            if now is not None:
                for made in desks.thumbnails(now.sitting, name):
                    yield gr.update(looks=gallery_looks(looks, made))

        def click_face(now: Desk | None, event: gr.SelectData) -> tuple[Any, ...]:
            if now is None or len(now.sitting.subject.faces) < 2:
                return (gr.skip(),) * 3
            width = desks.shown_photo(now.sitting).shape[1]
            chosen = desks.choose_face(now, float(event.index[0]), float(event.index[1]), width)
            return chosen, desks.shown_photo(chosen.sitting), checks_html(chosen.sitting.subject.checks)

        def make_file(now: Desk | None, wanted: str, *values: Any) -> Any:
            try:
                return download_value(*desks.render_file(need(now), direction_of(*values), wanted))
            except UserError as fault:
                raise gr.Error(str(fault), print_exception=False) from None

        opened = [desk, photo, checks, view, save, report, door, badge]
        painted = [desk, view, save, badge, door]
        arrivals = [
            photo.input(receive, photo, opened, **_QUIET),
            example.click(receive_example, None, opened, **_QUIET),
            photo.select(click_face, desk, [desk, photo, checks], **_QUIET),
        ]
        for arrival in arrivals:
            first = arrival.success(paint, [desk, consent, *settings], painted, **_QUIET)
            first.success(measure, desk, report, **_QUIET)
            first.success(thumbs, [desk, look], look, concurrency_id="thumbs", **_QUIET)
        looked = look.input(choose_look, look, controls, **_QUIET)
        looked.success(
            paint, [desk, consent, *settings], painted, trigger_mode="always_last", **_QUIET
        ).success(measure, desk, report, trigger_mode="always_last", **_QUIET)
        gr.on(
            [change.input, consent.input, *(c.input for c in controls)], paint, [desk, consent, *settings], painted,
            trigger_mode="always_last", concurrency_limit=2, **_QUIET,
        ).success(measure, desk, report, trigger_mode="always_last", **_QUIET)  # fmt: skip
        save.click(make_file, [desk, kind, *settings], saved, show_progress="full", show_progress_on=save,
                   api_visibility="private")  # fmt: skip
        page.load(lambda: gr.update(looks=gallery_looks(looks, desks.example_thumbnails())), None, look, **_QUIET)
    return page


def _receive(open_it: Any) -> Iterator[tuple[Any, ...]]:
    """Outputs: desk, photo, checks, view, save, report, circles, badge."""
    try:
        now: Desk = open_it()
    except UserError as fault:
        line = Check("photo", "red", fault.message, fault.hint)
        # The field is emptied, so that the next try starts clean; everything else stays as it was chosen.
        yield None, None, checks_html([line]), None, gr.update(interactive=False), _REPORT_EMPTY, None, ""
        return
    yield (
        now, desks.shown_photo(now.sitting), checks_html(now.sitting.subject.checks),
        compare_busy("Cutting you out, down to the hair"), gr.skip(), gr.skip(), gr.skip(), gr.skip(),
    )  # fmt: skip
