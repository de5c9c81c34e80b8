"""What became of the things that the user asked to keep: a block on the page, rows in print. Every word is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from headshot.types import Kept, State
from headshot.ui.findings import SYMBOLS

_TITLE = "What you asked to keep"
_STATES: Mapping[str, State] = {"kept": "green", "look here": "amber", "lost": "red", "not measured": "grey"}


def kept_html(kept: Sequence[Kept]) -> str:
    """A line for each thing, for the report's card; "" where nothing was asked."""
    if not kept:
        return ""
    return (
        f'<section class="hs-report hs-kept" aria-label="{_TITLE}"><h3 class="hs-kept-title">{_TITLE}</h3>'
        f'<ul class="hs-findings">{"".join(_line(k) for k in kept)}</ul></section>'
    )


def kept_rows(kept: Sequence[Kept]) -> str:
    """The same as rows of the printable report's table."""
    if not kept:
        return ""
    rows = "".join(
        f'<tr class="{_STATES[k.state]}"><th scope="row">{escape(_big(k.said))}</th>'
        f'<td class="s">{SYMBOLS[_STATES[k.state]]} {_big(k.state)}</td><td colspan="2">{escape(k.sentence)}</td></tr>'
        for k in kept
    )
    return f'<tr class="part"><th colspan="4" scope="colgroup">{_TITLE}</th></tr>{rows}'


def _line(kept: Kept) -> str:
    state = _STATES[kept.state]
    return (
        f'<li class="hs-finding hs-{state}"><span class="hs-sign" aria-hidden="true">{SYMBOLS[state]}</span>'
        f'<div class="hs-what"><p class="hs-title"><strong>{escape(_big(kept.said))}</strong> '
        f'<span class="hs-word">{_big(kept.state)}</span></p>'
        f'<p class="hs-sentence">{escape(kept.sentence)}</p></div></li>'
    )


def _big(text: str) -> str:
    return text[:1].upper() + text[1:]
