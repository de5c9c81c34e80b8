"""What a file says of its colours is heeded: profiles by their curve, gamma, code points, HDR, bits that are in use.

The references are formulas written out here (H.273, ST 2084, BT.2100, brucelindbloom.com), or pictures made from them.
"""

from __future__ import annotations

import io
import struct
import zlib

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import ExifTags, Image

from headshot.photo.decode import open_photo
from headshot.types import Photo
from tests.photo.test_decode import SRGB, icc, saved

# Linear RGB of Display P3 and of BT.2020 → linear sRGB (the published matrices, four decimals).
P3 = np.array([[1.2249, -0.2247, 0.0], [-0.0420, 1.0419, 0.0], [-0.0197, -0.0786, 1.0979]])
BT2020 = np.array([[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]])
PATCHES = np.array([[128, 128, 128], [200, 150, 130], [90, 60, 50], [110, 150, 100], [70, 90, 140], [230, 230, 230]])


def linear(codes: np.ndarray) -> np.ndarray:
    codes = codes / 255
    return np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4)


def codes(light: np.ndarray) -> np.ndarray:
    light = light.clip(0, 1)
    return 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


LIGHT = linear(PATCHES)


def chart(values: np.ndarray) -> np.ndarray:
    """Six patches (6, 3) of 64 px side by side, (64, 384, 3)."""
    return np.kron(values[None], np.ones((64, 64, 1)))


def seen(photo: Photo) -> np.ndarray:
    """The patches as they were read, (6, 3)."""
    return photo.pixels[32, 32::64].astype(float)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(values: np.ndarray, *more: bytes, bits: int = 8) -> bytes:
    """A PNG of code values 0..1, with chunks before its data."""
    top, kind = (255, np.uint8) if bits == 8 else (65535, np.uint16)
    whole = cv2.imencode(".png", np.round(chart(values)[..., ::-1] * top).astype(kind))[1].tobytes()
    return whole[:33] + b"".join(more) + whole[33:]


def cicp(primaries: int, transfer: int) -> bytes:
    return chunk(b"cICP", bytes([primaries, transfer, 0, 1]))


def pq(nits: np.ndarray) -> np.ndarray:
    power = (nits / 10_000) ** (2610 / 16384)
    return ((3424 / 4096 + 2413 / 128 * power) / (1 + 2392 / 128 * power)) ** (2523 / 32)


def hlg(nits: np.ndarray) -> np.ndarray:
    """As a display of 1,000 cd/m² would be driven to show these."""
    display = nits / 1000
    luminance = (display @ [0.2627, 0.6780, 0.0593])[..., None]
    scene = display * luminance ** (1 / 1.2 - 1)
    return np.where(
        scene <= 1 / 12, np.sqrt(3 * scene), 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
    )


def test_a_gamma_is_heeded() -> None:
    gamma = chunk(b"gAMA", struct.pack(">I", 100_000))
    for bits, off in ((16, 1), (8, 3)):  # eight bits of linear light hold few shadows
        photo = open_photo(png(LIGHT, gamma, bits=bits))
        assert np.abs(seen(photo) - PATCHES).max() <= off and photo.notes == ("The colours were converted to sRGB.",)
    other = chunk(b"gAMA", struct.pack(">I", 55_556))  # 1 / 1.8
    assert np.abs(seen(open_photo(png(LIGHT ** (1 / 1.8), other))) - PATCHES).max() <= 2
    usual = chunk(b"gAMA", struct.pack(">I", 45_455)) + chunk(b"cHRM", struct.pack(">8I", *SRGB_CHRM))
    assert np.array_equal(seen(open_photo(png(PATCHES / 255, usual))), PATCHES)
    # sRGB and a profile come before it; a nonsensical one says nothing.
    for more in (chunk(b"sRGB", b"\0") + gamma, chunk(b"gAMA", bytes(4)), chunk(b"gAMA", b"\1")):
        assert np.array_equal(seen(open_photo(png(PATCHES / 255, more))), PATCHES)


SRGB_CHRM = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
P3_CHRM = (31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)


