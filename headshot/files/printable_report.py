"""The report as one printable page: self-contained HTML for A4 or Letter, with the pictures inside as data URLs."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from headshot.authenticity.labels import KINDS, STATES, finding_title, grouped_by_reason, number
from headshot.files.data_url import data_url
from headshot.files.kept_rows import kept_rows
from headshot.text import asset
from headshot.types import U8, AuthenticityReport, Finding, State

_ROOMY = 14  # rows that fit beside a drawing at the usual size of type
_PICTURE = 640  # px, longer side: sharp enough at a third of a page's width


def report_page(
    report: AuthenticityReport,
    summary: str,
    pictures: Sequence[tuple[str, U8]] = (),
    *,
    notes: Sequence[str] = (),
    drawing: str = "",
) -> str:
    """A whole HTML document that needs no network and prints on one page.

    `pictures`: (name, (h, w, 3) uint8), shown beside each other; `notes`: plain sentences under the verdict;
    `drawing`: an inline SVG of this app (see ui.strip_plot), put in as it is.
    """
    figures = "".join(
        f'<figure><img src="{data_url(p, 88, _PICTURE)}" alt="{escape(name)}">'
        f"<figcaption>{escape(name)}</figcaption></figure>"
        for name, p in pictures
    )
    verdict = report.verdict
    said = "".join(f"<p>{escape(n)}</p>" for n in notes)
    rows = [
        *_deciding(report.deciding_findings),
        *_informing([f for f in report.findings if f.id not in report.deciding]),
    ]
    tight = ' class="tight"' if len(rows) + len(report.kept) > _ROOMY else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Is it still you? The report</title>'
        f"<style>{asset(__file__, 'printable_report.css')}</style></head><body{tight}><h1>Is it still you?</h1>"
        f'<div class="top"><div class="pair">{figures}</div>'
        f'<div class="verdict {verdict}"><b>{STATES[verdict].symbol} {STATES[verdict].title}</b>'
        f"<p>{escape(summary)}</p>{said}</div></div>"
        f"{f'<figure class=drawing>{drawing}</figure>' if drawing else ''}"
        "<table><thead><tr><th>Measure</th><th>Says</th><th>In words</th><th>Figure and cuts</th></tr></thead>"
        f"<tbody>{''.join(rows)}{kept_rows(report.kept)}</tbody></table>"
        f'<p class="foot">{escape(KINDS.get(report.kind, report.kind))} The overall word is that of the worst '
        "measure, never an average. A face recogniser’s opinion is no proof of who somebody is. How each figure is "
        f"measured: see the report’s JSON (form {report.SCHEMA}). Made with Headshot.</p></body></html>"
    )


def _deciding(findings: Sequence[Finding]) -> list[str]:
    """One row a finding, what strikes first; measures that are missing for the same reason share a row.

    Where something strikes, what is ordinary shares one: the sheet is for what strikes.
    """
    measured = [f for f in findings if f.value is not None]
    striking = [f for f in measured if f.state >= State.AMBER]
    ordinary = [f for f in measured if f not in striking]
    rows = [_row(f.state, finding_title(f), STATES[f.state].short, f.sentence, _figure(f)) for f in striking]
    if striking and len(ordinary) > 1:
        said = "; ".join(f"<b>{escape(finding_title(f))}</b> {_figure(f)}" for f in ordinary)
        rows.append(_wide(State.GREEN, f"{len(ordinary)} others", STATES[State.GREEN].short, f"{said}."))
    else:
        rows += [_row(f.state, finding_title(f), STATES[f.state].short, f.sentence, _figure(f)) for f in ordinary]
    for group in grouped_by_reason(findings):
        # Many names in the narrow first column would make a tall row.
        one, sentence = len(group) == 1, group[0].sentence
        said = sentence if one else f"{', '.join(map(finding_title, group))}. {sentence}"
        title = finding_title(group[0]) if one else f"{len(group)} others"
        rows.append(_wide(State.GREY, title, STATES[State.GREY].short, escape(said)))
    return rows


def _informing(findings: Sequence[Finding]) -> list[str]:
    """What would only inform in one row, and what of it is missing in another: the sheet has no room for more."""
    measured = [f for f in findings if f.value is not None]
    missing = [finding_title(f) for f in findings if f.value is None]
    rows = []
    if measured:
        said = " ".join(f"{escape(f.sentence)} {_aside(f'{finding_title(f)} {_value(f)}')}" for f in measured)
        rows.append(_wide(State.GREY, "For information", "Information", said))
    if missing:
        title = missing[0] if len(missing) == 1 else f"{len(missing)} others"
        why = "For information only; the report’s JSON says why."
        rows.append(_wide(State.GREY, title, STATES[State.GREY].short, escape(f"{', '.join(missing)}. {why}")))
    return rows


def _value(finding: Finding) -> str:
    return "" if finding.value is None else number(finding.value, finding.unit)


def _aside(text: str) -> str:
    return f'<span class="cuts">({escape(text)})</span>'


def _figure(finding: Finding) -> str:
    """The figure and its cuts, as HTML."""
    cuts = finding.threshold
    return f"{escape(_value(finding))}{f' {_aside(cuts)}' if cuts and cuts != 'information only' else ''}"


def _row(state: State, title: str, word: str, sentence: str, figure: str) -> str:
    return f'{_head(state, title, word)}<td>{escape(sentence)}</td><td class="v">{figure}</td></tr>'


def _wide(state: State, title: str, word: str, said: str) -> str:
    """A row without a figure of its own; `said` is HTML."""
    return f'{_head(state, title, word)}<td colspan="2">{said}</td></tr>'


def _head(state: State, title: str, word: str) -> str:
    return (
        f'<tr class="{state}"><th scope="row">{escape(title)}</th><td class="s">'
        f"{STATES[state].symbol} {escape(word)}</td>"
    )
