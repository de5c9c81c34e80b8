"""Files that ask for more work than a photo: refused by their structure, before any decoder sees them."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image

from headshot.errors import PhotoError
from headshot.photo import bounds, decode
from headshot.photo.colour_coding import Coding
from headshot.photo.decode import open_photo
from headshot.photo.to_srgb import deep_to_srgb
from tests.fixtures.shared_photos import photo_path, rows

REFUSED = "takes too long to read"


@pytest.fixture
def undecoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pillow must not even look at the file."""

    def opened(*_: Any, **__: Any) -> None:
        raise AssertionError("the file was opened")

    monkeypatch.setattr(decode.Image, "open", opened)


def jpeg(side: int = 64, **how: Any) -> bytes:
    file = io.BytesIO()
    noise = np.random.default_rng(1).integers(0, 255, (side, side, 3), np.uint8)
    Image.fromarray(noise).save(file, "JPEG", **how)
    return file.getvalue()


def scanned(times: int, data: bytes) -> bytes:
    """A progressive JPEG whose last scan comes `times` times more."""
    at = data.rindex(b"\xff\xda")
    return data[:-2] + data[at:-2] * times + data[-2:]


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(more: bytes) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 64)).save(file, "PNG")
    whole = file.getvalue()
    return whole[:33] + more + whole[33:]


