"""The photo check and the authenticity report as HTML. Pure functions; every word is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from types import MappingProxyType

from headshot.authenticity.labels import KINDS, STATES, chip_title, finding_title, grouped_by_reason, note_state, number
from headshot.canvas.doubt_picture import TITLE as DOUBT
from headshot.errors import UserError
from headshot.files.data_url import data_url
from headshot.studio.adjustments import ADJUSTMENTS
from headshot.types import U8, AuthenticityReport, Check, Finding, State

_WAY_OUT = "own-background"


def _sign(state: State) -> str:
    return f'<span class="hs-sign" aria-hidden="true">{STATES[state].symbol}</span>'


def checks_html(checks: Sequence[Check], notes: Sequence[str] = ()) -> str:
    """Write the lines of the photo check; what is good is folded into one line. Empty for no checks.

    `notes`: on how the photo was read, a quiet line each.
    """
    if not checks:
        return ""
    good = [c for c in checks if c.state == State.GREEN]
    lines = [_check(c, note_state(c)) for c in checks if c.state != State.GREEN]
    if good and len(good) < len(checks):
        lines.append(_folded(good, f"{len(good)} of {len(checks)} checks are fine"))
    elif good:
        lines.append(_folded(good, "A good photo for a headshot"))
    read = "".join(f'<p class="hs-quiet">{escape(note)}</p>' for note in notes)
    return f'<ul class="hs-checks" aria-label="Photo check">{"".join(lines)}</ul>{read}'


def fault_html(fault: UserError, about: str = "photo") -> str:
    """Write a fault as a line of the photo check. `about`: the check's name."""
    line = _check(Check(about, State.RED, fault.message, fault.hint), State.RED)
    return f'<ul class="hs-checks" aria-label="Photo check">{line}</ul>'


def _check(check: Check, shown: State) -> str:
    remedy = f' <span class="hs-remedy">{escape(check.remedy)}</span>' if check.remedy else ""
    return (
        f'<li class="hs-check hs-{shown}">{_sign(shown)}'
        f'<span><strong class="hs-word">{STATES[check.state].check}</strong> '
        f"{escape(check.sentence)}{remedy}</span></li>"
    )


def _folded(good: Sequence[Check], title: str) -> str:
    inside = "".join(f"<li>{escape(c.sentence)}</li>" for c in good)
    return (
        f'<li class="hs-check hs-green">{_sign(State.GREEN)}<details><summary>{escape(title)}</summary>'
        f"<ul>{inside}</ul></details></li>"
    )


def _source(source: str) -> str:
    text = escape(source)
    if source.startswith("https://") and " " not in source:
        return f'<a href="{text}" target="_blank" rel="noopener noreferrer">{text}</a>'
    return text


def _figures(finding: Finding) -> str:
    pairs = []
    if finding.value is not None:
        pairs.append(("Value", escape(number(finding.value, finding.unit))))
    for term, text in (("Method", finding.method), ("Cuts", finding.threshold)):
        if text:
            pairs.append((term, escape(text)))
    if finding.source:
        pairs.append(("Source", _source(finding.source)))
    if not pairs:
        return ""
    rows = "".join(f"<dt>{term}</dt><dd>{text}</dd>" for term, text in pairs)
    return f'<details class="hs-figures"><summary>Figures</summary><dl>{rows}</dl></details>'


def _row(finding: Finding, decides: bool, below: str = "") -> str:
    # Grey with a figure is no failure to measure: it is shown and judges nothing.
    shown = finding.state == State.GREY and finding.value is not None and not decides
    word = "For information" if shown else STATES[finding.state].title
    return (
        f'<li class="hs-finding hs-{finding.state}">{_sign(finding.state)}<div class="hs-what">'
        f'<p class="hs-title"><strong>{escape(finding_title(finding))}</strong> '
        f'<span class="hs-word">{word}</span></p>'
        f'<p class="hs-sentence">{escape(finding.sentence)}</p>{below}{_figures(finding)}</div></li>'
    )


