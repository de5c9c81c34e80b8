"""A look as a file: saved from what is set now, and loaded back as what is set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from headshot.direction import look_file
from headshot.errors import UserError
from headshot.types import Check
from headshot.ui.components import uploads
from headshot.ui.components.answers import QUIET
from headshot.ui.components.download.download import download_value
from headshot.ui.components.html import BARE, note_html
from headshot.ui.loaded_looks import Yours
from headshot.ui.make import setup
from headshot.ui.make.form import direction_of, fields
from headshot.ui.make.gallery_card import settings_of
from headshot.ui.make.session import Desk, need
from headshot.ui.report.html import checks_html

if TYPE_CHECKING:
    from headshot.ui.parts import Parts

_INTRO = (
    '<p class="hs-quiet">A look is light, backdrop, crop, finish and your words for them in one small file, without '
    "your photo. Whoever has the file can load it here: it then stands first among the looks, until the page is left. "
    "Or lay it into the app’s folder presets/.</p>"
)


@dataclass
class LookParts:
    """The panel's components by name."""

    title: Any = None
    save: Any = None
    file: Any = None
    says: Any = None
    loaded: Any = None  # the event of a file that was read


def look_panel() -> LookParts:
    """Lay the panel out in the open container; `connect` wires it."""
    k = LookParts()
    with gr.Accordion("Save this look, or load one", open=False, elem_id="look-file"):
        gr.HTML(_INTRO, **BARE)
        with gr.Row(elem_classes=["hs-actions"], equal_height=True):
            k.title = gr.Textbox(
                "",
                show_label=False,
                label="Name of the look",
                placeholder="Name of the look",
                elem_id="look-title",
                max_length=look_file.MAX_TITLE,
                scale=3,
                min_width=180,
            )
            k.save = gr.Button("Save this look", elem_id="look-save", scale=2, min_width=130)
        k.file = gr.File(
            label="Load a look (.toml)", file_types=[".toml"], height=120, elem_id="look-load", elem_classes=["hs-drop"]
        )
        k.says = gr.HTML("", elem_id="look-says", **BARE)
    return k


def connect(k: LookParts, p: Parts, *, live: tuple[Any, Any, Any], measured: tuple[Any, Any, Any]) -> None:
    """Wire the panel. `live`, `measured`: (handler, inputs, outputs) that make the picture and the report."""

    def save(now: Desk | None, title: str, engine: str, *values: Any) -> Any:
        painter = setup.generator_for(engine) or "retouch"
        try:
            direction = direction_of(*values, engine=painter)
            if now is not None:
                direction = now.held_words.merge(direction)
            name, data = look_file.save(direction, title)
        except UserError as fault:
            return {k.says: _fault(fault)}
        return {p.saved: download_value(name, "application/toml", data), k.says: note_html(f"Saved as {name}.")}

    def load(now: Desk | None, yours: Yours, engine: str, path: str | None) -> Any:
        if path is None:
            return {k.says: ""}
        try:
            data = uploads.take(path)
            loaded = look_file.load(data, engine=setup.generator_for(engine) or "retouch")
            need(now).hold(loaded.direction)
        except UserError as fault:
            return {k.file: None, k.says: _fault(fault)}
        # The file's words are in the look already; the field's would come on top of them.
        return {
            **settings_of(p, loaded.direction),
            k.file: None,
            k.says: note_html(loaded.note),
            p.look: yours.add(loaded).tile,
            p.words: "",
        }

    k.save.click(save, [p.desk, k.title, p.engine, *fields(p)], [p.saved, k.says], **QUIET)
    newest: dict[str, Any] = {"trigger_mode": "always_last", **QUIET}
    k.loaded = k.file.upload(
        load, [p.desk, p.yours, p.engine, k.file], [k.file, k.says, p.look, p.words, *p.controls], **QUIET
    )
    k.loaded.success(*live, **newest).success(*measured, **newest)


def _fault(fault: UserError) -> str:
    return checks_html([Check("look", "red", fault.message, fault.hint)])
