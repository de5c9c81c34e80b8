"""A TIFF directory's tags, in a TIFF file or as EXIF in another one: how much is read when they are."""

from __future__ import annotations

import struct
from collections.abc import Iterator

HEADS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_MOST = 65_536
_WITHIN = {0x8769, 0x8825, 0xA005}  # tags that lead to a further directory


def tags(block: bytes) -> Iterator[tuple[int, int, int]]:
    """(tag, values, bytes of them) of each entry of the first directory and of those of EXIF and GPS within it."""
    order, big = "<" if block[:1] == b"I" else ">", block[2:4] in (b"+\0", b"\0+")
    where, number, entry = ("Q", "Q", "HHQQ") if big else ("I", "H", "HHII")
    try:
        starts = [struct.unpack_from(order + where, block, 8 if big else 4)[0]]
        left = _MOST
        for start in starts:
            count = struct.unpack_from(order + number, block, start)[0]
            at = start + struct.calcsize(order + number)
            for i in range(min(count, left)):
                tag, kind, values, place = struct.unpack_from(
                    order + entry, block, at + i * struct.calcsize(order + entry)
                )
                yield tag, values, values * _SIZES.get(kind, 1)
                if tag in _WITHIN and len(starts) < 8:
                    starts.append(place)
            left -= min(count, left)
    except (struct.error, OverflowError):
        return


def overlaps(block: bytes) -> bool:
    """Whether the values are longer than the block: the same bytes are read for many tags."""
    return sum(size for _, _, size in tags(block)) > len(block) + _MOST
