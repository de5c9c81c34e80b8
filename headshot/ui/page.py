"""The one page: your photo → the look → how far → in your words → is it still you? The layout; `wiring` connects it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import gradio as gr

from headshot.direction.direct import direct
from headshot.direction.presets import load_presets
from headshot.direction.settings import SETTINGS
from headshot.types import Direction
from headshot.ui.api.make import endpoints
from headshot.ui.compare.tab import CompareTab
from headshot.ui.components.avatars.avatars import avatars
from headshot.ui.components.compare.compare import compare
from headshot.ui.components.consent import consent_box
from headshot.ui.components.download.download import download
from headshot.ui.components.gallery.gallery import gallery, gallery_looks
from headshot.ui.components.html import BARE, footer_html, header_html, section
from headshot.ui.components.ladder.ladder import ladder, ladder_rungs
from headshot.ui.components.layout import card, download_row, left, right, two_columns
from headshot.ui.components.photo_field.photo_field import photo_input
from headshot.ui.components.upload_field import UploadButton
from headshot.ui.judge.tab import JudgeTab
from headshot.ui.loaded_looks import LoadedLooks
from headshot.ui.make import setup
from headshot.ui.make.controls import EXPERT, GROUPS, KEYS, control, group, values_of
from headshot.ui.make.downloads import DOWNLOADS
from headshot.ui.make.engine_panel import engine_choice
from headshot.ui.make.history_panel import history_panel
from headshot.ui.make.locks_panel import keep_panel
from headshot.ui.make.look_file_panel import look_panel
from headshot.ui.make.parts import Parts
from headshot.ui.make.pose_panel import pose_panel
from headshot.ui.make.setup_panel import setup_panel
from headshot.ui.make.wiring import REPORT_EMPTY, wire
from headshot.ui.make.words_panel import words_panel
from headshot.ui.report.card import report_card
from headshot.ui.server.blocks import Page
from headshot.ui.session_state import KEEP_SECONDS, session_state
from headshot.ui.worth.tab import worth_tab

FIRST_LOOK = "linkedin"
README = Path(__file__).resolve().parents[2] / "README.md"  # its Privacy section is the page's: one truth
PRIVACY = "Photos stay in memory, are forgotten after {minutes} minutes without use, never stored, never trained on."


def build(*, ask_consent: bool = False) -> gr.Blocks:
    """The page. `ask_consent`: the app is served to others, so a line of consent stands before the first result,
    and visitors cannot start downloads of weights on this machine.
    """
    looks = [direct(name) for name in load_presets()]
    start = direct(FIRST_LOOK)
    parts = Parts()
    with Page(title="Headshot", analytics_enabled=False, fill_width=False) as page:
        parts.session, parts.waiting = session_state(), session_state()
        parts.loaded_looks = gr.State(LoadedLooks())  # no photo in it: it stays when the photo goes
        gr.HTML(
            header_html("Headshot", "One photo in, a professional headshot out, and the evidence to judge it."), **BARE
        )
        parts.saved = download(elem_id="saved")
        with gr.Tabs(elem_classes=["hs-tabs"], elem_id="tabs") as parts.tabs:
            with gr.Tab("Make", id="make"):
                _make_tab(parts, looks, start, ask_consent)
            with gr.Tab("Compare", id="sheet") as tab:
                compared = CompareTab(tab.select)
            with gr.Tab("Judge", id="judge"):
                judged = JudgeTab(parts.saved, ask_consent=ask_consent)
            with gr.Tab("Worth it?", id="worth") as tab:
                worth_tab(tab, parts.session, judged.session)
        gr.HTML(footer_html(PRIVACY.format(minutes=KEEP_SECONDS // 60), "privacy"), **BARE)
        with gr.Accordion("Privacy: what happens to a photo", open=False, elem_id="privacy"):
            gr.Markdown(section(README.read_text(encoding="utf-8"), "Privacy") if README.is_file() else "")
        compared.connect(wire(page, parts, looks, ask_consent=ask_consent), parts)
        endpoints(ask_consent=ask_consent)
    return page


def _make_tab(parts: Parts, looks: Sequence[Direction], start: Direction, ask_consent: bool) -> None:
    with two_columns():
        with left(5, 320):
            _photo_card(parts, ask_consent)
            with card(3, 2, "The look", "preset"):
                parts.look = gallery(FIRST_LOOK, gallery_looks(looks), elem_id="looks")
            with card(4, 3, SETTINGS["change"].label, SETTINGS["change"].info):
                parts.change = ladder(start.change, ladder_rungs(setup.rung_reasons(), "Set up"), elem_id="ladder")
                parts.setup = setup_panel()
            with card(5, 4, "Direct it", "art direction"):
                _controls(parts, start)
        with right(8):
            with card(2, seen=True):
                _result(parts)
            with card(6, 5, "Is it still you?", "authenticity report"):
                parts.card = report_card("", REPORT_EMPTY)
            with card(7, 6, "As a profile picture", seen=True):
                parts.avatars = avatars(None, elem_id="circles")


def _photo_card(parts: Parts, ask_consent: bool) -> None:
    with card(1, 1, "Your photo"):
        parts.photo = photo_input(
            sources=["upload", "webcam", "clipboard"],
            show_label=False,
            label="Your photo",
            elem_id="photo",
            height=300,
            buttons=[],
            format="jpeg",
            elem_classes=["hs-drop"],
            placeholder="Drop a photo of yourself here\n- or -\nClick to choose one",
        )
        parts.consent = consent_box("consent", asked=ask_consent)
        parts.checks = gr.HTML("", elem_id="checks", **BARE)
        parts.example = gr.Button("Try with an example photo", elem_id="example", size="sm")


def _controls(parts: Parts, start: Direction) -> None:
    reasons = setup.rung_reasons()
    start = direct(start.preset, engine=setup.numbers_for("auto"), change=start.change)
    values = dict(zip(KEYS, values_of(start), strict=True))
    words_panel(parts)
    keep_panel(parts)
    controls = []
    for title, keys in GROUPS:
        with gr.Accordion(title, open=False, elem_id=f"group-{title.split()[0].lower()}"):
            controls += group(title, keys, values, ready=not reasons)
            if "posing.turn" in keys:
                pose_panel(parts)
            parts.notes = (*parts.notes, gr.HTML("", elem_id=f"heed-{title.split()[0].lower()}", **BARE))
    with gr.Accordion("For generated pictures", open=False, elem_id="group-expert") as parts.expert:
        note = "For “clothes”, “light face edit” and “fully generated”, where an AI generator paints parts of you."
        if reasons:
            note += " No generator is set up on this machine yet, so they are switched off."
        gr.HTML(f'<p class="hs-quiet">{note}</p>', **BARE)
        ready = not reasons
        parts.engines = engine_choice()
        parts.engine = parts.engines.engine
        parts.randomize = gr.Checkbox(
            False, label="Another picture each time", info="randomize seed", elem_id="randomize", interactive=ready
        )
        parts.further = UploadButton(
            "Add more photos of you",
            file_count="multiple",
            file_types=["image"],
            size="sm",
            elem_id="further",
            interactive=ready,
        )
        parts.further_note = gr.HTML("", elem_id="further-note", **BARE)
        controls += [control(key, values[key], interactive=ready) for key in EXPERT]
    parts.controls = tuple(controls)


def _result(parts: Parts) -> None:
    parts.view = compare(None, elem_id="compare")
    parts.candidate = gr.Radio([], label="Candidates", visible=False, elem_id="candidate")
    parts.make = gr.Button("Paint it", variant="primary", visible=False, elem_id="make")
    parts.stop = gr.Button("Stop, keep what is done", visible=False, elem_id="make-stop")
    parts.kind, parts.save = download_row(DOWNLOADS, "full.jpg")
    parts.badge = gr.HTML("", elem_id="badge", **BARE)
    parts.marks = gr.HTML("", elem_id="marks", **BARE)
    parts.history = history_panel()
    parts.look_file = look_panel()
