"""The report as one printable page: self-contained HTML for A4 or Letter, with the pictures inside as data URLs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from headshot.authenticity.aligned_pair import AlignedPair
from headshot.authenticity.labels import (
    KEPT_STATES,
    KEPT_TITLE,
    KINDS,
    STATES,
    capitalised,
    finding_title,
    number,
)
from headshot.authenticity.recognition.own_range import Placed
from headshot.authenticity.report import summary as summary_of
from headshot.authenticity.report_rows import report_rows
from headshot.files.data_url import data_url
from headshot.files.own_range_plot import strip_plot_svg
from headshot.language import current, tr
from headshot.text import asset
from headshot.types import U8, AuthenticityReport

if TYPE_CHECKING:
    from jinja2 import Environment

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
    """Write the report as a whole HTML document that needs no network and prints on one page.

    `pictures`: (name, (h, w, 3) uint8), shown beside each other; `notes`: plain sentences under the verdict;
    `drawing`: an inline SVG of this app (see own_range_plot), put in as it is.

    One row a finding, what strikes first; where something strikes, what is ordinary shares a row. What would only
    inform shares one row, and what of it is missing another: the sheet has no room for more.
    """
    sorted_ = report_rows(report)
    folded = sorted_.ordinary if sorted_.striking and len(sorted_.ordinary) > 1 else ()
    rows = sorted_.striking if folded else sorted_.striking + sorted_.ordinary
    shared = sum(map(bool, (folded, sorted_.informing, sorted_.uninformed)))
    return (
        templates()
        .get_template("printable_report.html")
        .render(
            css=asset(__file__, "printable_report.css"),
            tight=len(rows) + len(sorted_.missing) + shared + len(report.kept) > _ROOMY,
            pictures=[(name, data_url(p, 88, _PICTURE)) for name, p in pictures],
            drawing=drawing,
            kind=KINDS.get(report.kind, report.kind),
            report=report,
            summary=summary,
            notes=notes,
            rows=rows,
            folded=folded,
            missing=sorted_.missing,
            informing=sorted_.informing,
            uninformed=sorted_.uninformed,
            kept=sorted_.kept,
        )
    )


def judged_page(report: AuthenticityReport, pair: AlignedPair, placed: Placed | None, notes: Sequence[str] = ()) -> str:
    """Write the report on two pictures from anywhere, the same page on the tab "Judge" and the command line.

    `placed`: the picture among the person's own photos, drawn where there are enough of them.
    """
    name = tr("The picture, turned back") if pair.mirrored else tr("The picture")
    pictures = ((tr("Your photo"), pair.original), (name, pair.picture))
    drawing = "" if placed is None or placed.range is None else strip_plot_svg(placed.range)
    return report_page(report, summary_of(report), pictures, notes=notes, drawing=drawing)


@cache
def templates() -> Environment:
    """Open the templates beside this module, every text escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    here = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    here.filters.update(number=number, title_of=finding_title, capitalised=capitalised, data_url=data_url)
    here.globals.update(states=STATES, kept_states=KEPT_STATES, kept_title=KEPT_TITLE, tr=tr, language=current)
    return here
