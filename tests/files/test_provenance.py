"""What a saved headshot says about itself, checked with c2pa's own Reader and with exiftool."""

from __future__ import annotations

import base64
import dataclasses
import io
import json
from pathlib import Path

import c2pa
import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from headshot import __version__
from headshot.direction.direct import direct
from headshot.files import (
    COMPOSITE,
    GENERATED,
    OWN_PIXELS,
    mime_type,
    read,
    recipe_of,
    restore,
    source_type,
    xmp,
)
from headshot.files.encode import encode, headshot_file
from headshot.photo.decode import open_photo
from tests.fixtures.stamped import (
    EMBEDDING,
    KINDS,
    TYPES,
    UPLOAD,
    WEIGHTS,
    asked,
    exiftool,
    made,
    outside_the_picture,
    pixels,
    png_chunk,
    stamped,
    with_xmp,
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("engine", "kept", "source"),
    [
        ("retouch", 1.0, "algorithmicallyEnhanced"),
        ("faceid-sd15", 0.9, "compositeWithTrainedAlgorithmicMedia"),
        ("faceid-sd15", 0.0, "trainedAlgorithmicMedia"),
    ],
)
def test_c2pa_reader_finds_one_created_action_and_nothing_more(
    kind: str, engine: str, kept: float, source: str
) -> None:
    data = stamped(kind, made(engine, kept))
    reader = c2pa.Reader(f"image/{kind}", io.BytesIO(data))
    assert reader.get_validation_state() == "Valid"
    report = json.loads(reader.detailed_json())
    (manifest,) = report["manifests"].values()
    assert set(manifest["assertion_store"]) == {"c2pa.actions.v2", "c2pa.hash.data"}
    actions = manifest["assertion_store"]["c2pa.actions.v2"]["actions"]
    assert [(a["action"], a["digitalSourceType"]) for a in actions] == [("c2pa.created", TYPES + source)]
    assert manifest["claim"]["claim_generator_info"]["name"] == "Headshot"
    assert "ingredients" not in reader.get_active_manifest()
    assert read(data).source_type == TYPES + source


@exiftool
@pytest.mark.parametrize("kind", KINDS)
def test_exiftool_finds_the_marks_and_no_thumbnail(kind: str, tmp_path: Path) -> None:
    result = made("faceid-sd15", 0.9, weights=WEIGHTS)
    tags = asked(stamped(kind, result), tmp_path)
    assert tags["XMP-iptcExt:DigitalSourceType"] == TYPES + "compositeWithTrainedAlgorithmicMedia"
    assert tags["XMP-xmp:CreatorTool"] == f"Headshot {__version__}"
    assert json.loads(tags["XMP-headshot:Recipe"]) == recipe_of(result)
    assert any(key.startswith("JUMBF") or "JUMDLabel" in key for key in tags), "no credentials seen"
    assert not [key for key in tags if "thumb" in key.lower() or "preview" in key.lower() or key.startswith("EXIF")]
    assert not [key for key in tags if key.endswith(("Warning", "Error"))]


@pytest.mark.parametrize("kind", KINDS)
def test_the_picture_and_its_profile_are_left_alone(kind: str) -> None:
    plain, data = encode(made().picture, kind), stamped(kind)
    assert np.array_equal(pixels(plain), pixels(data))
    with Image.open(io.BytesIO(plain)) as before, Image.open(io.BytesIO(data)) as after:
        assert before.info["icc_profile"] == after.info["icc_profile"]
    if kind == "png":
        assert np.array_equal(pixels(data), made().picture)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_the_upload_and_no_embedding_is_inside(kind: str) -> None:
    name = "jane-doe-beach.jpg"
    planted = {
        "embedding": EMBEDDING.tolist(),
        "face": EMBEDDING,
        "photo": name,
        "prompt": name,
        "upload": UPLOAD,
        "weights": WEIGHTS | {name: "not a hash", "face": EMBEDDING.tobytes().hex()},
    }
    data = stamped(kind, made("faceid-sd15", 0.9, **planted))
    for row in UPLOAD:
        for raw in (row.tobytes(), row[..., 0].tobytes()):
            assert raw[:48] not in data
            assert base64.b64encode(raw)[:32] not in data
    for number in EMBEDDING:
        assert f"{number:.6f}".encode() not in data
        assert repr(float(number)).encode() not in data
    for kind_of_float in (np.float16, np.float32, np.float64):
        raw = EMBEDDING.astype(kind_of_float).tobytes()
        for at in range(0, len(raw), 64):
            assert raw[at : at + 16] not in data
            assert raw[at : at + 16].hex().encode() not in data
            assert base64.b64encode(raw)[at : at + 24] not in data
    assert name.encode() not in data
    assert data.count(b"\xff\xd8\xff") == (1 if kind == "jpeg" else 0)
    assert data.count(b"\x89PNG") == (0 if kind == "jpeg" else 1)
    assert b"thumbnail" not in data.lower()
    assert b"ingredient" not in data.lower()
    assert len(outside_the_picture(data)) < 12_000  # no room for a picture
    assert read(data).recipe["weights"] == WEIGHTS


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_what_came_with_the_bytes_does_not_get_through() -> None:
    small = io.BytesIO()
    Image.fromarray(UPLOAD[:40, :30]).save(small, "JPEG")
    exif = b"Exif\x00\x00" + b"MM\x00*" + small.getvalue()
    stream = io.BytesIO()
    Image.fromarray(made().picture).save(stream, "JPEG", exif=exif, comment=b"secret", quality=93)
    assert stream.getvalue().count(b"\xff\xd8\xff") == 2
    data = headshot_file(made(), picture=open_photo(stream.getvalue()).pixels)
    assert data.count(b"\xff\xd8\xff") == 1
    assert b"secret" not in data
    assert b"Exif" not in data

    stream = io.BytesIO()
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "secret")
    Image.fromarray(made().picture).save(stream, "PNG", pnginfo=text, exif=exif)
    data = headshot_file(made(), "png", picture=open_photo(stream.getvalue()).pixels)
    assert np.array_equal(pixels(data), pixels(stream.getvalue()))
    assert b"secret" not in data
    assert small.getvalue()[:64] not in data
    assert read(data).valid


