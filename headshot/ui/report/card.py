"""The report's card, the same in both tabs: by eye first if wanted, the report, own range, a closer look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from headshot.authenticity.blind_test import BlindPair
from headshot.authenticity.close_up import CloseUp
from headshot.authenticity.report import summary
from headshot.language import tr
from headshot.types import U8, AuthenticityReport
from headshot.ui.components.html import BARE, said_html
from headshot.ui.report.close_up_html import close_up_html, unnamed_html
from headshot.ui.report.table import report_html

_ASKING = "The report opens with your answers. Leave a question open if you like."

# A patch that is wider than the page begins with its middle.
_CENTRED = """
watch("value", () => requestAnimationFrame(() => {
  for (const row of element.querySelectorAll(".hs-two")) row.scrollLeft = (row.scrollWidth - row.clientWidth) / 2;
}));
"""
# The report's own button for an adjustment presses that one.
_WAY_OUT = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-adjust]");
  if (button) document.querySelector(`#going-on button[data-name="${button.dataset.adjust}"]`)?.click();
});
"""
_CLOSER, _AGAIN = "Look closer", "Look closer: being looked at again …"


@dataclass(frozen=True)
class ReportCard:
    """The components, and whether the closer look is open (`opened`). `outputs` in a handler's order."""

    by_eye: Any
    questions: Any
    pair: Any
    use: Any
    camera: Any
    go: Any
    report: Any
    closer: Any
    closer_view: Any
    opened: Any
    empty: str

    @property
    def outputs(self) -> list[Any]:
        return [
            self.questions,
            self.pair,
            self.use,
            self.camera,
            self.report,
            self.closer,
            self.closer_view,
            self.opened,
        ]

    def connect(self, look: Callable[[Any], CloseUp | None], desk: Any) -> None:
        """Wire the closer look: `look` makes it from the value of the state `desk` when it is opened."""
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        # Known at once: a report that comes while the look is being made must refresh it.
        self.closer.expand(lambda: True, None, self.opened, **quiet).then(
            lambda now: _seen_closer(look(now)),
            desk,
            self.closer_view,
            show_progress="minimal",
            api_visibility="private",
        )
        self.closer.collapse(lambda: False, None, self.opened, **quiet)


def by_eye_box(prefix: str) -> Any:
    """Lay out the switch for the questions before the report. `prefix` of its id."""
    return gr.Checkbox(
        False,
        label="Judge by eye first",
        elem_id=f"{prefix}by-eye",
        info="Both pictures without names, before any figure can sway you",
    )


def report_card(prefix: str, empty: str, by_eye: Any = None) -> ReportCard:
    """Lay the card's parts out in the column that is open. `prefix` of the ids; `empty`: HTML before any report;
    `by_eye`: the switch where it stands elsewhere.
    """
    with gr.Column(visible=False, elem_id=f"{prefix}blind", elem_classes=["hs-blind"]) as questions:
        pair = gr.HTML("", elem_id=f"{prefix}blind-pair", **BARE)
        use = gr.Radio(
            [("A", "A"), ("B", "B"), ("Neither", "-")], label="Which one would you use?", elem_id=f"{prefix}use"
        )
        camera = gr.Radio(
            [("A", "A"), ("B", "B"), ("I cannot tell", "-")],
            label="Which one is the camera’s?",
            elem_id=f"{prefix}camera",
        )
        go = gr.Button("Show the report", variant="primary", elem_id=f"{prefix}blind-go")
    report = gr.HTML(empty, elem_id=f"{prefix}report", js_on_load=_WAY_OUT, **BARE)
    with gr.Accordion(
        _CLOSER, open=False, visible=False, elem_id=f"{prefix}closer", elem_classes=["hs-seen"]
    ) as closer:
        closer_view = gr.HTML("", elem_id=f"{prefix}closer-view", js_on_load=_CENTRED, **BARE)
    by_eye = by_eye or by_eye_box(prefix)
    opened = gr.State(False)
    return ReportCard(by_eye, questions, pair, use, camera, go, report, closer, closer_view, opened, empty)


def cleared(card: ReportCard) -> dict[Any, Any]:
    """Give the answer that empties the card."""
    return {**_answered(card), **_shut(card), card.report: said_html(card.empty)}


def asked(card: ReportCard, original: U8, picture: U8, blind: BlindPair) -> dict[Any, Any]:
    """Give the answer that shows both pictures unnamed and keeps every figure back."""
    return {
        card.questions: gr.update(visible=True),
        card.pair: unnamed_html(blind.order(original, picture), tr("Two pictures without names"), ask=True),
        card.use: None,
        card.camera: None,
        card.report: f'<p class="hs-quiet">{escape(tr(_ASKING))}</p>',
        **_shut(card),
    }


def shown(
    card: ReportCard,
    report: AuthenticityReport,
    said: str = "",
    below: str = "",
    *,
    opened: bool = False,
    doubt: U8 | None = None,
) -> dict[Any, Any]:
    """Give the answer with the report. `said`: what was answered by eye; `below`: HTML under it, such as the own range;
    `opened`: a closer look is open, and `seen_again` follows; `doubt` as in `report_html`.
    """
    eye = f'<p class="hs-said">{escape(said)}</p>' if said else ""
    return {
        **_answered(card),
        card.report: eye + report_html(report, summary(report), doubt) + below,
        # What is open stays open, with what it shows, until the new look is there: the page does not jump.
        card.closer: gr.update(visible=True, label=tr(_AGAIN if opened else _CLOSER)),
        **({} if opened else {card.closer_view: ""}),
    }


def seen_again(card: ReportCard, found: CloseUp | None) -> dict[Any, Any]:
    """Give the answer with a new closer look in the place of the open one."""
    return {card.closer: gr.update(label=tr(_CLOSER)), card.closer_view: _seen_closer(found)}


def _seen_closer(found: CloseUp | None) -> str:
    none = f'<p class="hs-quiet">{escape(tr("There is no face to look at."))}</p>'
    return none if found is None else close_up_html(found)


def _answered(card: ReportCard) -> dict[Any, Any]:
    return {card.questions: gr.update(visible=False), card.pair: "", card.use: None, card.camera: None}


def _shut(card: ReportCard) -> dict[Any, Any]:
    return {
        card.closer: gr.update(visible=False, open=False, label=tr(_CLOSER)),
        card.closer_view: "",
        card.opened: False,
    }
