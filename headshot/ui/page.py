"""The one page: the studio, and the check of any picture. The layout; `wiring` connects it."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from headshot.direction.direct import direct
from headshot.direction.presets import load_presets
from headshot.language import tr
from headshot.ui.api.make import endpoints
from headshot.ui.components.consent import remember
from headshot.ui.components.download.download import download
from headshot.ui.components.gallery.gallery import gallery_looks
from headshot.ui.components.html import BARE, footer_html, header_html, section
from headshot.ui.components.keys.keys import keys
from headshot.ui.judge.tab import JudgeTab
from headshot.ui.loaded_looks import LoadedLooks
from headshot.ui.make.parts import Parts
from headshot.ui.make.wiring import wire
from headshot.ui.server.blocks import Page
from headshot.ui.session_state import KEEP_SECONDS, session_state
from headshot.ui.studio import studio

FIRST_LOOK = "linkedin"
README = Path(__file__).resolve().parents[2] / "README.md"  # its Privacy section is the page's: one truth
PRIVACY = "Photos stay in memory, are forgotten after {minutes} minutes without use, never stored, never trained on."


def build(*, ask_consent: bool = False) -> Page:
    """The page. `ask_consent`: the app is served to others, so a line of consent stands before the first result,
    and visitors cannot start downloads of weights on this machine.
    """
    looks = [direct(name) for name in load_presets()]
    parts = Parts()
    with Page(title="Headshot", analytics_enabled=False, fill_width=True) as page:
        parts.session, parts.waiting = session_state(), session_state()
        parts.wanted = gr.State(0)
        parts.loaded_looks = gr.State(LoadedLooks())  # no photo in it: it stays when the photo goes
        gr.HTML(header_html("Headshot"), elem_id="top", **BARE)
        parts.saved = download(elem_id="saved")
        with gr.Tabs(elem_classes=["hs-tabs"], elem_id="tabs"):
            with gr.Tab("Studio", id="make"):
                many = studio(parts, FIRST_LOOK, looks=gallery_looks(looks), ask_consent=ask_consent)
            with gr.Tab("Check a picture", id="judge") as tab:
                judge = JudgeTab(tab, parts.saved, parts.session, ask_consent=ask_consent)
        # Last for Tab, though it stands in the header: the way to the download comes first.
        parts.keys = keys(KEEP_SECONDS, elem_id="keys")
        with gr.Column(elem_id="foot"):
            gr.HTML(footer_html(tr(PRIVACY, minutes=KEEP_SECONDS // 60)), **BARE)
            with gr.Accordion("Privacy: what happens to a photo", open=False, elem_id="privacy"):
                gr.Markdown(section(README.read_text(encoding="utf-8"), "Privacy") if README.is_file() else "")
        many.connect(wire(page, parts, looks, ask_consent=ask_consent), parts)
        if ask_consent:
            remember(page, parts.consent, judge.consent)
        endpoints(ask_consent=ask_consent)
    return page
