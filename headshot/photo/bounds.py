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
from headshot.photo.gif_file import SIGNATURES as GIFS
from headshot.photo.gif_file import blocks
from headshot.photo.jpeg_file import FRAMES, SCAN, segments
from headshot.photo.png_file import SIGNATURE, chunks
from headshot.photo.tag_block import HEADS, overlaps, tags

MAX_SCANS = 100  # of a JPEG; progressive ones of cameras and programs have 6 to 12
MAX_SCANNED = 600_000_000  # pixels times scans of a JPEG
MAX_SEGMENTS = 10_000  # of a JPEG, scans among them
MAX_CHUNKS = 10_000  # of a PNG; usual encoders make one for each 8 kB or more
MAX_STRIPS = 65_536  # of a TIFF, or tiles
MAX_BLOCKS = 200_000  # of a GIF, which has one for each 255 bytes
MAX_BESIDE = 2**20  # bytes of a GIF beside its pictures, as comments
MAX_RUNS = 2 * 2**20  # bytes of a BMP of run lengths, which Pillow decodes in Python
_STRIP_TAGS = {273, 279, 324, 325}  # TIFF: offsets and lengths of strips, of tiles
_RUN_LENGTHS = (b"\1\0\0\0", b"\2\0\0\0")  # BMP: compressions by run length
_APP1, _EXIF = 0xE1, b"Exif\0\0"


def check_work(data: bytes) -> None:
    """Refuse a file that asks for more work than a photo does. Raises PhotoError."""
    if data.startswith(b"\xff\xd8"):
        scanned_pixels(data)
    elif data.startswith(SIGNATURE):
        if sum(1 for _ in islice(chunks(data), MAX_CHUNKS + 1)) > MAX_CHUNKS:
            raise too_much()
    elif data[:4] in HEADS:
        counted = [count for tag, count, size in tags(data) if tag in _STRIP_TAGS or size > len(data)]
        if max(counted, default=0) > MAX_STRIPS or overlaps(data):
            raise too_much()
    elif data.startswith(GIFS):
        count, beside = blocks(data, MAX_BLOCKS)
        if count > MAX_BLOCKS or beside > MAX_BESIDE:
            raise too_much()
    elif data.startswith(b"BM") and data[30:34] in _RUN_LENGTHS and len(data) > MAX_RUNS:
        raise too_much()
    if (block := _exif(data)) and overlaps(block):
        raise too_much()


def scanned_pixels(data: bytes) -> int:
    """Pixels times scans of a JPEG. Raises PhotoError where that, or its segments, are more than a photo has."""
    scans = pixels = 0
    for number, (marker, at) in enumerate(segments(data)):
        if marker in FRAMES and len(data) >= at + 7:
            height, width = struct.unpack_from(">HH", data, at + 3)
            pixels = max(pixels, height * width)
        scans += marker == SCAN
        if number >= MAX_SEGMENTS or scans > MAX_SCANS or scans * pixels > MAX_SCANNED:
            raise too_much()
    return scans * pixels


def _exif(data: bytes) -> bytes:
    """The EXIF block of a JPEG (its segments joined, as a reader does), a PNG or a WebP; b"" where there is none."""
    found: list[bytes] = []
    if data.startswith(b"\xff\xd8"):
        for marker, at in segments(data):
            if marker == _APP1 and data[at + 2 : at + 8] == _EXIF:
                found.append(data[at + 8 : at + int.from_bytes(data[at : at + 2], "big")])
    elif data.startswith(SIGNATURE):
        found = [data[start + 8 : end - 4] for kind, start, end in chunks(data) if kind == b"eXIf"]
    elif data[8:12] == b"WEBP":
        found = [data[start:end] for kind, start, end in riff_chunks(data) if kind == b"EXIF"]
    return b"".join(found).removeprefix(_EXIF)


def riff_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(kind, start, end) of the contents of each chunk of a RIFF file, at most MAX_CHUNKS."""
    at = 12
    for _ in range(MAX_CHUNKS):
        if len(data) < at + 8:
            return
        end = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4], at + 8, end
        at = end + end % 2


def too_much() -> PhotoError:
    """Make the error for a file that asks for more work than a photo does."""
    return PhotoError("The picture is stored in an unusual way that takes too long to read.", "Export it again.")
