"""Pieces of layout that the tabs share."""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr


def download_row(
    choices: Sequence[tuple[str, str]],
    value: str,
    prefix: str = "",
    *,
    label: str = "Download",
    primary: bool = True,
) -> tuple[gr.Dropdown, gr.Button]:
    """The choice of (label, name) to download and the button for it. `prefix` of their ids."""
    with gr.Row(elem_classes=["hs-actions"], equal_height=True):
        kind = gr.Dropdown(
            list(choices),
            value=value,
            show_label=False,
            container=False,
            label="What to download",
            elem_id=f"{prefix}kind",
            scale=3,
            min_width=120,
        )
        save = gr.Button(
            label,
            variant="primary" if primary else "secondary",
            elem_id=f"{prefix}save",
            interactive=False,
            scale=2,
            min_width=120,
        )
    return kind, save
