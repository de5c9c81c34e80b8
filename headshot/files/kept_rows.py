"""Moved here from headshot/ui/kept_html.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from headshot.authenticity.labels import SYMBOLS
from headshot.types import Kept, State

_TITLE = "What you asked to keep"


_STATES: Mapping[str, State] = {"kept": "green", "look here": "amber", "lost": "red", "not measured": "grey"}


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


def _big(text: str) -> str:
    return text[:1].upper() + text[1:]
