"""The tab "Worth it?": ranges of what one assumes, and what follows from them, in words."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import gradio as gr

from headshot.authenticity.labels import STATES
from headshot.errors import UserError
from headshot.studio.worth import ASSUMPTIONS, Worth, defaults, worth
from headshot.types import AuthenticityReport, State
from headshot.ui.components.events import NEWEST, QUIET
from headshot.ui.components.html import BARE
from headshot.ui.components.layout import card
from headshot.ui.components.ranges.ranges import ranges
from headshot.ui.judge.session import JudgeSession
from headshot.ui.make.session import MakeSession

_BASIS = (
    "This is a sum of your own assumptions, not a forecast. Ringover’s figures come from one survey that a vendor paid "
    "for, of recruiters alone; your field may differ. 88% of those asked want to be told when a picture is AI."
)
_NO_REPORT = "No picture was judged yet. Make one or judge one on the other tabs, and its report counts here."


def worth_tab(tab: gr.Tab, made: gr.State, judged: gr.State) -> None:
    """Lay out and connect the tab in the open container. `made`, `judged`: the sessions of "Make" and "Judge"."""
    with gr.Row(elem_classes=["hs-page", "hs-flow"]):
        with gr.Column(scale=6, min_width=320):
            with card(1, 1, "What you assume", "ranges"):
                given = ranges(ASSUMPTIONS, defaults(), elem_id="ranges")
                back = gr.Button("Back to the defaults", size="sm", elem_id="worth-defaults")
        with gr.Column(scale=6, min_width=320, elem_classes=["hs-left"]):
            with card(2, 2, "Is it worth it?"):
                answer = gr.HTML(worth_html(worth(defaults()), _NO_REPORT), elem_id="worth", **BARE)

    def weigh(values: Mapping[str, Any] | None, make: MakeSession | None, judge: JudgeSession | None) -> str:
        report, where = newest_report(make, judge)
        try:
            return worth_html(worth({k: tuple(v) for k, v in (values or {}).items()}, report), where)
        except (UserError, TypeError) as fault:
            return f'<p class="hs-quiet">{escape(str(fault))}</p>'

    request = [given, made, judged]
    given.input(weigh, request, answer, **NEWEST)
    tab.select(weigh, request, answer, **QUIET)
    back.click(lambda: {k: list(v) for k, v in defaults().items()}, None, given, **QUIET).success(
        weigh, request, answer, **QUIET
    )


def newest_report(made: MakeSession | None, judged: JudgeSession | None) -> tuple[AuthenticityReport | None, str]:
    """The report that was measured last on the two tabs, and a sentence that says which."""
    found = []
    if made is not None and made.report is not None:
        found.append((made.measured, made.report, "With the report on the headshot from “Make”."))
    if judged is not None and judged.report is not None:
        found.append((judged.measured, judged.report, "With the report on the picture from “Judge”."))
    if not found:
        return None, _NO_REPORT
    _, report, where = max(found, key=lambda f: f[0])
    return report, where


def worth_html(result: Worth, where: str) -> str:
    """The answer as HTML: a headline, the sums in words, and what to change. Every word is escaped."""
    lines = "".join(f"<li>{escape(line)}</li>" for line in result.lines)
    changes = ""
    if result.changes:
        items = "".join(f"<li>{escape(step)}</li>" for step in result.changes)
        changes = f'<p><strong>What to change</strong></p><ul class="hs-change hs-amber">{items}</ul>'
    head = f'<p class="hs-headline">{escape(result.headline)}</p>'
    if result.not_as_it_is:
        head = (
            f'<div class="hs-verdict hs-red"><span class="hs-sign" aria-hidden="true">{STATES[State.RED].symbol}</span>'
            f'<p class="hs-headline">{escape(result.headline)}</p></div>'
        )
    return (
        f'<section class="hs-worth" aria-label="Is it worth it?">{head}<ul>{lines}</ul>{changes}'
        f'<p class="hs-quiet">{escape(where)}</p><p class="hs-quiet">{escape(_BASIS)}</p></section>'
    )
