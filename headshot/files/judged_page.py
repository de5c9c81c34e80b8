"""The printable report on two pictures from anywhere: the tab "Judge" and the command line give the same page."""

from __future__ import annotations

from collections.abc import Sequence

from headshot.authenticity.aligned_pair import AlignedPair
from headshot.authenticity.recognition.own_range import Placed
from headshot.authenticity.report import summary
from headshot.files.own_range_plot import strip_plot_svg
from headshot.files.printable_report import report_page
from headshot.types import AuthenticityReport


def judged_page(report: AuthenticityReport, pair: AlignedPair, placed: Placed | None, notes: Sequence[str] = ()) -> str:
    """A whole HTML document, see report_page. `placed`: the picture among the person's own photos, drawn where there
    are enough of them.
    """
    name = "The picture, turned back" if pair.mirrored else "The picture"
    pictures = (("Your photo", pair.original), (name, pair.picture))
    drawing = "" if placed is None or placed.range is None else strip_plot_svg(placed.range)
    return report_page(report, summary(report), pictures, notes=notes, drawing=drawing)
