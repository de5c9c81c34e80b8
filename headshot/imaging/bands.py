"""A picture in bands of rows, so that what is worked out pixel by pixel stays in the processor's cache."""

from __future__ import annotations

from collections.abc import Iterator

_ROWS = 32  # of 640 px in colour and float32: 250 kB


def bands(height: int) -> Iterator[slice]:
    """Slices that cover `height` rows once."""
    for start in range(0, height, _ROWS):
        yield slice(start, min(start + _ROWS, height))
