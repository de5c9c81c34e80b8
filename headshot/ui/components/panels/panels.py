"""Which part of the studio is in sight: looks, controls, report, saving. Kept in the browser alone."""

from __future__ import annotations

from typing import Any

import gradio as gr

from headshot.ui.components.component import component


def panels(**settings: Any) -> gr.HTML:
    """A gr.HTML that writes the name of the chosen part ("looks", "adjust", "check", "save") to `data-panel` of
    #studio, where page.css reads it. Any script chooses one by the document's event `headshot-panel`.
    """
    return component(__file__, **settings)
