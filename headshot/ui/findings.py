"""The photo check and the authenticity report as HTML. Pure functions; every word is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from headshot.types import AuthenticityReport, Check, Finding, State

# A colour is never the only sign: a symbol and a word go with it.
SYMBOLS: Mapping[State, str] = {"green": "✓", "amber": "!", "red": "✕", "grey": "○"}
CHECK_WORDS: Mapping[State, str] = {"green": "Good", "amber": "Could be better", "red": "Problem", "grey": "Not measured"}
FINDING_WORDS: Mapping[State, str] = {
    "green": "Within ordinary variation",
    "amber": "Look here",
    "red": "Changed",
    "grey": "Not measured",
}


def _sign(state: State) -> str:
    return f'<span class="hs-sign" aria-hidden="true">{SYMBOLS[state]}</span>'


def number(value: float, unit: str = "") -> str:
    """A figure with its unit, three significant digits, and a true minus sign."""
    text = f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    space = "" if unit in ("%", "°", "") else " "
    return text.replace("-", "−") + space + unit


def checks_html(checks: Sequence[Check]) -> str:
    """The lines of the photo check, in the order given; empty for no checks."""
    if not checks:
        return ""
    lines = []
    for check in checks:
        remedy = f' <span class="hs-remedy">{escape(check.remedy)}</span>' if check.remedy else ""
        lines.append(
            f'<li class="hs-check hs-{check.state}">{_sign(check.state)}'
            f'<span><strong class="hs-word">{CHECK_WORDS[check.state]}</strong> '
            f"{escape(check.sentence)}{remedy}</span></li>"
        )
    return f'<ul class="hs-checks" aria-label="Photo check">{"".join(lines)}</ul>'


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


def finding_title(finding: Finding) -> str:
    """The finding's title, or its id in words."""
    return finding.title or finding.id.replace("_", " ").capitalize()


def _row(finding: Finding, decides: bool) -> str:
    # Grey with a figure is no failure to measure: it is shown and judges nothing.
    shown = finding.state == "grey" and finding.value is not None and not decides
    word = "For information" if shown else FINDING_WORDS[finding.state]
    return (
        f'<li class="hs-finding hs-{finding.state}">{_sign(finding.state)}<div class="hs-what">'
        f'<p class="hs-title"><strong>{escape(finding_title(finding))}</strong> '
        f'<span class="hs-word">{word}</span></p>'
        f'<p class="hs-sentence">{escape(finding.sentence)}</p>{_figures(finding)}</div></li>'
    )


def report_html(report: AuthenticityReport, summary: str) -> str:
    """The whole report: the verdict with `summary`, the axes that decide, and the rest folded away.

    The verdict is the worst axis (AuthenticityReport.verdict); it is shown in words, never as a mark.
    """
    deciding = [f for f in report.findings if f.id in report.axes]
    others = [f for f in report.findings if f.id not in report.axes]
    verdict = report.verdict
    parts = [
        f'<div class="hs-verdict hs-{verdict}">{_sign(verdict)}<div>'
        f'<p class="hs-word">{FINDING_WORDS[verdict]}</p><p class="hs-sentence">{escape(summary)}</p></div></div>'
    ]
    if deciding:
        parts.append(f'<ul class="hs-findings">{"".join(_row(f, True) for f in deciding)}</ul>')
    if others:
        rows = "".join(_row(f, False) for f in others)
        parts.append(
            f'<details class="hs-more"><summary>{len(others)} more, for information</summary>'
            f'<ul class="hs-findings">{rows}</ul></details>'
        )
    if report.regime:
        parts.append(f'<p class="hs-regime">{escape(report.regime)}</p>')
    return f'<section class="hs-report" aria-label="Authenticity report">{"".join(parts)}</section>'
