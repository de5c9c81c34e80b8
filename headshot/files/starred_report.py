"""One printable page on several pictures of one person: each small, with its verdict in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headshot.authenticity.report import summary
from headshot.files.data_url import data_url
from headshot.files.printable_report import templates
from headshot.text import asset
from headshot.types import U8, AuthenticityReport

_SMALL = 360  # px, longer side: sharp enough for a card of the page


@dataclass(frozen=True, eq=False)
class Measured:
    """One picture of the page: the `name` of its file, an `image` as a data URL (`card_image`), its report."""

    name: str
    image: str
    report: AuthenticityReport

    @property
    def sentence(self) -> str:
        """The first sentence of the report's summary."""
        return summary(self.report).partition(". ")[0].rstrip(".") + "."


def card_image(picture: U8) -> str:
    """Make a picture (h, w, 3) uint8 small for its card, as a data URL."""
    return data_url(picture, 85, _SMALL)


def starred_page(original: U8, pictures: Sequence[Measured]) -> str:
    """Write the page as a whole HTML document that needs no network and prints on one sheet."""
    css = asset(__file__, "printable_report.css") + asset(__file__, "starred_report.css")
    page = templates().get_template("starred_report.html")
    return page.render(css=css, original=card_image(original), pictures=pictures)
