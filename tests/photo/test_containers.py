"""How a picture is wrapped is no reason to refuse it, and never to take something else for the photo."""

from __future__ import annotations

import io
import struct
import zlib

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import Image, PngImagePlugin

from headshot.errors import PhotoError
from headshot.photo import decode
from headshot.photo.decode import open_photo
from headshot.photo.jpeg_file import held_samples
from tests.photo.test_decode import SCENE, SRGB, chunk, expect, icc, rgb, saved


def refused(data: bytes, words: str) -> PhotoError:
    with pytest.raises(PhotoError) as caught:
        open_photo(data)
    assert words in caught.value.message, caught.value.message
    assert len(caught.value.hint) > 10
    return caught.value


# ------------------------------------------------------------------ metadata never makes pixels damaged


def large_profile() -> bytes:
    """A profile whose colours are all one linear curve's, with 2 MB of a private table in it."""
    whole = icc(SRGB, 1.0)
    count = struct.unpack_from(">I", whole, 128)[0]
    moved = b"".join(
        whole[132 + 12 * i : 136 + 12 * i]
        + struct.pack(">I", struct.unpack_from(">I", whole, 136 + 12 * i)[0] + 12)
        + whole[140 + 12 * i : 144 + 12 * i]
        for i in range(count)
    )
    body = whole[132 + 12 * count :]
    private = b"data" + bytes(4) + np.random.default_rng(1).bytes(2_000_000)
    at = 132 + 12 * (count + 1) + len(body)
    table = struct.pack(">I", count + 1) + moved + b"priv" + struct.pack(">II", at, len(private))
    made = whole[:128] + table + body + private
    return struct.pack(">I", len(made)) + made[4:]


def test_large_or_broken_chunks_beside_the_picture_do_not_matter() -> None:
    whole = saved(rgb(), "PNG")
    many = PngImagePlugin.PngInfo()
    many.add_text("workflow", "x" * 3_000_000)
    packed = chunk(b"zTXt", b"a\0\0" + zlib.compress(b"y" * 5_000_000))
    for name, data in {
        "text": saved(rgb(), "PNG", pnginfo=many),
        "packed text": whole[:33] + packed + whole[33:],
        "packed text, broken": whole[:33] + chunk(b"zTXt", b"a\0\0" + b"nonsense") + whole[33:],
        "text with a wrong checksum": whole[:33] + chunk(b"tEXt", b"a\0b")[:-1] + b"!" + whole[33:],
        "text behind the pixels": whole[:-12] + packed + whole[-12:],
        "something behind the end": whole + b"more" * 100_000,
        "a profile that is none": whole[:33] + chunk(b"iCCP", b"a\0\0" + b"nonsense") + whole[33:],
        "a profile without end": whole[:33] + chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(50_000_000))) + whole[33:],
    }.items():
        assert np.array_equal(open_photo(data).pixels, SCENE), name


def test_a_large_profile_is_heeded() -> None:
    """Its curve is linear, so that middle grey becomes 188."""
    grey = Image.new("RGB", (80, 80), (128, 128, 128))
    photo = open_photo(saved(grey, "PNG", icc_profile=large_profile()))
    assert np.abs(photo.pixels.astype(int) - 188).max() <= 1 and "converted" in photo.notes[0]


def test_alpha_without_anything_clear_is_no_transparency() -> None:
    for mode, kind in (("RGBA", "PNG"), ("RGBA", "WEBP"), ("LA", "PNG"), ("RGBA", "TIFF")):
        photo = open_photo(saved(rgb().convert(mode), kind, **({"lossless": True} if kind == "WEBP" else {})))
        assert photo.notes == (), (mode, kind)
    speck = rgb().convert("RGBA")
    speck.putpixel((100, 100), (0, 0, 0, 0))
    photo = open_photo(saved(speck, "PNG"))
    assert photo.notes and (photo.pixels[100, 100] == 255).all()


# ------------------------------------------------------------------ a JPEG that ends too early


