"""What became of the user's wishes on the command line: which are controls, which are heard, what was kept."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from headshot.direction.notes import notes_on_settings, notes_on_words

if TYPE_CHECKING:
    from headshot.types import Direction, Kept


def notes(direction: Direction, engine: str) -> list[str]:
    """A line for each setting that makes no difference, and for each part of the words, see `notes_on_words`."""
    return [*notes_on_settings(direction, engine), *words_notes(direction, engine)]


def words_notes(direction: Direction, engine: str) -> list[str]:
    """Those of the words alone. Nothing is set from words: the line says what to add after --set."""
    return notes_on_words(direction, engine, _options)


def _options(wanted: Mapping[str, Any]) -> str:
    return " ".join(shlex.join(["--set", f"{key}={value}"]) for key, value in wanted.items())


def kept_lines(kept: Sequence[Kept]) -> list[str]:
    """What the user asked to keep, a line each; [] where nothing was asked."""
    if not kept:
        return []
    width = max(len(k.said) for k in kept)
    return ["", "What you asked to keep:", *(f"{k.state:<12}  {k.said:<{width}}  {k.sentence}" for k in kept)]
