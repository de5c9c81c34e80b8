"""A JPEG file's segments; and one whose end marker is missing: whether all of its picture is there."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from headshot.imaging.bands import bands
from headshot.imaging.pillow_faults import PILLOW_FAULTS

FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # markers that hold the size
SCAN = 0xDA
_EOI, _PROGRESSIVE = 0xD9, {0xC2, 0xC6, 0xCA, 0xCE}
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # in a scan's data 0xff stands before 0 or a restart alone
_END = b"\xff\xd9"
_FILLING = bytes(range(1, 255)) * 16  # entropy-coded data of another picture
_ROWS = 32  # px: of a band, and at the lower edge what may be missing: one or two rows of blocks
_MOST_SAMPLES = 75_000_000  # of a progressive one without its end: it is decoded twice, at its full size


def segments(data: bytes) -> Iterator[tuple[int, int]]:
    """(marker, place of its length) of each segment of the first picture, in order; its end is the last."""
    at = 2
    while found := _MARKER.search(data, at):
        marker, at = data[found.end() - 1], found.end()
        yield marker, at
        if marker == _EOI:
            return
        if marker != 0x01 and len(data) >= at + 2:
            at += max(2, struct.unpack_from(">H", data, at)[0])


def has_end(data: bytes) -> bool:
    """Whether the first picture has its end marker."""
    return any(marker == _EOI for marker, _ in segments(data))


def held_samples(data: bytes) -> int:
    """How many samples a decoder must hold at once, two bytes each: all of a progressive JPEG's, else 0."""
    if not data.startswith(b"\xff\xd8"):
        return 0
    for marker, at in segments(data):
        if marker in _PROGRESSIVE and len(data) >= at + 8:
            height, width, components = struct.unpack_from(">HHB", data, at + 3)
            factors = [data[at + 9 + 3 * i] for i in range(components) if len(data) > at + 9 + 3 * i]
            shares = [(f >> 4) * (f & 15) for f in factors]
            return height * width * sum(shares) // max(1, *shares, 1)
        if marker in FRAMES:
            return 0
    return 0


def with_end(data: bytes) -> bytes | None:
    """Give a JPEG its end marker where its picture is whole but for the last rows; None where more is missing.

    A decoder fills what is missing and says nothing that we could hear. So it is filled with other data for a second
    time: where the two pictures differ, there the file had nothing to say.
    """
    if (held := held_samples(data)) > _MOST_SAMPLES or (held and not _in_all_detail(data)):
        return None
    bare = data.rstrip(b"\0")  # of a broken-off download
    bare += b"\0" if bare.endswith(b"\xff") else b""
    whole = bare + _END
    try:
        one, other = _checksums(whole), _checksums(bare + _FILLING + _END)
    except PILLOW_FAULTS:
        return None
    kept = next((i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b), len(one))
    return whole if kept >= len(one) - 1 else None


def _in_all_detail(data: bytes) -> bool:
    """Whether a progressive JPEG has a scan that ends each coefficient of each component (ITU-T T.81, G.1.1.1)."""
    left: dict[int, set[int]] = {}  # by component, the coefficients whose last bit has not come
    for marker, at in segments(data):
        if marker in FRAMES and len(data) > at + 7:
            left = {data[i]: set(range(64)) for i in range(at + 8, min(at + 8 + 3 * data[at + 7], len(data)), 3)}
        elif marker == SCAN and len(data) > at + 2 and len(data) > (end := at + 3 + 2 * data[at + 2]) + 2:
            if data[end + 2] & 15 == 0:  # the point transform: no bit is left for later
                for i in range(at + 3, end, 2):
                    left.get(data[i], set()).difference_update(range(data[end], data[end + 1] + 1))
    return bool(left) and not any(left.values())


def _checksums(data: bytes) -> list[int]:
    """Of each band of rows; of a JPEG in one scan at an eighth of the size, each of its blocks one pixel."""
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
        rows = _ROWS
        if not held_samples(data):
            image.draft(None, (image.width // 8, image.height // 8))
            rows = _ROWS // 8
        image.load()
        return [
            zlib.crc32(image.crop((0, band.start, image.width, band.stop)).tobytes())
            for band in bands(image.height, rows)
        ]