@pytest.fixture(scope="module")
def detailed() -> Image.Image:
    noise = np.random.default_rng(2).integers(0, 60, (600, 800, 3))
    return Image.fromarray((np.asarray(rgb().resize((800, 600))).astype(int) * 3 // 4 + noise).astype(np.uint8))


@pytest.mark.parametrize("how", [{}, {"progressive": True}, {"subsampling": 0}, {"restart_marker_rows": 1}])
def test_a_jpeg_without_its_end_marker_is_read(detailed: Image.Image, how: dict[str, object]) -> None:
    whole = saved(detailed, "JPEG", quality=90, **how)
    expected = open_photo(whole).pixels
    for data in (whole[:-2], whole[:-1], whole[:-2] + bytes(5000)):
        photo = open_photo(data)
        assert np.array_equal(photo.pixels, expected)
    late = open_photo(whole[:-40]).pixels  # the last blocks are missing too
    assert np.array_equal(late[: -32 * 2], expected[: -32 * 2]) or "progressive" in how


@pytest.mark.parametrize("how", [{}, {"progressive": True}])
def test_a_jpeg_of_which_more_is_missing_is_refused(detailed: Image.Image, how: dict[str, object]) -> None:
    whole = saved(detailed, "JPEG", quality=90, **how)
    for share in (0.1, 0.5, 0.8):
        cut = whole[: int(len(whole) * share)]
        refused(cut, "damaged")
        refused(cut + bytes(9000), "damaged")  # a download that was broken off, its room laid out before


def test_what_follows_the_end_is_left_alone() -> None:
    expect(open_photo(saved(rgb(), "JPEG", quality=95) + b"trailer" * 900).pixels, SCENE, 2)


# ------------------------------------------------------------------ more pixels than are worked with


@pytest.mark.parametrize(
    ("size", "least"),
    [
        ((8064, 6048), 2),
        pytest.param((12_000, 9_000), 2, marks=pytest.mark.sweep),
        pytest.param((16_320, 12_240), 4, marks=pytest.mark.sweep),
    ],
)
def test_a_large_jpeg_is_read_at_a_fraction(size: tuple[int, int], least: int) -> None:
    image = Image.new("RGB", size, (120, 130, 140))
    image.paste((200, 60, 50), (0, 0, size[0] // 2, size[1] // 2))
    photo = open_photo(saved(image, "JPEG", quality=50))
    assert (photo.width, photo.height) == (size[0] // least, size[1] // least) and photo.given == size
    assert np.abs(photo.pixels[9, 9].astype(int) - (200, 60, 50)).max() <= 4
    assert np.abs(photo.pixels[-9, 9].astype(int) - (120, 130, 140)).max() <= 2
    assert f"1/{least} of its width" in photo.notes[0]


def test_a_jpeg_of_more_pixels_than_any_phone_takes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "_MOST", {"JPEG": 20_000})
    refused(saved(rgb(), "JPEG"), "megapixels")


def test_a_large_jpeg_on_its_side_keeps_the_upload_s_size() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = open_photo(saved(Image.new("RGB", (8064, 6048)), "JPEG", quality=20, exif=exif))
    assert (photo.width, photo.height) == (3024, 4032) and photo.given == (6048, 8064)


def test_a_progressive_jpeg_is_held_whole_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    image = Image.new("L", (6400, 5000), 128)
    data = saved(image, "JPEG", quality=20, progressive=True)
    assert held_samples(data) == 32_000_000 and held_samples(saved(rgb(), "JPEG")) == 0
    coloured = saved(rgb(), "JPEG", progressive=True), saved(rgb(), "JPEG", progressive=True, subsampling=0)
    assert [held_samples(one) / (192 * 128) for one in coloured] == [1.5, 3]
    assert open_photo(data).width == 3200
    monkeypatch.setattr(decode, "_MAX_HELD", 30_000_000)
    refused(data, "megapixels")


def test_a_large_heic_is_read_at_half_its_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "MAX_PIXELS", 20_000)
    stream = io.BytesIO()
    pillow_heif.from_pillow(rgb()).save(stream, quality=90)
    photo = open_photo(stream.getvalue())
    expect(photo.pixels, cv2.resize(SCENE, (96, 64), interpolation=cv2.INTER_AREA), 3)
    assert photo.given == (192, 128) and "1/2" in photo.notes[0]


def test_other_formats_over_the_limit_are_refused_kindly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "MAX_PIXELS", 20_000)
    monkeypatch.setattr(decode, "_MOST", {})
    for kind in ("PNG", "WEBP", "TIFF", "AVIF", "GIF", "BMP"):
        assert "pixels" in refused(saved(rgb(), kind), "megapixels").hint


# ------------------------------------------------------------------ RAW files


def raw_tiff(maker: str, **more: int) -> bytes:
    """A thumbnail as a camera's RAW file begins with: reduced resolution, with further directories."""
    tags = {254: 1, 271: maker, 330: 8, **{int(k[1:]): v for k, v in more.items()}}
    return saved(rgb(), "TIFF", tiffinfo=tags)


def test_raw_files_are_refused_by_name() -> None:
    plain = saved(rgb(), "TIFF")
    cases = {
        "Nikon NEF": raw_tiff("NIKON CORPORATION"),
        "Sony ARW": raw_tiff("SONY"),
        "Pentax PEF": raw_tiff("PENTAX             "),
        "RAW": raw_tiff("Somebody"),
        "Canon CR2": plain[:8] + b"CR\2\0" + plain[12:],
        "Canon CR3": b"\0\0\0\x18ftypcrx " + bytes(200),
        "Fujifilm RAF": b"FUJIFILMCCD-RAW 0201" + saved(rgb(), "JPEG"),
        "Olympus ORF": b"IIRO" + plain[4:],
        "Panasonic RW2": b"IIU\0" + plain[4:],
        "DNG": saved(rgb(), "TIFF", tiffinfo={50706: b"\1\4\0\0"}),
    }
    for name, data in cases.items():
        fault = refused(data, name)
        assert "RAW" in fault.message and "JPEG" in fault.hint, name
    expect(open_photo(saved(rgb(), "TIFF", tiffinfo={271: "NIKON CORPORATION"})).pixels, SCENE, 0)  # a scanner's
