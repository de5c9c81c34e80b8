"""A field that finds a control by its name, in the browser alone."""

from __future__ import annotations

from typing import Any

import gradio as gr

from headshot.ui.components.component import component


def control_search(**settings: Any) -> gr.HTML:
    """A gr.HTML with a search field: of the controls beside it (`set-…` in a `.hs-group`) it shows those whose words
    it finds.
    """
    return component(__file__, **settings)
