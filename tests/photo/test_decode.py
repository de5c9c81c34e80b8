"""The door: every kind of file by its content, upright, in sRGB, without metadata; or a refusal with a remedy."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from headshot.errors import PhotoError
from headshot.files.encode import encode
from headshot.photo.decode import MAX_BYTES, MAX_PIXELS, open_photo, read_photo
from tests.fixtures.shared_photos import photo_path

# ------------------------------------------------------------------ pictures to open


def scene(width: int = 192, height: int = 128) -> np.ndarray:
    """Smooth colours with four distinct corners: red, green, blue, yellow (clockwise from the top left)."""
    corners = np.array([[[220, 40, 40], [40, 200, 60]], [[230, 220, 50], [50, 70, 220]]], np.float32)
    return cv2.resize(corners, (width, height), interpolation=cv2.INTER_LINEAR).round().astype(np.uint8)


SCENE = scene()
GREY = np.asarray(Image.fromarray(SCENE).convert("L"))


def saved(image: Image.Image, kind: str, **how: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **how)
    return stream.getvalue()


def rgb() -> Image.Image:
    return Image.fromarray(SCENE)


def with_alpha(mode: str = "RGBA") -> Image.Image:
    """The left half solid, the right half clear."""
    image = rgb().convert(mode)
    alpha = Image.new("L", image.size, 0)
    alpha.paste(255, (0, 0, image.width // 2, image.height))
    image.putalpha(alpha)
    return image


def heif(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    pillow_heif.from_pillow(image).save(stream, quality=95)
    return stream.getvalue()


def animation(kind: str) -> bytes:
    others = [Image.new("RGB", (192, 128), c) for c in ("black", "white")]
    return saved(rgb(), kind, save_all=True, append_images=others, duration=40)


def sixteen_bit() -> Image.Image:
    return Image.fromarray(GREY.astype(np.uint16) * 257)


# name → (bytes, expected pixels, tolerance of the mean difference in code values)
KINDS: dict[str, tuple[Callable[[], bytes], np.ndarray, float]] = {
    "jpeg": (lambda: saved(rgb(), "JPEG", quality=95), SCENE, 2),
    "jpeg, progressive": (lambda: saved(rgb(), "JPEG", quality=95, progressive=True), SCENE, 2),
    "png": (lambda: saved(rgb(), "PNG"), SCENE, 0),
    "webp": (lambda: saved(rgb(), "WEBP", quality=95), SCENE, 3),
    "webp, lossless": (lambda: saved(rgb(), "WEBP", lossless=True), SCENE, 0),
    "heic": (lambda: heif(rgb()), SCENE, 3),
    "avif": (lambda: saved(rgb(), "AVIF", quality=95), SCENE, 3),
    "gif": (lambda: saved(rgb(), "GIF"), SCENE, 10),
    "bmp": (lambda: saved(rgb(), "BMP"), SCENE, 0),
    "tiff": (lambda: saved(rgb(), "TIFF"), SCENE, 0),
    "tiff, LZW": (lambda: saved(rgb(), "TIFF", compression="tiff_lzw"), SCENE, 0),
    "mpo": (lambda: saved(rgb(), "MPO", save_all=True, append_images=[rgb()], quality=95), SCENE, 2),
    "grey jpeg": (lambda: saved(Image.fromarray(GREY), "JPEG", quality=95), GREY, 2),
    "grey png": (lambda: saved(Image.fromarray(GREY), "PNG"), GREY, 0),
    "palette png": (lambda: saved(rgb().quantize(256), "PNG"), SCENE, 6),
    "16-bit grey png": (lambda: saved(sixteen_bit(), "PNG"), GREY, 1),
    "16-bit grey tiff": (lambda: saved(sixteen_bit(), "TIFF"), GREY, 1),
    "float tiff, 0 to 1": (
        lambda: saved(Image.fromarray(GREY.astype(np.float32) / GREY.max()), "TIFF"),
        (GREY * (255 / GREY.max())).astype(np.uint8),
        1,
    ),
    "1-bit png": (lambda: saved(Image.fromarray(GREY > 128), "PNG"), (GREY > 128).astype(np.uint8) * 255, 0),
}


def expect(pixels: np.ndarray, wanted: np.ndarray, tolerance: float) -> None:
    wanted = wanted if wanted.ndim == 3 else np.repeat(wanted[..., None], 3, 2)
    assert pixels.shape == wanted.shape and pixels.dtype == np.uint8
    assert np.abs(pixels.astype(int) - wanted).mean() <= tolerance


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_opens_by_its_content(kind: str, tmp_path: Path) -> None:
    make, wanted, tolerance = KINDS[kind]
    data = make()
    photo = open_photo(data)
    expect(photo.pixels, wanted, tolerance)
    assert photo.pixels.flags.c_contiguous and photo.pixels.flags.writeable
    # A name that lies changes nothing, as a path and as a stream.
    for name in ("holiday.gif", "holiday.txt", "noname"):
        (tmp_path / name).write_bytes(data)
        assert np.array_equal(read_photo(tmp_path / name).pixels, photo.pixels)
    assert np.array_equal(open_photo(io.BytesIO(data)).pixels, photo.pixels)


def test_cmyk_jpeg_has_the_right_colours() -> None:
    photo = open_photo(saved(rgb().convert("CMYK"), "JPEG", quality=95))
    expect(photo.pixels, SCENE, 3)  # Pillow's own CMYK is the plain complement of RGB


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_alpha_is_laid_onto_white(kind: str) -> None:
    photo = open_photo(saved(with_alpha(), kind, **({"lossless": True} if kind == "WEBP" else {})))
    assert np.array_equal(photo.pixels[:, :90], SCENE[:, :90])
    assert (photo.pixels[:, 100:] == 255).all()
    assert any("white" in note for note in photo.notes)


def test_half_clear_pixels_mix_with_white() -> None:
    image = Image.new("RGBA", (80, 80), (200, 0, 100, 128))
    photo = open_photo(saved(image, "PNG"))
    assert np.abs(photo.pixels[40, 40].astype(int) - (227, 127, 177)).max() <= 1  # 255 + (c − 255)·128/255


def test_grey_with_alpha_and_palette_with_transparency() -> None:
    photo = open_photo(saved(with_alpha("LA"), "PNG"))
    expect(photo.pixels[:, :90], GREY[:, :90], 0)
    assert (photo.pixels[:, 100:] == 255).all()
    palette = rgb().quantize(64)
    clear = palette.getpixel((0, 0))
    photo = open_photo(saved(palette, "PNG", transparency=clear))
    index = np.asarray(palette)
    assert (photo.pixels[index == clear] == 255).all()
    assert np.array_equal(photo.pixels[index != clear], np.asarray(palette.convert("RGB"))[index != clear])


def test_rgb_png_with_a_transparent_colour() -> None:
    image = Image.new("RGB", (80, 80), (10, 200, 30))
    image.paste((90, 60, 30), (0, 0, 40, 80))
    photo = open_photo(saved(image, "PNG", transparency=(10, 200, 30)))
    assert (photo.pixels[:, 45:] == 255).all() and (photo.pixels[:, :35] == (90, 60, 30)).all()


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_gives_its_first_picture(kind: str) -> None:
    photo = open_photo(animation(kind))
    expect(photo.pixels, SCENE, 12 if kind == "GIF" else 3)
    assert any("first picture" in note for note in photo.notes)


# ------------------------------------------------------------------ upright


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_exif_orientation_lands_upright(kind: str, orientation: int) -> None:
    # The stored picture is the upright one turned back by the EXIF standard's table (CIPA DC-008, 4.6.4 A).
    undo: Callable[[np.ndarray], np.ndarray] = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
        8: lambda a: np.rot90(a, -1),
    }[orientation]
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    stored = Image.fromarray(np.ascontiguousarray(undo(SCENE)))
    photo = open_photo(saved(stored, kind, exif=exif))
    expect(photo.pixels, SCENE, 4)


def test_heic_turned_once_and_not_twice() -> None:
    """libheif turns the pixels itself; the EXIF tag that stays behind must not turn them again."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    image = Image.fromarray(np.ascontiguousarray(np.rot90(SCENE, 1)))
    stream = io.BytesIO()
    pillow_heif.register_heif_opener()
    image.save(stream, "HEIF", exif=exif.tobytes(), quality=95)
    expect(open_photo(stream.getvalue()).pixels, SCENE, 4)


