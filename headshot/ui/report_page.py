"""The report as one printable page: self-contained HTML for A4 or Letter, with the pictures inside as data URLs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from headshot.types import U8, AuthenticityReport, Finding, State
from headshot.ui.assets import asset
from headshot.ui.data_url import data_url
from headshot.ui.findings import FINDING_WORDS, REGIMES, SYMBOLS, finding_title, number
from headshot.ui.kept_html import kept_rows

_SHORT: Mapping[State, str] = {"green": "Ordinary", "amber": "Look here", "red": "Changed", "grey": "Not measured"}
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
    rows = [*_rows([f for f in report.findings if f.id in report.axes], True),
            *_rows([f for f in report.findings if f.id not in report.axes], False)]  # fmt: skip
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Is it still you? The report</title>'
        f"<style>{asset('report_page.css')}</style></head><body><h1>Is it still you?</h1>"
        f'<div class="top"><div class="pair">{figures}</div>'
        f'<div class="verdict {verdict}"><b>{SYMBOLS[verdict]} {FINDING_WORDS[verdict]}</b>'
        f"<p>{escape(summary)}</p>{said}</div></div>"
        f'{f"<figure class=drawing>{drawing}</figure>" if drawing else ""}'
        "<table><thead><tr><th>Measure</th><th>Says</th><th>In words</th><th>Figure and cuts</th></tr></thead>"
        f"<tbody>{''.join(rows)}{kept_rows(report.kept)}</tbody></table>"
        f'<p class="foot">{escape(REGIMES.get(report.regime, report.regime))} The overall word is that of the worst '
        "measure, never an average. A face recogniser’s opinion is no proof of who somebody is. How each figure is "
        f"measured: see the report’s JSON (form {report.SCHEMA}). Made with Headshot.</p></body></html>"
    )


def _rows(findings: Sequence[Finding], decide: bool) -> list[str]:
    """One row a finding; measures that are missing for the same reason share a row.

    Of what would only inform, all that is missing shares one: the sheet has no room for reasons that decide nothing.
    """
    rows, missing = [], dict[str, list[str]]()
    for f in findings:
        if f.value is None:
            reason = f.sentence if decide else "For information only; the report’s JSON says why."
            missing.setdefault(reason, []).append(finding_title(f))
            continue
        word = _SHORT[f.state] if decide or f.state != "grey" else "Information"
        rows.append(_row(f.state, finding_title(f), word, f.sentence, number(f.value, f.unit), f.threshold))
    for sentence, titles in missing.items():
        # Many names in the narrow first column would make a tall row.
        one = len(titles) == 1
        said = sentence if one else f"{', '.join(titles)}. {sentence}"
        rows.append(_row("grey", titles[0] if one else f"{len(titles)} others", _SHORT["grey"], said))
    return rows


def _row(state: State, title: str, word: str, sentence: str, value: str = "", cuts: str = "") -> str:
    aside = f' <span class="cuts">({escape(cuts)})</span>' if cuts and cuts != "information only" else ""
    figure = f"{escape(value)}{aside}"
    return (
        f'<tr class="{state}"><th scope="row">{escape(title)}</th>'
        f'<td class="s">{SYMBOLS[state]} {escape(word)}</td>'
        f'<td>{escape(sentence)}</td><td class="v">{figure}</td></tr>'
    )
