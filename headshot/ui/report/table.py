"""The authenticity report as one table. Pure functions; every word is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from headshot.authenticity.labels import (
    KEPT_STATES,
    KEPT_TITLE,
    KINDS,
    STATES,
    capitalised,
    finding_title,
    number,
)
from headshot.authenticity.report_rows import report_rows
from headshot.authenticity.thresholds import measures
from headshot.canvas.doubt_picture import TITLE as DOUBT
from headshot.files.data_url import data_url
from headshot.language import tr
from headshot.studio.adjustments import ADJUSTMENTS
from headshot.types import U8, AuthenticityReport, Finding, State

_WAY_OUT = "own-background"

_NO_AVERAGE = (
    "The overall word is that of the worst measure, never an average. A face recogniser’s opinion is no proof of who "
    "somebody is."
)


def report_html(report: AuthenticityReport, summary: str, doubt: U8 | None = None) -> str:
    """Write the whole report: `summary` in words, one table with what strikes first, and below it why to believe it.

    `doubt`: the photo with the places marked where the cut-out may be wrong (canvas/doubt_picture.py). A row whose
    measure looks at a region of the face has a button that shows it on the stage (compare.js).
    """
    rows = report_rows(report)
    parts = [
        _part("", (_row(f, doubt) for f in (*rows.striking, *rows.ordinary))),
        _part(tr("Not measured"), (_shared(group) for group in rows.missing)),
        _part(
            tr("For information"),
            (_line(State.GREY, _titles(told), sentence) for sentence, told in rows.informing.items()),
        ),
        _part(
            tr(KEPT_TITLE),
            (
                _line(KEPT_STATES[state], capitalised(", ".join(things)), sentence, word=tr(state.capitalize()))
                for (state, sentence), things in rows.kept.items()
            ),
            "hs-kept",
        ),
    ]
    word = escape(STATES[report.verdict].title)
    titles = (tr("Says"), tr("Measure"), tr("On the picture"))
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
    return (
        f'<section class="hs-report" aria-label="{escape(tr("Authenticity report"))}">'
        f'<p class="hs-summary hs-{report.verdict}"><strong class="hs-word">{word}.</strong> {escape(summary)}</p>'
        f'<table class="hs-table"><caption class="hs-sr">{escape(tr("What was compared with your photo"))}</caption>'
        f'<thead class="hs-sr"><tr>{head}</tr></thead>{"".join(parts)}</table>{_why(report)}</section>'
    )


def _part(title: str, rows: Iterable[str], name: str = "") -> str:
    """Join the rows of one part of the table; "" for none."""
    inside = "".join(rows)
    if not inside:
        return ""
    head = f'<tr class="hs-part-title"><th colspan="3" scope="rowgroup">{escape(title)}</th></tr>' if title else ""
    return f'<tbody class="{name}">{head}{inside}</tbody>'


def _row(finding: Finding, doubt: U8 | None) -> str:
    below = _doubt(doubt) if doubt is not None and finding.id == "cutout" and finding.state >= State.AMBER else ""
    word = STATES[finding.state].short
    return _line(finding.state, finding_title(finding), finding.sentence, word, finding) + below


def _doubt(picture: U8) -> str:
    """Write the marked photo and the way out, which presses the adjustment of that name (report/card.py)."""
    label = escape(tr(ADJUSTMENTS[_WAY_OUT].label))
    words = tr("{title}. A click on the picture can mend it, or:", title=tr(DOUBT))
    alt = tr("Your photo, marked where the cut-out may be wrong")
    return (
        f'<tr class="hs-marked"><td></td><td colspan="2"><figure class="hs-doubt">'
        f'<img src="{data_url(picture, 85, 640)}" alt="{escape(alt)}">'
        f"<figcaption>{escape(words)}"
        f'</figcaption><button type="button" class="hs-way-out" data-adjust="{_WAY_OUT}">{label}'
        "</button></figure></td></tr>"
    )


def _shared(findings: Sequence[Finding]) -> str:
    """Write the row of measures that are missing for one and the same reason."""
    return _line(State.GREY, _titles(findings), findings[0].sentence)


def _line(state: State, title: str, sentence: str, word: str = "", finding: Finding | None = None) -> str:
    strikes = state >= State.AMBER or (word and finding is None)
    tag = f' <span class="hs-word">{escape(word)}</span>' if strikes and word else ""
    return (
        f'<tr class="hs-finding hs-{state}"><td><span class="hs-sign" aria-hidden="true">{STATES[state].symbol}</span>'
        f'<span class="hs-sr">{escape(word or STATES[state].short)}</span></td>'
        f'<th scope="row">{escape(title)}{tag}<p class="hs-sentence">{escape(sentence)}</p></th>'
        f"<td>{_show(finding)}</td></tr>"
    )


def _show(finding: Finding | None) -> str:
    measure = measures().get(finding.id) if finding is not None else None
    if finding is None or measure is None or not measure.region:
        return ""
    label, name = tr("Show me"), escape(finding_title(finding))
    return (
        f'<button type="button" class="hs-show" data-region="{measure.region}" aria-label="{label}: {name}">'
        f"{label}</button>"
    )


def _titles(findings: Sequence[Finding]) -> str:
    return ", ".join(finding_title(f) for f in findings)


def _figure(finding: Finding) -> str:
    return "" if finding.value is None else f": {number(finding.value, finding.unit)}"


def _why(report: AuthenticityReport) -> str:
    """Write each figure, how it was measured and where its cuts come from, and what the overall word is."""
    methods = "".join(
        f"<dt>{escape(finding_title(f) + _figure(f))}</dt>"
        f"<dd>{' '.join(filter(None, map(_sentence, (f.method, f.threshold))))}{_source(f.source)}</dd>"
        for f in report.findings
    )
    kind = KINDS.get(report.kind, report.kind)
    return (
        f'<details class="hs-why"><summary>{tr("Why believe this?")}</summary>'
        f"<p>{escape(kind)} {tr(_NO_AVERAGE)}</p><dl>{methods}</dl></details>"
    )


def _sentence(text: str) -> str:
    return f"{escape(capitalised(text.rstrip('.')))}." if text else ""


def _source(source: str) -> str:
    text = escape(source)
    if source.startswith("https://") and " " not in source:
        return f' <a href="{text}" target="_blank" rel="noopener noreferrer">{text}</a>'
    return f" {text}" if text else ""
