"""How much work a picture file may ask for, counted in its structure before anything decodes it.

A decoder's time follows the number of scans, chunks, segments and strips, not the size of the file: 250 kB can keep one
busy for a minute, and 20 MB for hours. Only counts are looked at here; whether the file is whole is the decoder's
business, so what cannot be walked through is let pass.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice

from headshot.errors import PhotoError
from headshot.photo.jpeg_file import FRAMES, SCAN, segments
from headshot.photo.png_file import SIGNATURE, chunks

MAX_SCANS = 100  # of a JPEG; progressive ones of cameras and programs have 6 to 12
MAX_SCANNED = 600_000_000  # pixels times scans of a JPEG
MAX_SEGMENTS = 10_000  # of a JPEG, scans among them
MAX_CHUNKS = 10_000  # of a PNG; usual encoders make one for each 8 kB or more
MAX_STRIPS = 65_536  # of a TIFF, or tiles
_STRIP_TAGS = {273, 279, 324, 325}  # TIFF: offsets and lengths of strips, of tiles
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}


def check_work(data: bytes) -> None:
    """Refuse a JPEG, PNG or TIFF that asks for more work than a photo does. Raises PhotoError."""
    if data.startswith(b"\xff\xd8"):
        _check_jpeg(data)
    elif data.startswith(SIGNATURE):
        if sum(1 for _ in islice(chunks(data), MAX_CHUNKS + 1)) > MAX_CHUNKS:
            raise _too_much()
    elif data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        if max(_tiff_counts(data), default=0) > MAX_STRIPS:
            raise _too_much()


def _check_jpeg(data: bytes) -> None:
    scans = pixels = 0
    for number, (marker, at) in enumerate(segments(data)):
        if marker in FRAMES and len(data) >= at + 7:
            height, width = struct.unpack_from(">HH", data, at + 3)
            pixels = max(pixels, height * width)
        scans += marker == SCAN
        if number >= MAX_SEGMENTS or scans > MAX_SCANS or scans * pixels > MAX_SCANNED:
            raise _too_much()


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
