"""500 malformed files, made deterministically by mutating real ones, and what the door answers to each.

As a program (`python tests/malformed.py`, with the project on the path) it opens all of them in one process and prints
one JSON line: outcomes, faults, the slowest, and the process's peak memory. tests/test_malformed.py judges it.
"""

from __future__ import annotations

import functools
import io
import json
import re
import struct
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import ExifTags, Image, ImageCms

COUNT = 500
_PHOTOS = ("coleman_1.jpg", "curbeam_1.jpg", "collins_1.png", "yamazaki_1.jpg", "group_sts131.jpg")
_KINDS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "GIF", "BMP", "TIFF")
_MAGIC = (
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n",
    b"RIFF\x10\0\0\0WEBPVP8L",
    b"GIF89a",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"\0\0\0\x18ftypheic",
    b"\0\0\0\x18ftypavif",
    b"%PDF-1.7",
    b"PK\3\4",
    b"%!PS-Adobe",
    b"<svg ",
    b"8BPS",
)
_ABSURD = (0, 1, 2, 63, 64, 6_000, 32_767, 65_535, 2**31 - 1, 2**32 - 1)

Rng = np.random.Generator


@functools.cache
def real(photos: Path, kind: str, name: str) -> bytes:
    """A shared photo, 240 px, as a file of that kind, with EXIF and an ICC profile where the kind holds them."""
    with Image.open(photos / name) as image:
        small = image.convert("RGB")
    small.thumbnail((240, 240))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Maker" * 8
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    stream = io.BytesIO()
    match kind:
        case "HEIF":
            pillow_heif.from_pillow(small).save(stream, quality=80)
        case "JPEG":
            progressive = name == "coleman_1.jpg"
            small.save(stream, kind, exif=exif, icc_profile=profile, quality=85, progressive=progressive)
        case "PNG" | "WEBP" | "AVIF":
            small.save(stream, kind, exif=exif, icc_profile=profile)
        case "TIFF":
            how = {"coleman_1.jpg": "tiff_lzw", "curbeam_1.jpg": "jpeg", "collins_1.png": "tiff_adobe_deflate"}
            small.save(stream, kind, compression=how.get(name, "raw"), icc_profile=profile)
        case "GIF":
            small.quantize(64).save(stream, kind, save_all=True, append_images=[small.quantize(8)])
        case _:
            small.save(stream, kind)
    return stream.getvalue()


def _truncate(data: bytearray, rng: Rng) -> bytearray:
    return data[: int(len(data) * rng.uniform(0, 1) ** 2)]


def _flip_bits(data: bytearray, rng: Rng) -> bytearray:
    for place in rng.integers(0, len(data), int(2 ** rng.integers(0, 8))):
        data[place] ^= 1 << int(rng.integers(0, 8))
    return data


def _flip_head(data: bytearray, rng: Rng) -> bytearray:
    """Where sizes, offsets and counts stand; the magic number itself is left alone."""
    for place in rng.integers(4, min(len(data), 700), int(rng.integers(1, 12))):
        data[place] = int(rng.choice([0, 1, 0x7F, 0x80, 0xFF, int(rng.integers(0, 256))]))
    return data


def _wrong_magic(data: bytearray, rng: Rng) -> bytearray:
    magic = _MAGIC[int(rng.integers(0, len(_MAGIC)))]
    data[: len(magic)] = magic
    return data