def test_chromaticities_are_heeded() -> None:
    wide = codes(LIGHT @ np.linalg.inv(P3).T) / 255
    more = chunk(b"gAMA", struct.pack(">I", 45_455)) + chunk(b"cHRM", struct.pack(">8I", *P3_CHRM))
    assert np.abs(seen(open_photo(png(wide, more))) - PATCHES).max() <= 1.5


@pytest.mark.parametrize("bits", [8, 16])
def test_code_points_of_a_png_are_heeded(bits: int) -> None:
    p3, bt2020 = LIGHT @ np.linalg.inv(P3).T, LIGHT @ np.linalg.inv(BT2020).T
    for name, data in {
        "P3": png(codes(p3) / 255, cicp(12, 13), bits=bits),
        "PQ": png(pq(LIGHT * 203), cicp(1, 16), bits=bits),
        "PQ, BT.2020": png(pq(bt2020 * 203), cicp(9, 16), bits=bits),
        "HLG, BT.2020": png(hlg(bt2020 * 203), cicp(9, 18), bits=bits),
    }.items():
        photo = open_photo(data)
        assert np.abs(seen(photo) - PATCHES).max() <= (2 if bits == 16 else 6), name
        assert any(("HDR" if name != "P3" else "converted") in note for note in photo.notes)
    assert open_photo(png(PATCHES / 255, cicp(1, 13))).notes == ()


def test_highlights_of_an_hdr_photo_are_fitted() -> None:
    """Grey from black to ten times white: what is dark stays, what is bright keeps its order and does not clip."""
    light = np.concatenate([np.linspace(0, 1, 20), np.linspace(1.2, 10, 44)])
    grey = np.repeat(np.repeat(pq(light * 203)[None, :, None], 64, 0), 3, 2)
    whole = cv2.imencode(".png", np.round(grey * 65535).astype(np.uint16))[1].tobytes()
    row = open_photo(whole[:33] + cicp(9, 16) + whole[33:]).pixels[32, :, 1].astype(int)
    assert np.abs(row[:10] - codes(light[:10])).max() <= 2
    assert (np.diff(row) >= 0).all() and row[-1] == 255 and (row == 255).sum() <= 8 and row[19] < 245


def test_a_profile_counts_by_its_curve_and_not_by_its_name() -> None:
    named = icc(SRGB, 1.0).replace(b"Test RGB", b"sRGB lin")
    photo = open_photo(saved(Image.fromarray(np.round(chart(LIGHT) * 255).astype(np.uint8)), "PNG", icc_profile=named))
    assert np.abs(seen(photo) - PATCHES).max() <= 4 and photo.notes
    # And one of another name, whose colours are sRGB's to three code values, changes nothing.
    close = icc(SRGB, 2.2)
    photo = open_photo(saved(Image.fromarray(chart(PATCHES).astype(np.uint8)), "JPEG", quality=95, icc_profile=close))
    assert np.abs(seen(photo) - PATCHES).max() <= 4


def heic(values: np.ndarray, primaries: int, transfer: int, bits: int = 8) -> bytes:
    pixels = np.round(chart(values) * (255 if bits == 8 else 65535))
    mode, kind = ("RGB", np.uint8) if bits == 8 else ("RGB;16", np.uint16)
    stream = io.BytesIO()
    made = pillow_heif.from_bytes(mode, pixels.shape[1::-1], pixels.astype(kind).tobytes())
    points = {"color_primaries": primaries, "transfer_characteristics": transfer, "matrix_coefficients": 9}
    made.save(stream, quality=-1, chroma=444, full_range_flag=1, save_nclx_profile=True, **points)
    return stream.getvalue()


def avif(values: np.ndarray, primaries: int, transfer: int) -> bytes:
    data = saved(
        Image.fromarray(np.round(chart(values) * 255).astype(np.uint8)), "AVIF", quality=100, subsampling="4:4:4"
    )
    at = data.index(b"colrnclx") + 8
    return data[:at] + struct.pack(">HH", primaries, transfer) + data[at + 4 :]


