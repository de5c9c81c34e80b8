"""The layout of the studio: what stands there before a photo, the stage, the parts beside it."""

from __future__ import annotations

from typing import Any

import gradio as gr

from headshot.direction.direct import direct
from headshot.direction.settings import SETTINGS
from headshot.language import tr
from headshot.types import Direction
from headshot.ui.compare.many_at_once import ManyAtOnce
from headshot.ui.components.before_after.before_after import before_after
from headshot.ui.components.camera_guide.camera_guide import camera_guide
from headshot.ui.components.compare.compare import compare
from headshot.ui.components.consent import consent_box
from headshot.ui.components.control_search.control_search import control_search
from headshot.ui.components.disclosure.disclosure import disclosure
from headshot.ui.components.examples_row.examples_row import examples_row
from headshot.ui.components.faces.faces import faces
from headshot.ui.components.gallery.gallery import gallery
from headshot.ui.components.html import BARE, heading_html
from headshot.ui.components.ladder.ladder import ladder, ladder_rungs
from headshot.ui.components.layout import download_row
from headshot.ui.components.panels.panels import panels
from headshot.ui.components.photo_field.photo_field import photo_input
from headshot.ui.components.strip.strip import strip
from headshot.ui.components.upload_field import UploadButton
from headshot.ui.components.verdict.verdict import verdict
from headshot.ui.make import setup
from headshot.ui.make.backdrop_shade import shade_slider
from headshot.ui.make.controls import EXPERT, GROUPS, KEYS, PAINTED, RETOUCH, SLIDERS, control, values_of
from headshot.ui.make.downloads import DOWNLOADS
from headshot.ui.make.engine_panel import engine_choice
from headshot.ui.make.link_panel import link_panel
from headshot.ui.make.locks_panel import keep_panel
from headshot.ui.make.look_file_panel import look_panel
from headshot.ui.make.parts import HistoryParts, Parts
from headshot.ui.make.pose_panel import pose_panel
from headshot.ui.make.retouch_panel import band_below, retouch_drawer
from headshot.ui.make.setup_panel import setup_panel
from headshot.ui.make.tray_panel import same_but, tray_panel
from headshot.ui.make.words_panel import words_panel
from headshot.ui.report.card import report_card
from headshot.ui.session_state import KEEP_SECONDS

REPORT_EMPTY = (
    '<p class="hs-quiet">As soon as there is a headshot, it is measured here against your photo, in words, with the '
    "figures behind them.</p>"
)
_HERO = "One photo in, a headshot out, and proof that it is still you."
_PROMISE = "Made of your own pixels. Stays in memory, gone after {minutes} minutes. No account, no questions about you."


def studio(parts: Parts, first_look: str, *, looks: list[dict[str, Any]], ask_consent: bool) -> ManyAtOnce:
    """Lay the studio out in the open container. `first_look`: the look that is chosen at first; `looks`: see `gallery`.

    Returns the parts that make several pictures, which are wired last.
    """
    start = direct(first_look, engine=setup.numbers_for("auto"), change=direct(first_look).change)
    with gr.Column(elem_id="studio", elem_classes=["hs-tab", "hs-studio"]):
        with gr.Row(elem_id="strip", elem_classes=["hs-seen"]):
            parts.strip = strip(elem_id="photo-strip")
            parts.change_photo = UploadButton(
                "Change", file_types=["image"], size="sm", elem_id="change-photo", min_width=60
            )
        with gr.Column(elem_id="start", elem_classes=["hs-start"]):
            with gr.Column(elem_classes=["hs-sheet"]):
                _start(parts, ask_consent)
            parts.before_after = before_after(elem_id="before-after")
        with gr.Column(elem_id="work", elem_classes=["hs-work"]):
            with gr.Column(elem_id="stage", elem_classes=["hs-stage", "hs-seen"]):
                tray = _stage(parts)
            with gr.Column(elem_id="side", elem_classes=["hs-side"]):
                panels(elem_id="panels")
                with gr.Column(elem_id="panel-looks", elem_classes=["hs-part"]):
                    parts.look = gallery(first_look, looks, elem_id="looks")
                with gr.Column(elem_id="panel-adjust", elem_classes=["hs-part"]):
                    parts.history = HistoryParts(_adjust(parts, start), tray)
                    many = ManyAtOnce(ready=not setup.rung_reasons())
                    parts.painted = (*parts.painted, many.best_of.panel)
                with gr.Column(elem_id="panel-check", elem_classes=["hs-part"]):
                    parts.card = report_card("", REPORT_EMPTY)
                with gr.Column(elem_id="panel-save", elem_classes=["hs-part"]):
                    _save(parts)
    return many


