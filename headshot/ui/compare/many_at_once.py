"""The folded parts below the controls that make several pictures: a grid, a search, several seeds, a team."""

from __future__ import annotations

import gradio as gr

from headshot.ui.compare.best_of import BestOf
from headshot.ui.compare.furthest import Furthest
from headshot.ui.compare.sheet import Sheet
from headshot.ui.compare.team import Team
from headshot.ui.make.parts import MakePage, Parts


class ManyAtOnce:
    """The parts, laid out in the open container; `connect` wires them."""

    def __init__(self, *, ready: bool) -> None:
        """`ready`: a generator is there, which several seeds need."""
        with gr.Accordion("Vary two settings as a grid", open=False, elem_id="vary") as vary:
            self.sheet = Sheet()
        with gr.Accordion("As far as you stay you", open=False, elem_id="how-far"):
            self.furthest = Furthest()
        with gr.Accordion("Best of several", open=False, elem_id="best-of", visible=ready) as best:
            self.best_of = BestOf(best)
        with gr.Accordion("A team in this look", open=False, elem_id="team"):
            self.team = Team()
        self._vary = vary

    def connect(self, page: MakePage, parts: Parts) -> None:
        """Wire the parts to the studio."""
        self.sheet.connect(page, parts, self._vary.expand)
        self.furthest.connect(page, parts)
        self.best_of.connect(page, parts)
        self.team.connect(page, parts)
