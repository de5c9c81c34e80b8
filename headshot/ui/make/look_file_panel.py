"""A look as a file: saved from what is set now, and loaded back as what is set."""

from __future__ import annotations

from typing import Any

import gradio as gr

from headshot.direction import look_file
from headshot.direction.engine_table import OWN_PIXELS
from headshot.errors import UserError
from headshot.language import tr
from headshot.ui.components.download.download import download_value
from headshot.ui.components.events import QUIET
from headshot.ui.components.html import BARE, note_html
from headshot.ui.components.upload_field import File
from headshot.ui.components.uploads import Upload
from headshot.ui.loaded_looks import LoadedLooks
from headshot.ui.make import setup
from headshot.ui.make.form import direction_of, form
from headshot.ui.make.gallery_card import settings_of
from headshot.ui.make.parts import LookFileParts, MakePage, Parts
from headshot.ui.make.session import MakeSession, need
from headshot.ui.report.html import fault_html

_INTRO = (
    '<p class="hs-quiet">A look is light, backdrop, crop, finish and your words for them in one small file, without '
    "your photo. Whoever has the file can load it here: it then stands first among the looks, until the page is left. "
    "Or lay it into the app’s folder presets/.</p>"
)


def look_panel() -> LookFileParts:
    """Lay the panel out in the open container; `connect` wires it."""
    panel = LookFileParts()
    with gr.Accordion("Save this look, or load one", open=False, elem_id="look-file"):
        gr.HTML(_INTRO, **BARE)
        with gr.Row(elem_classes=["hs-actions"], equal_height=True):
            panel.title = gr.Textbox(
                "",
                show_label=False,
                label="Name of the look",
                placeholder="Name of the look",
                elem_id="look-title",
                max_length=look_file.MAX_TITLE,
                scale=3,
                min_width=180,
            )
            panel.save = gr.Button("Save this look", elem_id="look-save", scale=2, min_width=130)
        panel.file = File(
            label="Load a look (.toml)", file_types=[".toml"], height=120, elem_id="look-load", elem_classes=["hs-drop"]
        )
        panel.says = gr.HTML("", elem_id="look-says", **BARE)
    return panel


def connect(panel: LookFileParts, parts: Parts, page: MakePage) -> None:
    """Wire the panel to "Make"."""

    def save(session: MakeSession | None, title: str, engine: str, *values: Any) -> Any:
        painter = setup.generator_for(engine) or OWN_PIXELS
        try:
            direction = direction_of(session, *values, engine=painter)
            name, data = look_file.save(direction, title)
        except UserError as fault:
            return {panel.says: fault_html(fault, "look")}
        return {
            parts.saved: download_value(name, "application/toml", data),
            panel.says: note_html(tr("Saved as {name}.", name=name)),
        }

    def load(session: MakeSession | None, loaded_looks: LoadedLooks, engine: str, file: Upload | None) -> Any:
        if file is None:
            return {panel.says: ""}
        try:
            loaded = look_file.load(file.read(), engine=setup.generator_for(engine) or OWN_PIXELS)
            need(session).hold(loaded.direction)
        except UserError as fault:
            return {panel.file: None, panel.says: fault_html(fault, "look")}
        # The file's words are in the look already; the field's would come on top of them.
        return {
            **settings_of(parts, loaded.direction),
            panel.file: None,
            panel.says: note_html(loaded.note),
            parts.look: loaded_looks.add(loaded).tile,
            parts.words: "",
        }

    panel.save.click(save, [parts.session, panel.title, parts.engine, *form(parts)], [parts.saved, panel.says], **QUIET)
    panel.loaded = panel.file.upload(
        load,
        [parts.session, parts.loaded_looks, parts.engine, panel.file],
        [panel.file, panel.says, parts.look, parts.words, *parts.controls],
        **QUIET,
    )
    page.redraw(panel.loaded)
