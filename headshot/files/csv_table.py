"""Tables as CSV that a spreadsheet opens without running anything: a text is never a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?[\d.]+(e[+-]?\d+)?")


def csv_table(head: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Write `rows` under `head`, one line each, every text made `inert`. Raises ValueError for an unknown column."""
    out = io.StringIO()
    table = csv.DictWriter(out, head, lineterminator="\n")
    table.writeheader()
    for row in rows:
        table.writerow({key: inert(value) for key, value in row.items()})
    return out.getvalue()


def inert(value: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would take for a formula (OWASP, CSV injection)."""
    if isinstance(value, str) and value.startswith(_FORMULA) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def as_it_was(text: str) -> str:
    """Take the apostrophe of `inert` away again."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
