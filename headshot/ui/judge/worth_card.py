"""The last card of "Check a picture": is it worth it? Three questions, the rest filled in from what is known."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import gradio as gr

from headshot.authenticity.labels import STATES
from headshot.errors import UserError
from headshot.language import tr
from headshot.studio.worth import ASSUMPTIONS, Range, Worth, defaults, worth
from headshot.types import AuthenticityReport, State
from headshot.ui.components.events import NEWEST, QUIET
from headshot.ui.components.html import BARE
from headshot.ui.components.ranges.ranges import ranges
from headshot.ui.judge.session import JudgeSession
from headshot.ui.make.session import MakeSession

_ASKED = ("benefit", "hour", "photographer")
FREE: Mapping[str, Range] = {"price": (0, 0), "noticed": (0, 0)}  # of a picture of own pixels, made here
_BASIS = (
    "This is a sum of your own assumptions, not a forecast. Ringover’s figures come from one survey that a vendor paid "
    "for, of recruiters alone; your field may differ. 88% of those asked want to be told when a picture is AI."
)
_NO_REPORT = "No picture was judged yet. Make one in the studio or check one here, and its report counts."


def worth_card(card: gr.Accordion, made: gr.State, judged: gr.State) -> None:
    """Lay out and connect the card in the open container `card`. `made`, `judged`: the sessions of both tabs."""
    asked = [a for a in ASSUMPTIONS if a.key in _ASKED]
    rest = [a for a in ASSUMPTIONS if a.key not in _ASKED]
    start = defaults()
    answer = gr.HTML(worth_html(worth(start), _NO_REPORT), elem_id="worth", **BARE)
    given = ranges(asked, {a.key: start[a.key] for a in asked}, elem_id="ranges")
    with gr.Accordion("What else is assumed", open=False, elem_id="worth-more"):
        more = ranges(rest, {a.key: start[a.key] for a in rest}, elem_id="ranges-more")
        back = gr.Button("Back to what is known", size="sm", elem_id="worth-defaults")

    def weigh(
        values: Mapping[str, Any] | None,
        others: Mapping[str, Any] | None,
        make: MakeSession | None,
        judge: JudgeSession | None,
    ) -> str:
        report, where = newest_report(make, judge)
        try:
            merged = {k: tuple(v) for k, v in {**(values or {}), **(others or {})}.items()}
            return worth_html(worth(merged, report), where)
        except (UserError, TypeError) as fault:
            return f'<p class="hs-quiet">{escape(str(fault))}</p>'

    def fill_in(make: MakeSession | None, judge: JudgeSession | None) -> Any:
        """What is known of the picture: own pixels cost nothing, and no AI can be noticed in them."""
        report, _ = newest_report(make, judge)
        known = {**start, **(FREE if report is not None and report.kind == "own pixels" else {})}
        return [{a.key: list(known[a.key]) for a in part} for part in (asked, rest)]

    request = [given, more, made, judged]
    given.input(weigh, request, answer, **NEWEST)
    more.input(weigh, request, answer, **NEWEST)
    for event in (card.expand, back.click):
        event(fill_in, [made, judged], [given, more], **QUIET).success(weigh, request, answer, **QUIET)


def newest_report(made: MakeSession | None, judged: JudgeSession | None) -> tuple[AuthenticityReport | None, str]:
    """The report that was measured last on the two tabs, and a sentence that says which."""
    found = []
    if made is not None and made.report is not None:
        found.append((made.measured, made.report, tr("With the report on the headshot from the studio.")))
    if judged is not None and judged.report is not None:
        found.append((judged.measured, judged.report, tr("With the report on the picture that was checked here.")))
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
        changes = f'<p><strong>{escape(tr("What to change"))}</strong></p><ul class="hs-change hs-amber">{items}</ul>'
    head = f'<p class="hs-headline">{escape(result.headline)}</p>'
    if result.not_as_it_is:
        head = (
            f'<div class="hs-verdict hs-red"><span class="hs-sign" aria-hidden="true">{STATES[State.RED].symbol}</span>'
            f'<p class="hs-headline">{escape(result.headline)}</p></div>'
        )
    return (
        f'<section class="hs-worth" aria-label="{escape(tr("Is it worth it?"))}">{head}<ul>{lines}</ul>{changes}'
        f'<p class="hs-quiet">{escape(tr(where))}</p><p class="hs-quiet">{escape(tr(_BASIS))}</p></section>'
    )