def test_a_broken_exif_block_is_passed_over() -> None:
    photo = open_photo(saved(rgb(), "JPEG", quality=95, exif=b"Exif\0\0MM\0*\xff\xff\xff\xff garbage"))
    expect(photo.pixels, SCENE, 2)


# ------------------------------------------------------------------ colour


def icc(primaries: np.ndarray, gamma: float) -> bytes:
    """An ICC v2 matrix/TRC display profile written by hand (ICC.1:2001-04): `primaries` (3, 3), columns XYZ at D50."""

    def s15(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(values: np.ndarray) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(s15(v) for v in values)

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    name = b"Test RGB\0"
    text = b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + bytes(78)
    tags = {
        b"desc": text + bytes(-len(text) % 4),
        b"cprt": b"text\0\0\0\0none" + bytes(4),
        b"wtpt": xyz(np.array([0.9642, 1.0, 0.8249])),
        b"rXYZ": xyz(primaries[:, 0]),
        b"gXYZ": xyz(primaries[:, 1]),
        b"bXYZ": xyz(primaries[:, 2]),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    offset = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for tag, data in tags.items():
        table += tag + struct.pack(">II", offset + len(body), len(data))
        body += data
    header = struct.pack(">I4sI4s4s4s", offset + len(body), b"none", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H", 2020, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    header += s15(0.9642) + s15(1.0) + s15(0.8249)
    return header.ljust(128, b"\0") + table + body


# Linear RGB → XYZ at D50 (Bradford), from brucelindbloom.com and Apple's Display P3 profile.
ADOBE = np.array(
    [[0.6097559, 0.2052401, 0.1492240], [0.3111242, 0.6256560, 0.0632197], [0.0194811, 0.0608902, 0.7448387]]
)
P3 = np.array([[0.51512, 0.29198, 0.15710], [0.24120, 0.69225, 0.06657], [-0.00105, 0.04189, 0.78407]])
SRGB = np.array(
    [[0.4360747, 0.3850649, 0.1430804], [0.2225045, 0.7168786, 0.0606169], [0.0139322, 0.0971045, 0.7141733]]
)


@pytest.mark.parametrize(("name", "primaries", "gamma"), [("Adobe RGB", ADOBE, 2.19921875), ("P3", P3, 2.2)])
def test_icc_profile_is_converted_to_srgb(name: str, primaries: np.ndarray, gamma: float) -> None:
    """Against the matrix arithmetic itself: no colour management library in the reference."""
    rng = np.random.default_rng(3)
    codes = np.kron(rng.integers(60, 190, (8, 8, 3)), np.ones((10, 10, 1))).astype(np.uint8)
    linear = (codes / 255.0) ** gamma @ primaries.T @ np.linalg.inv(SRGB).T
    inside = ((linear >= 0) & (linear <= 1)).all(axis=2)
    clipped = linear.clip(0, 1)
    wanted = 255 * np.where(clipped <= 0.0031308, 12.92 * clipped, 1.055 * clipped ** (1 / 2.4) - 0.055)
    photo = open_photo(saved(Image.fromarray(codes), "PNG", icc_profile=icc(primaries, gamma)))
    assert inside.mean() > 0.5
    assert np.abs(photo.pixels[inside] - wanted[inside]).max() <= 2.5
    assert np.abs(photo.pixels[inside].astype(int) - codes[inside]).mean() > 2  # without conversion this would fail
    assert any("sRGB" in note for note in photo.notes)


def test_srgb_and_broken_profiles_leave_the_numbers_alone() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (srgb, b"not a profile", icc(ADOBE, 2.2)[:200]):
        photo = open_photo(saved(rgb(), "PNG", icc_profile=profile))
        assert np.array_equal(photo.pixels, SCENE)


def test_a_grey_profile_does_not_break_a_colour_picture() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert np.array_equal(open_photo(saved(rgb(), "PNG", icc_profile=lab)).pixels, SCENE)


# ------------------------------------------------------------------ nothing but pixels


def test_no_metadata_survives_from_door_to_file() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "SECRET-ARTIST"
    exif[ExifTags.Base.ImageDescription] = "SECRET-PLACE"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (52.0, 31.0, 12.0)
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSMapDatum] = "SECRET-GPS"
    data = saved(rgb(), "JPEG", exif=exif, xmp=b"<x>SECRET-XMP</x>", comment=b"SECRET-COMMENT")
    assert data.count(b"SECRET") >= 5  # the file does carry them
    photo = open_photo(data)
    assert vars(photo).keys() == {"pixels", "format", "notes", "claimed", "uploaded", "turned", "signed"}
    assert photo.claimed == ""
    for kind in ("jpeg", "png"):
        encoded = encode(photo.pixels, kind)
        assert b"SECRET" not in encoded
        with Image.open(io.BytesIO(encoded)) as image:
            assert not image.getexif() and "comment" not in image.info


def test_png_text_does_not_survive() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "SECRET")
    text.add_itxt("Comment", "SECRET", zip=False)
    photo = open_photo(saved(rgb(), "PNG", pnginfo=text))
    assert "SECRET" not in repr(photo.notes) and b"SECRET" not in encode(photo.pixels, "png")


# ------------------------------------------------------------------ refusals


def refused(data: bytes, words: str) -> PhotoError:
    with pytest.raises(PhotoError) as caught:
        open_photo(data)
    assert words in caught.value.message, caught.value.message
    assert len(caught.value.hint) > 10 and "\n" not in str(caught.value)
    return caught.value


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width: int, height: int, body: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_a_decompression_bomb_is_refused_before_a_pixel_is_decoded() -> None:
    bomb = png_of(50_000, 50_000, zlib.compress(bytes(50_001 * 40), 9))
    assert len(bomb) < 20_000
    refused(bomb, "megapixels")
    refused(png_of(2**31 - 1, 2**31 - 1, b""), "megapixels")


def test_the_limits_are_where_they_are_said_to_be() -> None:
    side = 6_400
    assert side * (MAX_PIXELS // side) <= MAX_PIXELS
    over = saved(Image.new("1", (side, MAX_PIXELS // side + 1)), "PNG")
    refused(over, "megapixels")
    at = open_photo(saved(Image.new("1", (side, MAX_PIXELS // side)), "PNG"))
    assert at.pixels.shape == (6_250, 6_400, 3)
    small = saved(rgb(), "JPEG", quality=95)
    assert open_photo(small + bytes(MAX_BYTES - len(small))).width == 192
    refused(small + bytes(MAX_BYTES - len(small) + 1), "20 MB")


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.jpg"
    with path.open("wb") as file:
        file.truncate(3 * 2**30)  # a sparse file of 3 GB
    with pytest.raises(PhotoError, match="20 MB"):
        read_photo(path)


def test_tiny_and_empty_files_are_refused() -> None:
    refused(b"", "empty")
    refused(saved(Image.new("RGB", (20, 20)), "PNG"), "20 × 20")


def test_the_truncated_file_is_refused() -> None:
    refused(photo_path("broken_truncated.jpg").read_bytes(), "")
    whole = saved(rgb(), "JPEG", quality=95)
    refused(whole[: len(whole) // 2], "damaged or cut off")


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("photo.jpg", saved(rgb(), "JPEG"))
    return stream.getvalue()


NOT_PHOTOS: dict[str, bytes] = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><image href="file:///etc/passwd"/></svg>',
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n(%pipe%id) (r) file\nshowpage\n",
    "pdf": b"%PDF-1.7\n1 0 obj <</Type/Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF",
    "zip": zipped(),
    "html": b"<!doctype html><img src=x onerror=alert(1)>",
    "text": b"just words",
    "zeros": bytes(4096),
    "python": b"import os; os.system('id')",
    "elf": b"\x7fELF\x02\x01\x01" + bytes(200),
    "psd": b"8BPS\0\x01" + bytes(6) + struct.pack(">HIIHH", 3, 99, 99, 8, 3) + bytes(200),
    "ppm": b"P6 99 99 255\n" + bytes(99 * 99 * 3),
    "ico": saved(Image.new("RGB", (128, 128)), "ICO"),
    "tga": saved(Image.new("RGB", (128, 128)), "TGA"),
}


@pytest.mark.parametrize("kind", NOT_PHOTOS)
def test_what_is_no_photo_is_refused(kind: str, tmp_path: Path) -> None:
    refused(NOT_PHOTOS[kind], "not a picture")
    (tmp_path / "photo.jpg").write_bytes(NOT_PHOTOS[kind])  # a good name does not help
    with pytest.raises(PhotoError):
        read_photo(tmp_path / "photo.jpg")


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match="no file"):
        read_photo(tmp_path / "gone.jpg")
    with pytest.raises(PhotoError, match="folder"):
        read_photo(tmp_path)