def test_code_points_of_heic_and_avif_are_heeded() -> None:
    p3, bt2020 = codes(LIGHT @ np.linalg.inv(P3).T) / 255, LIGHT @ np.linalg.inv(BT2020).T
    for name, data, off in (
        ("HEIC, P3", heic(p3, 12, 13), 4),
        ("HEIC, PQ of 10 bits", heic(pq(bt2020 * 203), 9, 16, 10), 5),
        ("HEIC, HLG of 10 bits", heic(hlg(bt2020 * 203), 9, 18, 10), 5),
        ("AVIF, P3", avif(p3, 12, 13), 4),
        ("AVIF, PQ", avif(pq(LIGHT * 203), 1, 16), 8),
        ("AVIF, sRGB", avif(PATCHES / 255, 1, 13), 3),
    ):
        photo = open_photo(data)
        assert np.abs(seen(photo) - PATCHES).max() <= off, (name, seen(photo))
        assert any("HDR" in note for note in photo.notes) == ("PQ" in name or "HLG" in name), name


def test_adobe_rgb_by_a_cameras_word() -> None:
    """EXIF alone: no sRGB, interoperability R03 (DCF 2.0)."""
    adobe = np.array([[1.3984, -0.3984, 0], [0, 1, 0], [0, -0.0429, 1.0429]])  # linear Adobe RGB → linear sRGB
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.ColorSpace] = 65535
    values = (LIGHT @ np.linalg.inv(adobe).T).clip(0, 1) ** (1 / 2.19921875)
    image = Image.fromarray(np.round(chart(values) * 255).astype(np.uint8))
    plain = open_photo(saved(image, "JPEG", quality=98, subsampling=0, exif=exif))
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.IFD.Interop] = {1: "R03"}
    told = open_photo(saved(image, "JPEG", quality=98, subsampling=0, exif=exif))
    assert np.abs(seen(told) - PATCHES).max() <= 3 and told.notes
    assert np.abs(seen(plain) - PATCHES).max() > 3 and not plain.notes


@pytest.mark.parametrize("used", [10, 12, 14, 16])
def test_the_bits_that_are_in_use_give_white(used: int) -> None:
    """Cameras and scanners store 10 to 14 bits in 16, at the lower end."""
    values = np.round(chart(PATCHES / 255) * (2**used - 1)).astype(np.uint16)
    values[:4, :4] = 2**used - 1
    for ending in (".png", ".tiff"):
        assert np.abs(seen(open_photo(cv2.imencode(ending, values[..., ::-1])[1].tobytes())) - PATCHES).max() <= 1
        grey = open_photo(cv2.imencode(ending, values[..., 1])[1].tobytes())
        assert np.abs(seen(grey) - PATCHES[:, 1:2]).max() <= 1
    alpha = np.concatenate([values[..., ::-1], np.full((*values.shape[:2], 1), 65535, np.uint16)], 2)
    photo = open_photo(cv2.imencode(".png", alpha)[1].tobytes())
    assert photo.notes == () and (used < 16 or np.abs(seen(photo) - PATCHES).max() <= 1)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_sixteen_bits_land_upright_once(orientation: int) -> None:
    values = np.round(chart(PATCHES / 255) * 65535).astype(np.uint16)
    deep = cv2.imencode(".tiff", values[..., ::-1])[1].tobytes()
    order = "<" if deep[:2] == b"II" else ">"
    at = struct.unpack_from(order + "I", deep, 4)[0]
    count = struct.unpack_from(order + "H", deep, at)[0]
    entries = [deep[at + 2 + 12 * i : at + 14 + 12 * i] for i in range(count)]
    entries = [e for e in entries if struct.unpack_from(order + "H", e)[0] != 274]
    entries.append(struct.pack(order + "HHIHH", 274, 3, 1, orientation, 0))
    entries.sort(key=lambda e: struct.unpack_from(order + "H", e)[0])
    table = struct.pack(order + "H", len(entries)) + b"".join(entries) + bytes(4)
    turned = deep[:4] + struct.pack(order + "I", len(deep)) + deep[8:] + table
    wanted = np.rot90(chart(PATCHES), {1: 0, 3: 2, 6: -1, 8: 1}[orientation])
    photo = open_photo(turned)
    assert photo.pixels.shape == wanted.shape and np.abs(photo.pixels - wanted).mean() < 1
