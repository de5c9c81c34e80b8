"""The tab "Compare": many at once, any two, how far it may go, the best of several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from headshot.types import Headshot
from headshot.ui.compare import any_two as two_tab
from headshot.ui.compare import best_of as best_tab
from headshot.ui.compare import furthest as far_tab
from headshot.ui.compare import sheet as sheet_tab
from headshot.ui.make.form import fields, filled
from headshot.ui.make.session import MakeSession

if TYPE_CHECKING:
    from headshot.ui.parts import Parts


@dataclass
class CompareParts:
    """The tab's parts, and the inner tabs by what stands in them."""

    sheet: Any = None
    pair: Any = None
    far: Any = None
    best: Any = None
    opened: Any = None
    two_opened: Any = None
    best_opened: Any = None


def compare_tab(opened: Any) -> CompareParts:
    """Lay the tab out in the open container, whose event `opened` is; `connect` wires it."""
    tab = CompareParts(opened=opened)
    with gr.Tabs(elem_classes=["hs-segments"], elem_id="compare-tabs"):
        with gr.Tab("Contact sheet", id="contact-sheet"):
            tab.sheet = sheet_tab.sheet_tab()
        with gr.Tab("Any two", id="any-two") as two:
            tab.pair = two_tab.two_tab()
        with gr.Tab("How far?", id="how-far"):
            tab.far = far_tab.far_tab()
        with gr.Tab("Best of several", id="best-of") as best:
            tab.best = best_tab.best_tab()
    tab.two_opened, tab.best_opened = two.select, best.select
    return tab


def connect(
    tab: CompareParts,
    parts: Parts,
    *,
    refused: Callable[[MakeSession | None, bool], str],
    picture: Callable[[MakeSession, Headshot], dict[Any, Any]],
    measured: tuple[Any, Any, Any],
    shown: list[Any],
    changed: Sequence[Any],
) -> None:
    """Wire the parts to the page; the arguments are those of `sheet_tab.connect`."""

    def taken(session: MakeSession, result: Headshot) -> dict[Any, Any]:
        session.begin()  # an older request must not paint over it
        session.keep(result)
        return {
            **filled(parts, result.direction, result.engine),
            **picture(session, result),
            parts.tabs: gr.Tabs(selected="make"),
        }

    sheet_tab.connect(
        tab.sheet,
        parts,
        opened=tab.opened,
        refused=refused,
        picture=picture,
        measured=measured,
        shown=shown,
        changed=changed,
    )
    two_tab.connect(tab.pair, parts, tab.sheet.session, tab.two_opened)
    more: dict[str, Any] = {
        "changed": changed,
        "refused": refused,
        "taken": taken,
        "measured": measured,
        "outputs": [*fields(parts), parts.engine, *shown, parts.tabs],
    }
    far_tab.connect(tab.far, parts, **more)
    best_tab.connect(tab.best, parts, opened=tab.best_opened, **more)
