"""What the log may hold of a fault: where it happened and of which kind, never what a visitor sent."""

from __future__ import annotations

import logging
import re
import sys
import traceback
import unicodedata
from typing import Any

_LONGEST = 400  # characters of a library's line
# The library of the Model Context Protocol quotes what came, a tool's name and each argument, in its warnings.
_QUOTES = re.compile(r"[\\/]site-packages[\\/](mcp[\\/].+)\.py\Z")
_PAYLOAD = re.compile(r"[^\s/]{60,}")  # base64, a data URL, a hash: nothing that a person reads


def install() -> None:
    """Let every record of the `logging` module pass `_scrubbed`, in this process."""
    logging.setLogRecordFactory(_scrubbed)


def log_fault(fault: BaseException) -> None:
    """Print a bug's traceback to standard error: files, lines, code and kinds, without the errors' own words."""
    print(told(fault), file=sys.stderr, flush=True)


def told(fault: BaseException) -> str:
    """A traceback without the errors' own words, which may quote a value."""
    lines = []
    for one in _chain(fault):
        lines.append("Traceback (most recent call last):\n")
        lines += traceback.format_list(traceback.extract_tb(one.__traceback__))
        lines.append(f"{type(one).__module__}.{type(one).__qualname__}\n")
    return "".join(lines).rstrip()


def printable(text: str) -> str:
    """One line that a terminal only prints: control, format and bidi characters escaped, long runs cut out."""
    shown = "".join(
        c if c == " " or unicodedata.category(c)[0] not in "CZ" else ascii(c)[1:-1] for c in text[: 4 * _LONGEST]
    )
    return _PAYLOAD.sub("…", shown)[:_LONGEST]


def _scrubbed(*given: Any, **more: Any) -> logging.LogRecord:
    record = logging.LogRecord(*given, **more)
    quotes = _QUOTES.search(record.pathname)
    try:
        if quotes:
            record.msg, record.args = f"told at line {record.lineno} of {quotes[1]}", None
        record.msg, record.args = printable(record.getMessage()), None
    except Exception:  # noqa: BLE001 (a record that cannot be formatted: `logging` would print its arguments)
        record.msg, record.args = "(a message that cannot be shown)", None
    if record.exc_info and isinstance(record.exc_info[1], BaseException):
        record.msg += "\n" + told(record.exc_info[1])
    record.exc_info = None
    return record


def _chain(fault: BaseException | None) -> list[BaseException]:
    """The fault and what it came from, the first cause first."""
    found: list[BaseException] = []
    while fault is not None and fault not in found:
        found.insert(0, fault)
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    return found