@pytest.mark.parametrize("kind", KINDS)
def test_stamped_twice_is_stamped_once(kind: str) -> None:
    again = open_photo(stamped(kind, made("faceid-sd15", 0.0))).pixels
    data = headshot_file(made(), kind, picture=again)
    found = read(data)
    assert (found.source_type, found.valid, data.count(b"<x:xmpmeta")) == (OWN_PIXELS, True, 1)
    assert len(json.loads(c2pa.Reader(f"image/{kind}", io.BytesIO(data)).json())["manifests"]) == 1


@pytest.mark.parametrize("kind", ["gif", "webp", ""])
def test_only_jpeg_and_png_are_written(kind: str) -> None:
    with pytest.raises(ValueError):
        encode(made().picture, kind)


def test_a_packet_that_no_segment_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        encode(made().picture, recipe={"words": "a" * 70_000})


@pytest.mark.parametrize("kind", KINDS)
def test_pillow_finds_the_mark(kind: str) -> None:
    with Image.open(io.BytesIO(encode(made().picture, kind, source=COMPOSITE))) as image:
        assert COMPOSITE.encode() in image.info["xmp"]


def test_a_mark_behind_the_pixels_is_read() -> None:
    data = with_xmp("png", b"")
    packet = png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp.write(GENERATED))
    plain = data.replace(png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0"), b"")
    assert read(plain[:-12] + packet + plain[-12:]).source_type == GENERATED


def test_source_types() -> None:
    untouched = dataclasses.replace(made("faceid-sd15", 1.0), picture=UPLOAD)
    assert source_type(untouched) == OWN_PIXELS
    assert source_type(made("faceid-sd15", 1.0)) == COMPOSITE
    assert source_type(made("faceid-sd15", 0.4)) == GENERATED


def test_the_page_s_downloads_are_stamped() -> None:
    from headshot.ui.make.downloads import render_file
    from headshot.ui.make.example_panel import example_upload
    from headshot.ui.make.opened_session import open_session

    session, _ = open_session(example_upload(None))
    direction = direct("linkedin")
    for kind in ("full.jpg", "linkedin.jpg", "full.png", "compare.png"):
        _, mime, data = render_file(session, direction, kind)
        found = read(data)
        assert mime == mime_type(data)
        assert (found.own, found.valid, found.source_type, found.notes) == (True, True, OWN_PIXELS, ())
        assert dataclasses.replace(restore(found.recipe), crop=direction.crop) == direction


@pytest.mark.sweep
def test_the_command_line_s_files_are_stamped(tmp_path: Path) -> None:
    pytest.importorskip("headshot.authenticity.report")
    from headshot.cli.main import main
    from headshot.studio.examples import first_example

    out = tmp_path / "out"
    assert main(["make", str(first_example().path), "--out", str(out), "--set", "light.strength=0.5"]) == 0
    for name in ("headshot-1.jpg", "compare.png"):
        found = read((out / name).read_bytes())
        assert found.own
        assert restore(found.recipe) == direct("linkedin", overrides={"light.strength": 0.5})