def _start(parts: Parts, ask_consent: bool) -> None:
    promise = tr(_PROMISE, minutes=KEEP_SECONDS // 60)
    gr.HTML(f'<div class="hs-hero"><h2>{_HERO}</h2><p>{promise}</p></div>', elem_id="hero", **BARE)
    parts.photo = photo_input(
        sources=["upload", "webcam", "clipboard"],
        show_label=False,
        label="Your photo",
        elem_id="photo",
        height=320,
        buttons=[],
        format="jpeg",
        elem_classes=["hs-drop"],
        placeholder="Drop a photo of yourself here\n- or -\nClick to choose one",
    )
    camera_guide(elem_id="camera-guide")
    parts.consent = consent_box("consent", asked=ask_consent)
    parts.checks = gr.HTML("", elem_id="checks", **BARE)
    with gr.Row(elem_id="ways"):
        gr.Button("Take a photo", elem_id="camera", size="md", min_width=120)
        parts.examples = examples_row(elem_id="examples")
    parts.faces = faces(elem_id="faces")
    with gr.Row(elem_id="photo-does"):
        parts.turn = gr.Button("Turn the photo", elem_id="photo-turn", size="md", min_width=120)
        gr.Button("Done", elem_id="photo-close", size="md", min_width=120)


def _stage(parts: Parts) -> gr.HTML:
    parts.view = compare(None, mends=True, elem_id="compare")
    with gr.Row(elem_id="painting"):
        parts.candidate = gr.Radio([], label="Candidates", visible=False, elem_id="candidate")
        parts.badge = gr.HTML("", elem_id="badge", **BARE)
        parts.make = gr.Button("Paint it", variant="primary", visible=False, elem_id="make")
        parts.stop = gr.Button("Stop, keep what is done", visible=False, elem_id="make-stop")
    with gr.Row(elem_id="bar"):
        parts.verdict = verdict(elem_id="verdict")
        parts.kind, parts.save = download_row(DOWNLOADS, "full.jpg")
    return tray_panel()


def _adjust(parts: Parts, start: Direction) -> gr.HTML:
    """Words, five sliders and the drawer; returns the one-click adjustments."""
    ready = not setup.rung_reasons()
    values = dict(zip(KEYS, values_of(start), strict=True))
    made = {}
    gr.HTML(heading_html("Adjust"), **BARE)
    words_panel(parts)
    with gr.Column(elem_id="five"):
        for key, label in SLIDERS.items():
            if SETTINGS[key].kind == "colour":  # its lightness is what slides
                parts.shade = shade_slider(values[key], label)
            else:
                made[key] = control(key, values[key], label=label, info=None, buttons=[])
        same = same_but()
    _painter(parts, start, ready)
    parts.retouch = retouch_drawer()
    with parts.retouch.drawer:
        for title, keys in (group for group in GROUPS if group[0] in RETOUCH):
            _group(parts, title, keys, made, values, ready)
    with gr.Accordion("All controls", open=False, elem_id="all-controls"):
        control_search(elem_id="control-search")
        for title, keys in (group for group in GROUPS if group[0] not in RETOUCH):
            _group(parts, title, keys, made, values, ready)
        with gr.Column(elem_id="group-expert", elem_classes=["hs-group"], visible=ready) as expert:
            gr.HTML(heading_html("For generated pictures"), **BARE)
            parts.engines = engine_choice()
            parts.engine = parts.engines.engine
            parts.randomize = gr.Checkbox(
                False, label="Another picture each time", info="randomize seed", elem_id="randomize"
            )
            parts.further = UploadButton(
                "Add more photos of you", file_count="multiple", file_types=["image"], size="sm", elem_id="further"
            )
            parts.further_note = gr.HTML("", elem_id="further-note", **BARE)
            made |= {key: control(key, values[key]) for key in EXPERT}
        parts.painted = (*parts.painted, expert)
        keep_panel(parts)
    parts.controls = tuple(made[key] for key in KEYS)
    return same


def _group(
    parts: Parts, title: str, keys: tuple[str, ...], made: dict[str, Any], values: dict[str, Any], ready: bool
) -> None:
    """Lay a group's controls out under its heading, those that are not `made` yet."""
    name = title.split()[0].lower()
    seen = ready or title not in PAINTED
    with gr.Column(elem_id=f"group-{name}", elem_classes=["hs-group"], visible=seen) as group:
        gr.HTML(heading_html(title), **BARE)
        for key in (key for key in keys if key not in made):
            made[key] = control(key, values[key])
            band_below(parts, key)
        if "posing.turn" in keys:
            pose_panel(parts)
        parts.notes = (*parts.notes, gr.HTML("", elem_id=f"heed-{name}", **BARE))
    if title in PAINTED:
        parts.painted = (*parts.painted, group)


def _painter(parts: Parts, start: Direction, ready: bool) -> None:
    """The ladder where a generator is there; else one quiet line with the way to set one up."""
    with gr.Column(elem_id="generator", visible=ready) as there:
        gr.HTML(heading_html("How much may an AI change?"), **BARE)
        parts.change = ladder(start.change, ladder_rungs(setup.rung_reasons()), elem_id="ladder")
    parts.painted = (*parts.painted, there)
    parts.setup = setup_panel(ready=ready)


def _save(parts: Parts) -> None:
    gr.HTML(heading_html("Save and share"), **BARE)
    parts.marks = gr.HTML("", elem_id="marks", **BARE)
    parts.label = gr.Checkbox(
        False,
        label="Write what was done into the corner",
        info="Small: “Edited”, “AI modified” or “AI generated”, as it really is",
        elem_id="label",
    )
    parts.disclosure = disclosure(elem_id="disclosure")
    link_panel(parts)
    parts.look_file = look_panel()
