"""The line that says what a generator needs, and the panel that sets one up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from headshot.direction.engine_table import engine_info
from headshot.language import tr
from headshot.ui.components.events import QUIET, streaming
from headshot.ui.components.html import BARE, note_html
from headshot.ui.components.ladder.ladder import ladder_rungs
from headshot.ui.make import engine_panel, setup
from headshot.ui.make.form import numbers
from headshot.ui.make.parts import Parts, SetupParts
from headshot.weights import store as weights


def setup_panel(*, ready: bool) -> SetupParts:
    """Lay the panel out, closed, in the open container, below the line that opens it; `connect` wires it.

    `ready`: a generator is there, so that the line is not needed.
    """
    with gr.Row(visible=not ready, elem_id="setup-line") as line:
        least = min(setup.statuses().values(), key=lambda s: s.bytes)
        words = (
            "Let an AI paint clothes, pose and light: needs {size}."
            if engine_info(least.name).commercial
            else "Let an AI paint clothes, pose and light: needs {size}, non-commercial."
        )
        need = tr(words, size=weights.size(least.bytes))
        gr.HTML(note_html(need), **BARE)
        opens = gr.Button("Set up", size="sm", elem_id="setup-open", min_width=70, scale=0)
    with gr.Column(visible=False, elem_id="setup") as panel:
        text = gr.HTML("", **BARE)
        names = [(status.title, name) for name, status in setup.statuses().items()]
        engine = gr.Radio(names, value=names[0][1], label="Which one", elem_id="setup-engine")
        extras = gr.Checkbox(
            True,
            label="With quick drafts and further judges",
            info="extras",
            elem_id="setup-extras",
        )
        with gr.Row():
            # Not the accent's colour: that one fetches the picture.
            go = gr.Button("Fetch the files of this generator", elem_id="setup-go", min_width=120)
            close = gr.Button("Not now", elem_id="setup-close", min_width=120)
    return SetupParts(line, opens, panel, text, engine, extras, go, close)


def connect(own: SetupParts, parts: Parts, *, may_download: bool) -> None:
    """Wire the panel. `may_download`: the visitor is at this machine; else the panel only says what is needed."""

    def show() -> Any:
        allowed = gr.update(visible=may_download)
        missing = next((name for name, status in setup.statuses().items() if not status.available), None)
        wanted = gr.skip() if missing is None else gr.update(value=missing)
        text = setup.panel_html(may_download=may_download)
        return {
            own.panel: gr.update(visible=True),
            own.text: text,
            own.engine: wanted,
            own.go: allowed,
            own.extras: allowed,
        }

    @streaming
    def fetch(engine: str, extras: bool) -> Iterator[Any]:
        if not may_download:  # the button is hidden, and a made-up request is not obeyed either
            return
        for line, over in setup.fetch(engine, extras):
            yield {own.text: f'<p class="hs-quiet" role="status">{line}</p>'}
            if over:
                names = gr.update(choices=engine_panel.choices())
                yield {parts.engine: names, parts.engines.about: engine_panel.about_html()}
            if over and not setup.rung_reasons():
                seen = {part: gr.update(visible=True) for part in parts.painted}
                yield {parts.change: gr.update(rungs=ladder_rungs()), own.line: gr.update(visible=False), **seen}

    panel = [own.panel, own.text, own.engine, own.go, own.extras]
    own.open.click(show, None, panel, **QUIET)
    engine_panel.connect(parts.engines, show, panel)
    own.close.click(lambda: gr.update(visible=False), None, own.panel, **QUIET)
    own.go.click(
        fetch,
        [own.engine, own.extras],
        [own.text, parts.change, parts.engine, parts.engines.about, own.line, *parts.painted],
        concurrency_limit=1,
        **QUIET,
    ).success(*numbers(parts), **QUIET)
