"""The photo check as HTML. Pure functions; every word is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from headshot.authenticity.labels import STATES, note_state
from headshot.errors import UserError
from headshot.language import tr
from headshot.types import Check, State


def _sign(state: State) -> str:
    return f'<span class="hs-sign" aria-hidden="true">{STATES[state].symbol}</span>'


def checks_html(checks: Sequence[Check], notes: Sequence[str] = ()) -> str:
    """Write the lines of the photo check; what is good is folded into one line. Empty for no checks.

    `notes`: on how the photo was read, a quiet line each.
    """
    if not checks:
        return ""
    good = [c for c in checks if c.state == State.GREEN]
    lines = [_check(c, note_state(c)) for c in checks if c.state != State.GREEN]
    if good and len(good) < len(checks):
        lines.append(_folded(good, tr("{count} of {all} checks are fine", count=len(good), all=len(checks))))
    elif good:
        lines.append(_folded(good, tr("A good photo for a headshot")))
    read = "".join(f'<p class="hs-quiet">{escape(note)}</p>' for note in notes)
    return f'<ul class="hs-checks" aria-label="{escape(tr("Photo check"))}">{"".join(lines)}</ul>{read}'


def fault_html(fault: UserError, about: str = "photo") -> str:
    """Write a fault as a line of the photo check. `about`: the check's name."""
    line = _check(Check(about, State.RED, fault.message, fault.hint), State.RED, tr("Not possible"))
    return f'<ul class="hs-checks" aria-label="{escape(tr("Photo check"))}">{line}</ul>'


def _check(check: Check, shown: State, word: str = "") -> str:
    remedy = f' <span class="hs-remedy">{escape(check.remedy)}</span>' if check.remedy else ""
    return (
        f'<li class="hs-check hs-{shown}">{_sign(shown)}'
        f'<span><strong class="hs-word">{word or STATES[check.state].check}</strong> '
        f"{escape(check.sentence)}{remedy}</span></li>"
    )


def _folded(good: Sequence[Check], title: str) -> str:
    inside = "".join(f"<li>{escape(c.sentence)}</li>" for c in good)
    return (
        f'<li class="hs-check hs-green">{_sign(State.GREEN)}<details><summary>{escape(title)}</summary>'
        f"<ul>{inside}</ul></details></li>"
    )
