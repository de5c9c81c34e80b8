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
    alike: dict[tuple[str, str], list[str]] = {}  # what shares its fate and its reason shares a row
    for k in kept:
        alike.setdefault((k.state, k.sentence), []).append(k.said)
    rows = "".join(
        f'<tr class="{_STATES[state]}"><th scope="row">{escape(_big(", ".join(said)))}</th>'
        f'<td class="s">{SYMBOLS[_STATES[state]]} {_big(state)}</td><td colspan="2">{escape(sentence)}</td></tr>'
        for (state, sentence), said in alike.items()
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
