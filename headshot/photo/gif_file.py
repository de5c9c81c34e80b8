"""A GIF file's blocks, counted: Pillow walks through them one by one, and joins a comment's at a cost that squares."""

from __future__ import annotations

SIGNATURES = (b"GIF87a", b"GIF89a")
_IMAGE, _EXTENSION, _END = 0x2C, 0x21, 0x3B


def blocks(data: bytes, most: int) -> tuple[int, int]:
    """Count the blocks of a file, and the bytes of those beside its pictures; the walk ends above `most` blocks."""
    at = 13 + _table(data, 10)
    count = beside = 0
    while at < len(data) and data[at] != _END and count <= most:
        kind = data[at]
        count += 1
        if kind == _IMAGE:
            at += 11 + _table(data, at + 9)
        elif kind == _EXTENSION:
            at += 2
        else:  # what is no block is passed over byte by byte
            at += 1
            continue
        while at < len(data) and data[at] and count <= most:
            count += 1
            beside += data[at] if kind == _EXTENSION else 0
            at += 1 + data[at]
        at += 1
    return count, beside


def _table(data: bytes, at: int) -> int:
    """Bytes of the colour table that the flags at `at` announce."""
    flags = data[at] if at < len(data) else 0
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0
