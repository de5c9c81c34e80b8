"""The report's card, the same in both tabs: by eye first if wanted, the report, own range, a closer look."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from headshot.authenticity.report import summary
from headshot.blind import BlindPair
from headshot.types import U8, AuthenticityReport
from headshot.ui.findings import report_html
from headshot.ui.kept_html import kept_html
from headshot.ui.pairs_html import unnamed_html

_BARE: dict[str, Any] = {"elem_classes": ["hs-bare"], "apply_default_css": False}
_ASKING = '<p class="hs-quiet">The report opens with your answers. Leave a question open if you like.</p>'


@dataclass(frozen=True)
class ReportCard:
    """The components; `outputs` in the order that a handler lists them."""

    by_eye: Any
    questions: Any
    pair: Any
    use: Any
    camera: Any
    go: Any
    report: Any
    closer: Any
    closer_view: Any
    empty: str

    @property
    def outputs(self) -> list[Any]:
        return [self.questions, self.pair, self.use, self.camera, self.report, self.closer, self.closer_view]


def by_eye_box(prefix: str) -> Any:
    """The switch for the questions before the report. `prefix` of its id."""
    return gr.Checkbox(
        False, label="Judge by eye first", elem_id=f"{prefix}by-eye",
        info="Both pictures without names, before any figure can sway you",
    )  # fmt: skip


def report_card(prefix: str, empty: str, by_eye: Any = None) -> ReportCard:
    """Lay the card's parts out in the column that is open. `prefix` of the ids; `empty`: HTML before any report;
    `by_eye`: the switch where it stands elsewhere.
    """
    by_eye = by_eye or by_eye_box(prefix)
    with gr.Column(visible=False, elem_id=f"{prefix}blind", elem_classes=["hs-blind"]) as questions:
        pair = gr.HTML("", elem_id=f"{prefix}blind-pair", **_BARE)
        use = gr.Radio([("A", "A"), ("B", "B"), ("Neither", "-")], label="Which one would you use?",
                       elem_id=f"{prefix}use")  # fmt: skip
        camera = gr.Radio([("A", "A"), ("B", "B"), ("I cannot tell", "-")], label="Which one is the camera’s?",
                          elem_id=f"{prefix}camera")  # fmt: skip
        go = gr.Button("Show the report", variant="primary", elem_id=f"{prefix}blind-go")
    report = gr.HTML(empty, elem_id=f"{prefix}report", **_BARE)
    with gr.Accordion("Look closer", open=False, visible=False, elem_id=f"{prefix}closer",
                      elem_classes=["hs-seen"]) as closer:  # fmt: skip
        closer_view = gr.HTML("", elem_id=f"{prefix}closer-view", **_BARE)
    return ReportCard(by_eye, questions, pair, use, camera, go, report, closer, closer_view, empty)


def cleared(card: ReportCard) -> dict[Any, Any]:
    """The answer that empties the card."""
    return {**_closed(card), card.report: card.empty, card.closer: gr.update(visible=False, open=False)}


def asked(card: ReportCard, original: U8, picture: U8, blind: BlindPair) -> dict[Any, Any]:
    """The answer that shows both pictures unnamed and keeps every figure back."""
    return {
        card.questions: gr.update(visible=True),
        card.pair: unnamed_html(blind.order(original, picture), "Two pictures without names", ask=True),
        card.use: None, card.camera: None, card.report: _ASKING,
        card.closer: gr.update(visible=False, open=False), card.closer_view: "",
    }  # fmt: skip


def shown(card: ReportCard, report: AuthenticityReport, said: str = "", below: str = "") -> dict[Any, Any]:
    """The answer with the report. `said`: what was answered by eye; `below`: HTML under it, such as the own range."""
    eye = f'<p class="hs-said">{escape(said)}</p>' if said else ""
    return {
        **_closed(card),
        card.report: eye + report_html(report, summary(report)) + kept_html(report.kept) + below,
        card.closer: gr.update(visible=True, open=False),
    }


def _closed(card: ReportCard) -> dict[Any, Any]:
    return {card.questions: gr.update(visible=False), card.pair: "", card.use: None, card.camera: None,
            card.closer_view: ""}  # fmt: skip
