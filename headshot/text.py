"""Words that come from people, and text files that lie beside a module."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path


def clean(text: str) -> str:
    """One line of visible characters: control, format and unassigned ones go, white space is made single."""
    text = unicodedata.normalize("NFC", text)
    kept = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join("".join(kept).split())


@cache
def asset(module: str, name: str) -> str:
    """Read a text file that lies beside a module: `asset(__file__, "compare.js")`."""
    return (Path(module).parent / name).read_text(encoding="utf-8")