def _swap(data: bytearray, rng: Rng) -> bytearray:
    size = max(1, len(data) // int(rng.integers(3, 40)))
    a, b = sorted(int(v) for v in rng.integers(0, max(1, len(data) - size), 2))
    data[a : a + size], data[b : b + size] = data[b : b + size], data[a : a + size]
    return data


def _blank(data: bytearray, rng: Rng) -> bytearray:
    start = int(rng.integers(0, len(data)))
    size = min(len(data) - start, int(rng.integers(1, max(2, len(data) // 4))))
    data[start : start + size] = bytes([int(rng.choice([0, 255]))]) * size
    return data


def _junk(data: bytearray, rng: Rng) -> bytearray:
    noise = rng.bytes(int(rng.integers(1, 50_000)))
    place = len(data) if rng.random() < 0.5 else int(rng.integers(0, len(data)))
    data[place:place] = noise
    return data


def _absurd(data: bytearray, rng: Rng) -> bytearray:
    """Absurd dimensions in a header that is otherwise whole (a PNG's checksum is put right)."""
    wide, tall = (int(rng.choice(_ABSURD)) for _ in range(2))
    if data[:3] == b"\xff\xd8\xff":
        at = 2
        while at + 9 < len(data) and data[at] == 0xFF:
            if 0xC0 <= data[at + 1] <= 0xC2:
                data[at + 5 : at + 9] = struct.pack(">HH", tall & 0xFFFF, wide & 0xFFFF)
                break
            at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    elif data[:4] == b"\x89PNG":
        data[16:24] = struct.pack(">II", wide, tall)
        data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    elif data[:3] == b"GIF":
        data[6:10] = struct.pack("<HH", wide & 0xFFFF, tall & 0xFFFF)
    elif data[:2] == b"BM":
        data[18:26] = struct.pack("<II", wide, tall)
    elif data[:2] in (b"II", b"MM"):
        order = "<" if data[:2] == b"II" else ">"
        at = struct.unpack(order + "I", data[4:8])[0]
        for i in range(struct.unpack(order + "H", data[at : at + 2])[0]):
            entry = at + 2 + 12 * i
            tag = struct.unpack(order + "H", data[entry : entry + 2])[0]
            if tag in (256, 257, 278):  # ImageWidth, ImageLength, RowsPerStrip
                data[entry + 2 : entry + 12] = struct.pack(order + "HII", 4, 1, wide if tag == 256 else tall)
    elif data[:4] == b"RIFF":
        at = data.find(b"VP8 ")
        data[at + 14 : at + 18] = struct.pack("<HH", wide & 0x3FFF, tall & 0x3FFF)
    else:
        at = data.find(b"ispe")  # HEIF and AVIF: the image's spatial extent
        data[at + 8 : at + 16] = struct.pack(">II", wide, tall)
    return data


MUTATIONS: tuple[Callable[[bytearray, Rng], bytearray], ...] = (
    _truncate,
    _flip_bits,
    _flip_head,
    _wrong_magic,
    _swap,
    _blank,
    _junk,
    _absurd,
)


def specimens(photos: Path) -> Iterator[tuple[str, bytes]]:
    """COUNT pairs (name, bytes), the same on each run: kinds and mutations in turn, sometimes two at once."""
    pillow_heif.register_heif_opener()
    for i in range(COUNT):
        rng = np.random.default_rng(1000 + i)
        kind, mutate = _KINDS[i % len(_KINDS)], MUTATIONS[(i // len(_KINDS)) % len(MUTATIONS)]
        name = _PHOTOS[int(rng.integers(0, len(_PHOTOS)))]
        data = mutate(bytearray(real(photos, kind, name)), rng)
        label = f"{i:03d} {kind} {mutate.__name__[1:]}"
        if rng.random() < 0.2 and len(data) > 64:
            more = MUTATIONS[int(rng.integers(0, len(MUTATIONS)))]
            try:
                data, label = more(data, rng), f"{label} {more.__name__[1:]}"
            except (struct.error, IndexError):
                pass  # no header is left to be mutated again
        yield label, bytes(data)


def main(photos: Path) -> dict[str, object]:
    """Open them all; everything but a Photo and a UserError with a hint is a fault."""
    from headshot.errors import UserError
    from headshot.photo.decode import open_photo

    outcomes: Counter[str] = Counter()
    faults, slowest = [], (0.0, "")
    for label, data in specimens(photos):
        began = time.perf_counter()
        try:
            pixels = open_photo(data).pixels
            good = pixels.ndim == 3 and pixels.shape[2] == 3 and pixels.dtype == np.uint8
            outcomes["photo"] += 1
            if not good:
                faults.append(f"{label}: {pixels.shape} {pixels.dtype}")
        except UserError as refusal:
            outcomes[refusal.message] += 1
            if not refusal.hint or "\n" in str(refusal):
                faults.append(f"{label}: a refusal without a remedy: {refusal}")
        except BaseException as fault:  # noqa: BLE001 (this is what is looked for)
            faults.append(f"{label}: {type(fault).__name__}: {fault}")
        slowest = max(slowest, (time.perf_counter() - began, label))
    # Not getrusage: its maximum starts with what the parent held when it forked.
    status = Path("/proc/self/status").read_text()
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024
    return {"outcomes": outcomes, "faults": faults, "slowest": slowest, "peak_mb": peak}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
