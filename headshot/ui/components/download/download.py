"""Saving a file in the browser from bytes in one message: nothing is written on this machine."""

from __future__ import annotations

import base64
import itertools
from typing import Any

import gradio as gr

from headshot.text import asset
from headshot.ui.components import component

_ids = itertools.count(1)


def download_value(name: str, mime: str, data: bytes) -> dict[str, Any]:
    """The value of `download` that saves `data` under `name` once."""
    return {"id": next(_ids), "name": name, "mime": mime, "data": base64.b64encode(data).decode()}


def download(**settings: Any) -> gr.HTML:
    """An invisible gr.HTML; each new `download_value` starts a download in the visitor's browser."""
    return gr.HTML(
        None,
        html_template="<span></span>",
        js_on_load=asset(component.__file__, "dom.js") + asset(__file__, "download.js"),
        apply_default_css=False,
        **{"elem_classes": ["hs-bare", "hs-sr"], **settings},
    )
