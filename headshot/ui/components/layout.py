"""Columns and cards: the layout that the tabs share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import gradio as gr

from headshot.ui.components.html import BARE, step_html


def two_columns() -> gr.Row:
    """The row of a tab: `left` and `right` side by side, on a phone below each other."""
    return gr.Row(elem_classes=["hs-page", "hs-flow", "hs-tab"])


def left(scale: int = 4, min_width: int = 300) -> gr.Column:
    """The column of what is asked; it stays in sight while the other one scrolls."""
    return gr.Column(scale=scale, min_width=min_width, elem_classes=["hs-left"])


def right(scale: int = 9) -> gr.Column:
    """The column of what comes of it."""
    return gr.Column(scale=scale, min_width=320, elem_classes=["hs-right"])


@contextmanager
def card(order: int, step: int | None = None, title: str = "", term: str = "", *, seen: bool = False) -> Iterator[None]:
    """A card. `order`: its place on a phone; `step`, `title`, `term`: its heading, see `step_html`; `seen`: it holds
    pictures that the line-up hides.
    """
    with gr.Column(elem_classes=["hs-card", f"hs-o{order}", *(["hs-seen"] if seen else [])]):
        if step is not None:
            gr.HTML(step_html(step, title, term), **BARE)
        yield


def download_row(
    choices: Sequence[tuple[str, str]], value: str, prefix: str = "", *, primary: bool = True, seen: bool = False
) -> tuple[gr.Dropdown, gr.Button]:
    """The choice of (label, name) to download and the button for it. `prefix` of their ids; `seen`: see `card`."""
    with gr.Row(elem_classes=["hs-actions", *(["hs-seen"] if seen else [])], equal_height=True):
        kind = gr.Dropdown(
            list(choices),
            value=value,
            show_label=False,
            label="What to download",
            elem_id=f"{prefix}kind",
            scale=3,
            min_width=180,
        )
        save = gr.Button(
            "Download",
            variant="primary" if primary else "secondary",
            elem_id=f"{prefix}save",
            interactive=False,
            scale=2,
            min_width=130,
        )
    return kind, save
