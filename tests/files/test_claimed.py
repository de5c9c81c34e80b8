"""What a photo's file says of an AI is read before anything, and no file that leaves says less."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import itertools
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from headshot.cli.main import main
from headshot.files import (
    COMPOSITE,
    GENERATED,
    OWN_PIXELS,
    certificate,
    credentials,
    provenance,
    read,
    source_type,
    xmp,
)
from headshot.files.claimed import claimed, signed_original
from headshot.files.encode import encode, headshot_file
from headshot.files.opened_photo import CLAIMED_NOTE, opened
from headshot.files.source_type import SCHEME, strongest
from headshot.studio import Sitting
from headshot.studio.requests import read as read_source
from headshot.studio.session import headshot
from headshot.types import SignedOriginal
from tests.fixtures import faces
from tests.fixtures.stamped import UPLOAD, made


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADSHOT_CONFIG", str(tmp_path / "config"))


def png(**texts: str) -> bytes:
    stream, info = io.BytesIO(), PngImagePlugin.PngInfo()
    for key, text in texts.items():
        info.add_text(key, text)
    Image.fromarray(UPLOAD).save(stream, "PNG", pnginfo=info)
    return stream.getvalue()


def long_text_before_the_mark() -> bytes:
    """An XMP packet in the mark's own place, behind a compressed text of 3 MB."""
    stream, info = io.BytesIO(), PngImagePlugin.PngInfo()
    info.add_text("Comment", "z" * 3_000_000, zip=True)
    info.add_itxt(xmp.PNG_KEYWORD, xmp.write(GENERATED).decode(), zip=True)
    Image.fromarray(UPLOAD).save(stream, "PNG", pnginfo=info)
    return stream.getvalue()


def with_exif(kind: str, tag: int, text: str) -> bytes:
    stream, exif = io.BytesIO(), Image.Exif()
    if tag == 0x9286:
        exif.get_ifd(0x8769)[tag] = b"UNICODE\0" + text.encode("utf-16-be")
    else:
        exif[tag] = text
    Image.fromarray(UPLOAD).save(stream, kind, exif=exif)
    return stream.getvalue()


GREY = np.full((64, 64, 3), 90, np.uint8)
SETTINGS = "a man in a suit\nSteps: 25, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x768"


def test_texts_of_known_generators_are_claims() -> None:
    for data in (
        png(parameters=SETTINGS),
        png(prompt='{"3": {"class_type": "KSampler", "inputs": {}}}'),
        png(invokeai_metadata='{"generation_mode": "txt2img"}'),
        png(Description="portrait --v 6 Job ID: 01234567-89ab-cdef-0123-456789abcdef"),
        png(Software="NovelAI"),
        # Long texts, which Pillow refuses the file for: before the mark, behind it, and its own.
        png(workflow="x" * 2_000_000, parameters=SETTINGS),
        png(parameters=SETTINGS + "x" * 2_000_000),
        png(prompt='{"3": {"class_type": "KSampler"}}', more="y" * 1_100_000),
        long_text_before_the_mark(),
        with_exif("JPEG", 0x9286, SETTINGS),
        with_exif("WEBP", 0x9286, SETTINGS),
        with_exif("JPEG", 0x131, "Adobe Firefly"),
    ):
        assert claimed(data) == GENERATED


def test_ordinary_words_and_broken_files_claim_nothing() -> None:
    for data in (
        png(Software="Adobe Photoshop 25.0", Description="My prompt answer. Steps: up, then left."),
        png(Comment="We met in Midjourney, Ohio"),
        with_exif("JPEG", 0x131, "darktable 4.6"),
        encode(UPLOAD, "jpeg"),
        b"",
        b"\xff\xd8\xff" + bytes(range(256)) * 8,
        png(parameters=SETTINGS)[:60],
    ):
        assert claimed(data) == ""


def test_the_strongest_claim_counts_signed_or_not() -> None:
    credential = certificate.load_or_make()
    for kind, (marked, signed) in itertools.product(
        ("jpeg", "png"), itertools.product((OWN_PIXELS, COMPOSITE, GENERATED), repeat=2)
    ):
        data = credentials.sign(encode(UPLOAD, kind, source=marked), f"image/{kind}", signed, credential)
        strong = strongest(marked, signed)
        assert claimed(data) == ("" if strong == OWN_PIXELS else strong)
        broken = bytearray(data)
        broken[-40] ^= 1  # the signature no longer holds; what it says is a claim still
        assert read(bytes(broken)).valid is False and claimed(bytes(broken)) in (claimed(data), strongest(marked), "")
    assert strongest(SCHEME + "digitalCapture") == "" and strongest(SCHEME + "compositeSynthetic") == COMPOSITE


def test_no_result_says_less_than_its_photo() -> None:
    """Input × what was made of it × kind of file: the mark that leaves, in XMP and signed."""
    for claim, kept in itertools.product(("", COMPOSITE, GENERATED), (1.0, 0.6, 0.2)):
        result = dataclasses.replace(made(engine="retouch" if kept == 1.0 else "faceid-sd15", kept=kept), claimed=claim)
        plain = source_type(dataclasses.replace(result, claimed=""))
        for kind in ("jpeg", "png"):
            found = read(headshot_file(result, kind))
            assert found.source_type == strongest(plain, claim) and found.valid and found.own


