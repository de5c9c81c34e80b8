"""A PNG file's chunks: what says how its colours are meant, and the file without what is no part of the picture.

Pillow calls a file damaged whose texts or profile are large, though no pixel is. So texts, times and profiles are left
out before it sees the file; the colour chunks are read here (PNG, third edition, 11.3.2).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PICTURE = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"eXIf", b"acTL", b"fcTL", b"fdAT"}
_COLOUR = {b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM"}
_TEXT = (b"tEXt", b"zTXt", b"iTXt")
MAX_TEXTS = 1000
_MOST_PROFILE = 8 * 2**20  # bytes of an ICC profile; those with large tables have 3


class PngFile(NamedTuple):
    """`data`: the file without texts and colour chunks; `colour`: the latter's contents by name, the first of each;
    `deep`: whether it holds 16 bits of each colour.
    """

    data: bytes
    colour: dict[bytes, bytes]
    deep: bool

    def profile(self) -> bytes:
        """The ICC profile, decompressed; b"" where there is none, or none that can be read."""
        _, _, packed = self.colour.get(b"iCCP", b"").partition(b"\0")
        try:
            unpacker = zlib.decompressobj()
            profile = unpacker.decompress(packed[1:], _MOST_PROFILE)
        except zlib.error:
            return b""
        return profile if unpacker.eof else b""


def chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(kind, start, end) of each chunk, its length and checksum within; an end may lie behind that of the file."""
    at = len(SIGNATURE)
    while len(data) >= at + 8:
        end = at + 12 + int(struct.unpack_from(">I", data, at)[0])
        yield data[at + 4 : at + 8], at, end
        at = end


def is_whole(data: bytes) -> bool:
    """Whether the file reaches its end chunk."""
    return any(kind == b"IEND" and end <= len(data) for kind, _, end in chunks(data))


def texts(data: bytes, most: int) -> Iterator[tuple[str, bytes]]:
    """(keyword, text) of each text in the file, unpacked: at most `most` bytes of each, and MAX_TEXTS of them."""
    found = (
        (kind, data[start + 8 : end - 4]) for kind, start, end in chunks(data) if kind in _TEXT and end <= len(data)
    )
    for kind, content in islice(found, MAX_TEXTS):
        keyword, _, rest = content.partition(b"\0")
        if kind == b"tEXt":
            value = rest[:most]
        elif kind == b"zTXt":
            value = _unpacked(rest[1:], most)
        else:
            packed, rest = rest[:1] == b"\1", rest[2:].split(b"\0", 2)[-1]
            value = _unpacked(rest, most) if packed else rest[:most]
        yield keyword.decode("latin-1"), value


def _unpacked(packed: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return b""


def read_png(data: bytes) -> PngFile:
    """Take the file apart. What is broken in its structure stays as it is: the decoder refuses it."""
    kept, colour = [SIGNATURE], dict[bytes, bytes]()
    begun = False
    for kind, start, end in chunks(data):
        begun |= kind == b"IDAT"
        if kind in _COLOUR and not begun and end <= len(data):
            colour.setdefault(kind, data[start + 8 : end - 4])
        if kind in _PICTURE or kind[:1].isupper():  # an unknown critical chunk is the decoder's business
            kept.append(data[start:end])
        if kind == b"IEND":
            break
    return PngFile(b"".join(kept), colour, data[24:25] == b"\x10" and data[25:26] in (b"\2", b"\6"))
