"""Words that come from people, and text files that lie beside a module."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from headshot.language import tr

_LONGEST = 100  # characters of a word that are compared: difflib's time grows with their square


def suggest(word: str, known: Iterable[str]) -> str:
    """A hint "Did you mean …?" for a mistyped word, or the list of what there is."""
    options = sorted(known)
    word = word[:_LONGEST]
    tails = {o.rsplit(".", 1)[-1]: o for o in options}
    close = difflib.get_close_matches(word, options, 1, 0.6)
    close = close or [tails[t] for t in difflib.get_close_matches(word.rsplit(".", 1)[-1], tails, 1, 0.7)]
    if close:
        return tr("Did you mean {word}?", word=close[0])
    return tr("Known here: {names}.", names=", ".join(options))


def clean(text: str) -> str:
    """One line of visible characters: control, format and unassigned ones go, white space is made single."""
    text = unicodedata.normalize("NFC", text)
    kept = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join("".join(kept).split())


@cache
def asset(module: str, name: str) -> str:
    """Read a text file that lies beside a module: `asset(__file__, "compare.js")`."""
    return (Path(module).parent / name).read_text(encoding="utf-8")