def tiff(strips: int, order: str = "<") -> bytes:
    """A header whose StripOffsets has so many values."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    return head + struct.pack(order + "HHHII", 1, 273, 4, strips, 26) + b"\0" * 4 + b"\0" * 4 * min(strips, 10)


def gif(inside: bytes) -> bytes:
    """A picture of 64 × 64 pixels after so many blocks."""
    picture = b"," + struct.pack("<HHHHB", 0, 0, 64, 64, 0) + b"\x02\x02\x4c\x01\0;"
    return b"GIF89a" + struct.pack("<HHBBB", 64, 64, 0xF0, 0, 0) + bytes(6) + inside + picture


def commented(length: int) -> bytes:
    """A whole GIF with a comment."""
    file = io.BytesIO()
    Image.new("RGB", (64, 64)).save(file, "GIF", comment=b"a" * length)
    return file.getvalue()


def run_lengths(size: int) -> bytes:
    """A BMP of runs of one pixel each."""
    head = struct.pack("<IiiHHIIiiII", 40, 1000, 1000, 1, 8, 1, size, 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", size + 1078, 0, 0, 1078) + head + bytes(1024) + b"\1\0" * (size // 2)


def tagged(tags: int, size: int) -> bytes:
    """A TIFF block whose tags all have the same bytes as their value."""
    entries = b"".join(struct.pack("<HHII", 40_000 + i, 7, size, 8) for i in range(tags))
    return (b"II*\0" + struct.pack("<IH", 8, tags) + entries + bytes(4)).ljust(size + 8, b"\0")


def with_exif(block: bytes) -> list[bytes]:
    """It in a JPEG, a PNG and a WebP."""
    head = b"Exif\0\0" + block
    webp = b"VP8X" + struct.pack("<I", 10) + bytes(10) + b"EXIF" + struct.pack("<I", len(block)) + block
    return [
        jpeg()[:2] + b"\xff\xe1" + struct.pack(">H", len(head) + 2) + head + jpeg()[2:],
        png(chunk(b"eXIf", block)),
        b"RIFF" + struct.pack("<I", len(webp) + 4) + b"WEBP" + webp,
    ]


@pytest.mark.usefixtures("undecoded")
def test_what_asks_for_too_much_is_refused_unopened() -> None:
    huge = bytearray(jpeg(progressive=True))
    at = huge.index(b"\xff\xc2") + 5
    huge[at : at + 4] = struct.pack(">HH", 6300, 6300)  # each scan is one over 40 megapixels
    for name, data in {
        "scans": scanned(bounds.MAX_SCANS, jpeg(progressive=True)),
        "few scans of many pixels": scanned(16, bytes(huge)),
        "segments": b"\xff\xd8" + b"\xff\xe1\x00\x02" * (bounds.MAX_SEGMENTS + 1) + jpeg()[2:],
        "segments without a length": b"\xff\xd8" + b"\xff\x01" * (bounds.MAX_SEGMENTS + 1),
        "chunks": png(chunk(b"tEXt", b"a\0b") * (bounds.MAX_CHUNKS + 1)),
        "empty data chunks": png(chunk(b"IDAT") * (bounds.MAX_CHUNKS + 1)),
        "strips": tiff(3_000_000),
        "strips, big-endian": tiff(3_000_000, ">"),
        # Pillow joins a comment's blocks one by one, and walks through what is no block byte by byte.
        "comment": gif(b"!\xfe" + (b"\xff" + b"a" * 255) * 5000 + b"\0"),
        "blocks of one byte": gif(b"!\xff" + b"\1a" * (bounds.MAX_BLOCKS + 1) + b"\0"),
        "no blocks": gif(bytes(bounds.MAX_BLOCKS + 1)),
        "run lengths": run_lengths(3 * 2**20),
        "one value for many tags": tagged(60, 60_000),
        **{f"EXIF of that kind, {i}": data for i, data in enumerate(with_exif(tagged(60, 60_000)))},
    }.items():
        with pytest.raises(PhotoError, match=REFUSED):
            open_photo(data)
            pytest.fail(name)


def test_files_within_the_bounds_are_read() -> None:
    for data in (
        jpeg(progressive=True),
        scanned(40, jpeg(progressive=True)),
        # What looks like scans in metadata is none.
        jpeg(comment=b"\xff\xda\x00\x03" * 12_000),
        png(chunk(b"tEXt", b"a\0b") * 3000),
        *with_exif(tagged(60, 100))[:2],
        commented(100_000),
    ):
        assert open_photo(data).pixels.shape == (64, 64, 3)


def test_a_walk_through_any_bytes_ends() -> None:
    """At each step it goes on by a byte at least; a JPEG of 0xff alone is one search."""
    random = np.random.default_rng(7)
    heads = (
        b"\xff\xd8",
        b"\x89PNG\r\n\x1a\n",
        b"II*\0",
        b"MM\0*",
        b"II+\0",
        b"MM\0+",
        b"GIF89a",
        b"RIFF1234WEBP",
        b"BM",
    )
    for head in heads:
        for rest in (b"", b"\xff" * 2_000_000, b"\0" * 100_000, *(random.bytes(3000) for _ in range(200))):
            try:
                bounds.check_work(head + rest)
            except PhotoError as fault:
                assert REFUSED in str(fault)


@pytest.mark.data
def test_the_shared_photos_are_far_within() -> None:
    for name in rows():
        bounds.check_work(photo_path(name).read_bytes())
    assert open_photo(photo_path("coleman_1.jpg").read_bytes()).pixels.size


def test_sixteen_bits_become_eight_in_bands() -> None:
    """The same values as at once, with less than half a picture's memory beside the pictures themselves."""
    values = np.random.default_rng(3).integers(0, 65536, (2000, 3000), np.uint16)
    file = io.BytesIO()
    Image.fromarray(values).save(file, "PNG")
    with Image.open(io.BytesIO(file.getvalue())) as image:
        given = np.asarray(image)
    tracemalloc.start()
    try:
        flat, _ = deep_to_srgb(given, Coding())
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    expected = (values / 65535 * 255 + 0.5).astype(np.uint8)
    assert np.abs(flat.astype(int) - expected[..., None]).max() <= 1
    assert most < 6 * values.size  # bytes, 3 of them the result; float64 all at once took 17 for each pixel


def test_an_animation_s_frames_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """To count them, Pillow walks through all, in Python: a GIF of 20 MB may have a million."""
    file = io.BytesIO()
    frames = [Image.new("RGB", (64, 64), (20 * i, 0, 0)) for i in range(12)]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    from PIL import GifImagePlugin

    sought: list[int] = []
    whole = GifImagePlugin.GifImageFile._seek

    def noted(self: Any, frame: int, *more: Any) -> None:
        sought.append(frame)
        whole(self, frame, *more)

    monkeypatch.setattr(GifImagePlugin.GifImageFile, "_seek", noted)
    photo = open_photo(file.getvalue())
    assert photo.notes == ("Only the first picture of the animation is used.",) and max(sought) <= 1
