"""JPEG segments and PNG chunks: the metadata parts of a file, without touching the coded picture.

JPEG: ITU-T T.81 annex B. PNG: https://www.w3.org/TR/png-3/. XMP in both: ISO 16684-1 and Adobe's
"XMP Specification Part 3, Storage in Files".
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_XMP_JPEG = b"http://ns.adobe.com/xap/1.0/\x00"
# Keyword, uncompressed, no language, no translated keyword.
_XMP_PNG = b"XML:com.adobe.xmp\x00\x00\x00\x00\x00"
_SOS, _APP0, _APP1, _APP2, _APP14, _APP15, _COM = 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_PNG_KEPT = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"pHYs"))
MAX_PACKET = 65533 - len(_XMP_JPEG)  # bytes of an XMP packet that fit into one JPEG segment


def mime(data: bytes) -> str:
    """image/jpeg, image/png, or "" for anything else, by the first bytes."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/png" if data.startswith(_PNG) else ""


def packets(data: bytes) -> list[bytes]:
    """The XMP packets of a JPEG or PNG file, unread. A broken file gives those that come before the fault."""
    match mime(data):
        case "image/jpeg":
            parts = (p for m, p in _segments(data) if m == _APP1 and p.startswith(_XMP_JPEG))
            return [p[len(_XMP_JPEG) :] for p in parts]
        case "image/png":
            parts = (p for t, p in _chunks(data) if t == b"iTXt" and p.startswith(_XMP_PNG))
            return [p[len(_XMP_PNG) :] for p in parts]
    return []


def with_packet(data: bytes, packet: bytes) -> bytes:
    """The same coded picture with `packet` as its only XMP.

    Of the other metadata only what the colours need stays: a thumbnail, a comment or EXIF never gets through.
    ValueError when `data` is neither a whole JPEG nor PNG, or the packet is over `MAX_PACKET` bytes.
    """
    if len(packet) > MAX_PACKET:
        raise ValueError(f"an XMP packet of {len(packet)} bytes does not fit into a JPEG segment")
    match mime(data):
        case "image/jpeg":
            return _jpeg(data, packet)
        case "image/png":
            return _png(data, packet)
    raise ValueError("neither a JPEG nor a PNG file")


def _jpeg(data: bytes, packet: bytes) -> bytes:
    ours = _segment(_APP1, _XMP_JPEG + packet)
    head: list[bytes] = []
    rest: list[bytes] = []
    for marker, payload in _segments(data):
        if marker == _SOS:
            return b"".join((b"\xff\xd8", *head, ours, *rest, payload))
        if marker == _APP0 and payload.startswith(b"JFIF\x00") and len(payload) == 14:  # 14: no thumbnail
            head.append(_segment(marker, payload))
        elif not (_APP0 <= marker <= _APP15 or marker == _COM) or _about_colour(marker, payload):
            rest.append(_segment(marker, payload))
    raise ValueError("a JPEG file without a scan")


def _about_colour(marker: int, payload: bytes) -> bool:
    profile = marker == _APP2 and payload.startswith(b"ICC_PROFILE\x00")
    return profile or (marker == _APP14 and payload.startswith(b"Adobe"))


def _segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, payload) up to the first scan, which comes as (SOS, all the rest of the file)."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == _SOS:
            yield marker, data[at:]
            return
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + length
        if length < 2 or end > len(data):
            return
        yield marker, data[at + 4 : end]
        at = end


def _png(data: bytes, packet: bytes) -> bytes:
    out = [_PNG]
    for kind, payload in _chunks(data):
        if kind in _PNG_KEPT:
            out.append(_chunk(kind, payload))
        if kind == b"IHDR":
            out.append(_chunk(b"iTXt", _XMP_PNG + packet))
        if kind == b"IEND":
            return b"".join(out)
    raise ValueError("a PNG file without an end")


def _chunk(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 8 + length
        if end + 4 > len(data):
            return
        yield data[at + 4 : at + 8], data[at + 8 : end]
        at = end + 4
