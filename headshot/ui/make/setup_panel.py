"""The panel below the ladder that sets a generator up: opened by the ladder or the engine choice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from headshot.ui.components.events import QUIET, streaming
from headshot.ui.components.html import BARE
from headshot.ui.components.ladder.ladder import ladder_rungs
from headshot.ui.make import engine_panel, setup
from headshot.ui.make.form import numbers
from headshot.ui.make.parts import Parts, SetupParts


def setup_panel() -> SetupParts:
    """Lay the panel out, closed, in the open container; `connect` wires it."""
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
            go = gr.Button("Download", variant="primary", elem_id="setup-go", min_width=120)
            close = gr.Button("Not now", elem_id="setup-close", min_width=120)
    return SetupParts(panel, text, engine, extras, go, close)


def connect(own: SetupParts, parts: Parts, *, may_download: bool) -> None:
    """Wire the panel. `may_download`: the visitor is at this machine; else the panel only says what is needed."""
    switched = (parts.randomize, parts.further, *parts.controls)

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
                ready = {part: gr.update(interactive=True) for part in switched}
                yield {parts.change: gr.update(rungs=ladder_rungs()), **ready}

    panel = [own.panel, own.text, own.engine, own.go, own.extras]
    parts.change.setup(show, None, panel, **QUIET)
    engine_panel.connect(parts.engines, parts.expert.expand, show, panel)
    own.close.click(lambda: gr.update(visible=False), None, own.panel, **QUIET)
    own.go.click(
        fetch,
        [own.engine, own.extras],
        [own.text, parts.change, parts.engine, parts.engines.about, *switched],
        concurrency_limit=1,
        **QUIET,
    ).success(*numbers(parts), **QUIET)
