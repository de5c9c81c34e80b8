"""What became of the things that the user asked to keep: a block on the page, rows in print. Every word is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from headshot.authenticity.labels import KEPT_STATES, KEPT_TITLE, STATES, capitalised
from headshot.types import Kept


def kept_html(kept: Sequence[Kept]) -> str:
    """Write a line for each thing, for the report's card; "" where nothing was asked."""
    if not kept:
        return ""
    return (
        f'<section class="hs-report hs-kept" aria-label="{KEPT_TITLE}"><h3 class="hs-kept-title">{KEPT_TITLE}</h3>'
        f'<ul class="hs-findings">{"".join(_line(k) for k in kept)}</ul></section>'
    )


def _line(kept: Kept) -> str:
    state = KEPT_STATES[kept.state]
    return (
        f'<li class="hs-finding hs-{state}"><span class="hs-sign" aria-hidden="true">{STATES[state].symbol}</span>'
        f'<div class="hs-what"><p class="hs-title"><strong>{escape(capitalised(kept.said))}</strong> '
        f'<span class="hs-word">{kept.state.capitalize()}</span></p>'
        f'<p class="hs-sentence">{escape(kept.sentence)}</p></div></li>'
    )
