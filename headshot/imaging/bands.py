"""A picture in bands of rows, so that what is worked out pixel by pixel stays in the processor's cache."""

from __future__ import annotations

from collections.abc import Iterator

_ROWS = 32  # of 640 px in colour and float32: 250 kB


def bands(height: int, rows: int = _ROWS) -> Iterator[slice]:
    """Slices of at most `rows` that cover `height` rows once."""
    for start in range(0, height, rows):
        yield slice(start, min(start + rows, height))
