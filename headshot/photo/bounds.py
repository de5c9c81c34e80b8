"""How much work a picture file may ask for, counted in its structure before anything decodes it.

A decoder's time follows the number of scans, chunks, segments and strips, not the size of the file: 250 kB can keep one
busy for a minute, and 20 MB for hours. Only counts are looked at here; whether the file is whole is the decoder's
business, so what cannot be walked through is let pass.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from itertools import islice

from headshot.errors import PhotoError

MAX_SCANS = 100  # of a JPEG; progressive ones of cameras and programs have 6 to 12
MAX_SCANNED = 600_000_000  # pixels times scans of a JPEG
MAX_SEGMENTS = 10_000  # of a JPEG, scans among them
MAX_CHUNKS = 10_000  # of a PNG; usual encoders make one for each 8 kB or more
MAX_STRIPS = 65_536  # of a TIFF, or tiles
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # in a scan's data 0xff stands before 0 or a restart alone
_SOS, _EOI = 0xDA, 0xD9
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # JPEG markers that hold the size
_STRIP_TAGS = {273, 279, 324, 325}  # TIFF: offsets and lengths of strips, of tiles
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}


def check_work(data: bytes) -> None:
    """Refuse a JPEG, PNG or TIFF that asks for more work than a photo does. Raises PhotoError."""
    if data.startswith(b"\xff\xd8"):
        _check_jpeg(data)
    elif data.startswith(b"\x89PNG\r\n\x1a\n"):
        if sum(1 for _ in islice(_png_chunks(data), MAX_CHUNKS + 1)) > MAX_CHUNKS:
            raise _too_much()
    elif data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        if max(_tiff_counts(data), default=0) > MAX_STRIPS:
            raise _too_much()


def _check_jpeg(data: bytes) -> None:
    scans = pixels = 0
    for number, (marker, at) in enumerate(_jpeg_segments(data)):
        if marker in _FRAMES and len(data) >= at + 7:
            height, width = struct.unpack_from(">HH", data, at + 3)
            pixels = max(pixels, height * width)
        scans += marker == _SOS
        if number >= MAX_SEGMENTS or scans > MAX_SCANS or scans * pixels > MAX_SCANNED:
            raise _too_much()


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int]]:
    """(marker, place of its length) of each segment of the first picture, in order."""
    at = 2
    while found := _MARKER.search(data, at):
        marker, at = data[found.end() - 1], found.end()
        if marker == _EOI:
            return
        yield marker, at
        if marker != 0x01 and len(data) >= at + 2:
            at += max(2, struct.unpack_from(">H", data, at)[0])


def _png_chunks(data: bytes) -> Iterator[int]:
    """The place of each chunk."""
    at = 8
    while len(data) >= at + 8:
        yield at
        at += 12 + int(struct.unpack_from(">I", data, at)[0])


def _tiff_counts(data: bytes) -> Iterator[int]:
    """How many values each tag of strips and tiles has in the first directory, and how many tags that has."""
    order, big = "<" if data[:1] == b"I" else ">", data[2:4] in (b"+\0", b"\0+")
    where, number, entry = ("Q", "Q", "HHQ8x") if big else ("I", "H", "HHI4x")
    try:
        at = struct.unpack_from(order + where, data, 8 if big else 4)[0]
        tags = struct.unpack_from(order + number, data, at)[0]
        yield tags
        at += struct.calcsize(order + number)
        size = struct.calcsize(order + entry)
        for i in range(min(tags, MAX_STRIPS)):
            tag, kind, count = struct.unpack_from(order + entry, data, at + i * size)
            if tag in _STRIP_TAGS or count * _SIZES.get(kind, 1) > len(data):
                yield count
    except (struct.error, OverflowError):
        return


def _too_much() -> PhotoError:
    return PhotoError("The picture is stored in an unusual way that takes too long to read.", "Export it again.")
