"""The tab "Compare": many at once, any two, how far it may go, the best of several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from headshot.ui.compare.any_two import AnyTwoTab
from headshot.ui.compare.best_of import BestOfTab
from headshot.ui.compare.furthest import FurthestTab
from headshot.ui.compare.sheet import SheetTab
from headshot.ui.make.parts import MakePage, Parts


class CompareTab:
    """The tab and the tabs within it."""

    def __init__(self, opened: Callable[..., Any]) -> None:
        """Lay it out in the open container, which comes into sight with the event `opened`; `connect` wires it."""
        self._opened = opened
        with gr.Tabs(elem_classes=["hs-segments"], elem_id="compare-tabs"):
            with gr.Tab("Contact sheet", id="contact-sheet"):
                self.sheet = SheetTab()
            with gr.Tab("Any two", id="any-two") as two:
                self.any_two = AnyTwoTab()
            with gr.Tab("How far?", id="how-far"):
                self.furthest = FurthestTab()
            with gr.Tab("Best of several", id="best-of") as best:
                self.best_of = BestOfTab()
        self._two_opened, self._best_opened = two.select, best.select

    def connect(self, page: MakePage, parts: Parts) -> None:
        """Wire the tabs to "Make"."""
        self.sheet.connect(page, parts, self._opened)
        self.any_two.connect(parts, self.sheet.job, self._two_opened)
        self.furthest.connect(page, parts)
        self.best_of.connect(page, parts, self._best_opened)