def _rows(findings: Sequence[Finding], decide: bool, below: Mapping[str, str] = MappingProxyType({})) -> str:
    """A row each, with what stands `below` its sentence by the finding's id.

    Measures that are missing for one and the same reason share a row.
    """
    shared = {group[0].id: group for group in grouped_by_reason(findings) if len(group) > 1}
    within = {f.id for group in shared.values() for f in group}
    rows = [
        _missing(shared[f.id]) if f.id in shared else _row(f, decide, below.get(f.id, ""))
        for f in findings
        if f.id in shared or f.id not in within
    ]
    return f'<ul class="hs-findings">{"".join(rows)}</ul>'


def _missing(findings: Sequence[Finding]) -> str:
    titles = ", ".join(escape(finding_title(f)) for f in findings)
    methods = "".join(f"<dt>{escape(finding_title(f))}</dt><dd>{escape(f.method)}</dd>" for f in findings)
    return (
        f'<li class="hs-finding hs-grey">{_sign(State.GREY)}<div class="hs-what">'
        f'<p class="hs-title"><strong>{titles}</strong> <span class="hs-word">{STATES[State.GREY].title}</span></p>'
        f'<p class="hs-sentence">{escape(findings[0].sentence)}</p>'
        f'<details class="hs-figures"><summary>How they are measured</summary><dl>{methods}</dl></details></div></li>'
    )


def _doubt(picture: U8) -> str:
    """The marked photo and the way out, which presses the adjustment of that name (report/card.py)."""
    label = escape(ADJUSTMENTS[_WAY_OUT].label)
    return (
        f'<figure class="hs-doubt"><img src="{data_url(picture, 85, 640)}" alt="Your photo, marked where the cut-out '
        f'may be wrong"><figcaption>{escape(DOUBT)}. A click on the picture can mend it, or:</figcaption>'
        f'<button type="button" class="hs-way-out" data-adjust="{_WAY_OUT}">{label}</button></figure>'
    )


def _more(title: str, findings: Sequence[Finding], decide: bool) -> str:
    return f'<details class="hs-more"><summary>{escape(title)}</summary>{_rows(findings, decide)}</details>'


def report_html(report: AuthenticityReport, summary: str, doubt: U8 | None = None) -> str:
    """Write the whole report: the verdict with `summary`, what strikes, what does not in one line, the figures folded.

    The verdict is the worst axis (AuthenticityReport.verdict); it is shown in words, never as a mark. `doubt`: the
    photo with the places marked where the cut-out may be wrong (canvas/doubt_picture.py).
    """
    below = {} if doubt is None else {"cutout": _doubt(doubt)}
    deciding = report.deciding_findings
    others = [f for f in report.findings if f.id not in report.deciding]
    verdict = report.verdict
    parts = [
        f'<div class="hs-verdict hs-{verdict}">{_sign(verdict)}<div>'
        f'<p class="hs-word">{STATES[verdict].title}</p><p class="hs-sentence">{escape(summary)}</p></div></div>'
    ]
    striking = [f for f in deciding if f.state >= State.AMBER]
    if striking:
        parts.append(_rows(striking, True, below))
    quiet = [f for f in deciding if f.state < State.AMBER]
    if quiet:
        chips = "".join(
            f'<li class="hs-chip hs-{f.state}"><span aria-hidden="true">{STATES[f.state].symbol}</span> '
            f'{escape(chip_title(f))}<span class="hs-sr">: {STATES[f.state].title}</span></li>'
            for f in quiet
        )
        parts.append(f'<ul class="hs-chips">{chips}</ul>')
        parts.append(_more(f"Show the figures of these {len(quiet)}", quiet, True))
    if others:
        parts.append(_more(f"{len(others)} more, for information", others, False))
    if report.kind:
        parts.append(f'<p class="hs-regime">{escape(KINDS.get(report.kind, report.kind))}</p>')
    return f'<section class="hs-report" aria-label="Authenticity report">{"".join(parts)}</section>'
