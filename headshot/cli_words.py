"""What became of the user's own words on the command line: which are controls, which are heard, what was kept."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from headshot import suggestions
from headshot.changes import flat

if TYPE_CHECKING:
    from headshot.types import Direction, Kept


def notes(direction: Direction, engine: str) -> list[str]:
    """A line for each part of the direction's words: the settings that it stands for, or who hears it, or why nobody.

    Nothing is set from words alone: the line says what to add after --set.
    """
    reading, now = suggestions.read(direction.words, engine, direction), flat(direction)
    lines = []
    for one in reading.suggestions:
        wanted = {key: value for key, value in one.settings.items() if now.get(key) != value}
        given = " ".join(shlex.join(["--set", f"{key}={value}"]) for key, value in wanted.items())
        doing = f"is a control: add {given}" if wanted else "is a control, and set so."
        lines.append(f"“{one.said}”: {one.reason}" if one.reason else f"“{one.said}” {doing}")
    told = {said for said, _ in reading.unheard}
    lines += [f"“{said}”: {reason}" for said, reason in reading.unheard]
    if reading.prompt and reading.prompt not in told:
        lines.append(f"“{reading.prompt}” goes to the generator.")
    lines += [f"“{said}” goes to the generator, as what to leave out." for said in reading.avoid]
    return lines


def kept_lines(kept: Sequence[Kept]) -> list[str]:
    """What the user asked to keep, a line each; [] where nothing was asked."""
    if not kept:
        return []
    width = max(len(k.said) for k in kept)
    return ["", "What you asked to keep:", *(f"{k.state:<12}  {k.said:<{width}}  {k.sentence}" for k in kept)]
