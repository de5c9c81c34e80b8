"""Moved here from headshot/ui/kept_html.py."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from headshot.authenticity.labels import KEPT_STATES, STATES, capitalised
from headshot.types import Kept, KeptState

TITLE = "What you asked to keep"


def kept_rows(kept: Sequence[Kept]) -> str:
    """The same as rows of the printable report's table."""
    if not kept:
        return ""
    alike: dict[tuple[KeptState, str], list[str]] = {}  # what shares its fate and its reason shares a row
    for k in kept:
        alike.setdefault((k.state, k.sentence), []).append(k.said)
    rows = "".join(
        f'<tr class="{KEPT_STATES[state]}"><th scope="row">{escape(capitalised(", ".join(said)))}</th>'
        f'<td class="s">{STATES[KEPT_STATES[state]].symbol} {state.capitalize()}</td>'
        f'<td colspan="2">{escape(sentence)}</td></tr>'
        for (state, sentence), said in alike.items()
    )
    return f'<tr class="part"><th colspan="4" scope="colgroup">{TITLE}</th></tr>{rows}'