@pytest.mark.data
@pytest.mark.skipif(not faces.PHOTOS.is_dir(), reason="no shared photos")
def test_the_claim_goes_the_whole_way_and_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from headshot.direction.direct import direct

    photo = encode(faces.photo("garan_1.jpg"), "jpeg", source=GENERATED)
    (tmp_path / "ai.jpg").write_bytes(photo)
    for source in (photo, io.BytesIO(photo), tmp_path / "ai.jpg"):
        assert opened(source).claimed == GENERATED
    assert read_source(photo).claimed == read_source(tmp_path / "ai.jpg").claimed == GENERATED
    sitting = Sitting.open(photo)
    result = headshot(sitting, direct("linkedin"), height=300)
    assert CLAIMED_NOTE in result.notes and read(headshot_file(result)).source_type == GENERATED
    clean = headshot(Sitting.open(encode(faces.photo("garan_1.jpg"))), direct("linkedin"), height=300)
    assert CLAIMED_NOTE not in clean.notes and read(headshot_file(clean)).source_type == OWN_PIXELS
    assert main(["marks", str(tmp_path / "ai.jpg")]) == 0
    assert "It says that it is painted by an AI model." in capsys.readouterr().out
    assert main(["marks", str(tmp_path / "none.jpg")]) == 2 and "cannot be read" in capsys.readouterr().err
    assert np.array_equal(opened(photo).pixels, sitting.photo.pixels) or sitting.photo.claimed == GENERATED


def signed_as(data: bytes, mime: str, kind: str) -> bytes:
    """The file signed with one created action of c2pa's source type `kind`, by this copy's own root."""
    import c2pa

    credential = certificate.load_or_make()
    signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo("es256", credential.leaf, credential.key, None))
    out = io.BytesIO()
    context = c2pa.Context.from_dict({"version": 1, "builder": {"thumbnail": {"enabled": False}}}, signer=signer)
    with context, c2pa.Builder({"claim_generator_info": [{"name": "camera"}]}, context=context) as builder:
        builder.set_intent(c2pa.C2paBuilderIntent.CREATE, getattr(c2pa.C2paDigitalSourceType, kind))
        builder.sign(mime, io.BytesIO(data), out)
    return out.getvalue()


KINDS = ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "GIF"]


def file_of(kind: str, how: str = "plain", pixels: np.ndarray = GREY) -> bytes:
    """A picture file of Pillow's `kind` that says of itself: nothing ("plain"), COMPOSITE ("IPTC"), GENERATED (a
    generator's "text", "signed"), or that a camera took it ("camera").
    """
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
    out, more = io.BytesIO(), {}
    if how == "text":
        more["exif"] = Image.Exif()
        more["exif"][0x131] = "Stable Diffusion"
    if how == "IPTC" and kind == "PNG":
        more["pnginfo"] = PngImagePlugin.PngInfo()
        more["pnginfo"].add_itxt(xmp.PNG_KEYWORD, xmp.write(COMPOSITE, None))
    elif how == "IPTC" and kind == "TIFF":
        more["tiffinfo"] = {700: xmp.write(COMPOSITE, None)}
    elif how == "IPTC" and kind != "GIF":
        more["xmp"] = xmp.write(COMPOSITE, None)
    Image.fromarray(pixels).save(out, kind, **more)
    data = out.getvalue()
    if how == "IPTC" and kind == "GIF":  # an application extension before the trailer, see XMP Specification Part 3
        trailer = b"\1" + bytes(range(255, -1, -1)) + b"\0"
        data = data[:-1] + b"\x21\xff\x0bXMP DataXMP" + xmp.write(COMPOSITE, None) + trailer + data[-1:]
    kinds = {"signed": "TRAINED_ALGORITHMIC_MEDIA", "camera": "DIGITAL_CAPTURE"}
    return signed_as(data, provenance.mime_type(data), kinds[how]) if how in kinds else data


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_photo_is_asked_for_its_credentials(kind: str) -> None:
    plain = file_of(kind)
    assert claimed(file_of(kind, "IPTC")) == COMPOSITE
    if kind != "GIF":  # has no EXIF
        assert claimed(file_of(kind, "text")) == GENERATED
    mime = provenance.mime_type(plain)
    assert mime and claimed(plain) == "" and signed_original(plain) is None
    assert not credentials.may_be_in(plain), "a photo without any is spared the search"
    assert claimed(signed_as(plain, mime, "TRAINED_ALGORITHMIC_MEDIA")) == GENERATED
    camera = signed_as(plain, mime, "DIGITAL_CAPTURE")
    found = signed_original(camera)
    assert claimed(camera) == "" and found is not None and found.issuer == certificate.ORGANISATION
    assert found.sha256 == hashlib.sha256(camera).hexdigest()
    spoilt = bytearray(camera)
    spoilt[-3] ^= 255
    assert signed_original(bytes(spoilt)) is None


def test_a_camera_signed_photo_is_named_and_carried_by_its_hash_alone() -> None:
    original = SignedOriginal("A camera maker", "ab" * 32)
    (finding,) = provenance.photo_findings("", original)
    sentence = finding.sentence
    assert "“A camera maker”" in sentence and "not checked" in sentence
    plain = encode(np.zeros((32, 32, 3), np.uint8))
    data = credentials.sign(plain, "image/jpeg", OWN_PIXELS, certificate.load_or_make(), original)
    assert original.sha256.encode() in data and read(data).valid and read(data).source_type == OWN_PIXELS


def test_a_packet_of_another_format_is_found_by_its_tags() -> None:
    packet = xmp.write(GENERATED, None)
    packet = packet if isinstance(packet, bytes) else packet.encode()
    out = io.BytesIO()
    Image.fromarray(np.full((64, 64, 3), 90, np.uint8)).save(out, "WEBP", xmp=packet)
    assert claimed(out.getvalue()) == GENERATED
