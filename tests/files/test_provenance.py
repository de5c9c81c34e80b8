"""What a saved headshot says about itself, checked with c2pa's own Reader and with exiftool."""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import random
import shutil
import struct
import subprocess
import zlib
from pathlib import Path
from typing import Any

import c2pa
import numpy as np
import pytest
from cryptography import x509
from PIL import Image, PngImagePlugin

from headshot import __version__
from headshot.direction.direct import direct
from headshot.direction.presets import load_presets
from headshot.direction.settings import SETTINGS
from headshot.errors import DirectionError, UserError
from headshot.files import (
    COMPOSITE,
    GENERATED,
    MAX_BYTES,
    OWN_PIXELS,
    Provenance,
    certificate,
    mime_type,
    read,
    recipe_of,
    restore,
    signing_fault,
    source_type,
    ticks,
    xmp,
)
from headshot.files.encode import encode, headshot_file
from headshot.photo.decode import open_photo
from headshot.types import Canvas, Direction, Framing, Headshot

KINDS = ("jpeg", "png")
TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
exiftool = pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
RNG = np.random.default_rng(11)
UPLOAD = RNG.integers(0, 256, (160, 120, 3), np.uint8)
EMBEDDING = RNG.normal(0, 1, 512).astype(np.float32)
WEIGHTS = {"faceid/unet.safetensors": "ab" * 32}


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "config"
    monkeypatch.setenv("HEADSHOT_CONFIG", str(folder))
    return folder


def made(engine: str = "retouch", kept: float = 1.0, direction: Direction | None = None, **recipe: Any) -> Headshot:
    ramp = np.linspace(0, 255, 120 * 160 * 3).reshape(160, 120, 3).astype(np.uint8)
    canvas = Canvas(
        UPLOAD,
        UPLOAD,
        np.ones((160, 120), np.float32),
        np.zeros((478, 3), np.float32),
        Framing(np.eye(2, 3), (120, 160)),
    )
    return Headshot(ramp, canvas, direction or direct("linkedin"), engine, kept, recipe)


def stamped(kind: str, result: Headshot | None = None, **settings: Any) -> bytes:
    return headshot_file(result or made(), kind, **settings)


def pixels(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image)


def asked(data: bytes, tmp_path: Path, *options: str) -> dict[str, Any]:
    """exiftool's view of the bytes: every tag it knows, duplicates too."""
    path = tmp_path / "asked"
    path.write_bytes(data)
    shown = subprocess.run(["exiftool", "-json", "-a", "-u", "-G1", *options, path], capture_output=True, check=True)
    return json.loads(shown.stdout)[0]


def outside_the_picture(data: bytes) -> bytes:
    """All bytes of a file but the coded picture itself, by this test's own reading of the two formats."""
    if data.startswith(b"\xff\xd8"):
        return data[: data.rindex(b"\xff\xda")]
    rest, at = b"", 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        rest += b"" if data[at + 4 : at + 8] == b"IDAT" else data[at : at + 12 + length]
        at += 12 + length
    return rest


def png_chunk(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def with_xmp(kind: str, packet: bytes) -> bytes:
    """A plain picture that carries `packet`, put in by hand."""
    stream = io.BytesIO()
    Image.new("RGB", (16, 16)).save(stream, kind)
    data = stream.getvalue()
    if kind == "jpeg":
        body = b"http://ns.adobe.com/xap/1.0/\x00" + packet
        return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]
    return data[:33] + png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet) + data[33:]


# ------------------------------------------------------------------ what is written


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


# ------------------------------------------------------------------ signature


@pytest.mark.parametrize("kind", KINDS)
def test_signed_by_this_copy_and_by_another(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = stamped(kind)
    found = read(data)
    assert (found.signed, found.valid, found.own, found.issuer) == (True, True, True, certificate.ORGANISATION)
    assert found.notes == ()
    assert [ok for ok, _ in ticks(found)] == [True, True, True]
    assert ticks(found)[0] == (True, "Marked as: own pixels, enhanced by software.")
    assert ticks(found)[2] == (True, "Signed by this copy of the app; issuer is not on the C2PA trust list.")
    monkeypatch.setenv("HEADSHOT_CONFIG", str(tmp_path / "another"))
    stranger = read(data)
    assert (stranger.valid, stranger.own) == (True, False)
    assert not (tmp_path / "another").exists(), "reading makes no key"
    assert "was not checked" in ticks(stranger)[2][1]


def test_a_changed_jpeg_is_not_valid() -> None:
    data = bytearray(stamped("jpeg"))
    # The last one: the signature before it is random bytes, in which the marker may stand by chance.
    at = data.rindex(b"\xff\xda") + 60
    data[at] ^= 0x01 if data[at] not in (0xFE, 0x01) else 0x10
    assert not np.array_equal(pixels(bytes(data)), pixels(stamped("jpeg")))
    found = read(bytes(data))
    assert (found.signed, found.valid, found.own) == (True, False, False)
    assert "The picture or its marks were changed after signing." in found.notes
    assert (False, f"Signed by “{certificate.ORGANISATION}”, but the signature does not hold.") in ticks(found)


def test_credentials_moved_to_another_png_are_not_valid() -> None:
    signed, other = stamped("png"), made()
    changed = other.picture.copy()
    changed[80, 60, 0] ^= 1
    donor, at, moved = signed, 8, b""
    while at < len(donor):
        (length,) = struct.unpack_from(">I", donor, at)
        if donor[at + 4 : at + 8] == b"caBX":
            moved = donor[at : at + 12 + length]
        at += 12 + length
    assert moved
    plain = headshot_file(other, "png", picture=changed, sign=False)
    assert not read(plain).signed
    found = read(plain[:33] + moved + plain[33:])
    assert (found.signed, found.valid) == (True, False)


@pytest.mark.parametrize("kind", KINDS)
def test_the_signature_covers_the_recipe(kind: str) -> None:
    data = stamped(kind)
    changed = data.replace(b'"engine":"retouch"', b'"engine":"retaken"')
    assert changed != data
    if kind == "png":  # whoever forges the recipe mends the chunk's checksum too
        at = changed.index(b"iTXt") - 4
        (length,) = struct.unpack_from(">I", changed, at)
        forged = png_chunk(b"iTXt", changed[at + 8 : at + 8 + length])
        changed = changed[:at] + forged + changed[at + len(forged) :]
    assert read(changed).recipe["engine"] == "retaken"
    assert not read(changed).valid


def test_the_key_is_made_once_and_is_private(config: Path) -> None:
    assert not config.exists()
    stamped("jpeg")
    path = config / "signer.pem"
    first = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert config.stat().st_mode & 0o777 == 0o700
    assert [p.name for p in config.iterdir()] == ["signer.pem"]
    assert first.count(b"PRIVATE KEY-----") == 2, "the leaf's key alone"
    stamped("png")
    assert path.read_bytes() == first
    assert first.split(b"-----")[2].strip() not in stamped("jpeg")


def test_the_chain_is_what_c2pa_asks_for() -> None:
    credential = certificate.load_or_make()
    leaf, root = (x509.load_pem_x509_certificate(p) for p in (credential.leaf, credential.root))
    leaf.verify_directly_issued_by(root)
    root.verify_directly_issued_by(root)
    assert leaf.issuer != leaf.subject
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature and not usage.key_cert_sign
    assert (leaf.not_valid_after_utc - leaf.not_valid_before_utc).days > 3000


@pytest.mark.parametrize("days", [-3, 4000])
def test_a_wrong_clock_never_replaces_the_key(days: int, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set back before the key was made, or years ahead: files are unsigned meanwhile, it is said, and the key stays."""
    certificate.load_or_make()
    before = (config / "signer.pem").read_bytes()
    today = certificate.dt.datetime.now(certificate.dt.UTC)

    class Clock(certificate.dt.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return today + certificate.dt.timedelta(days=days)

    with monkeypatch.context() as wrong:
        wrong.setattr(certificate.dt, "datetime", Clock)
        assert "Set the clock" in signing_fault()
        stamped("jpeg")
        assert (config / "signer.pem").read_bytes() == before
    assert signing_fault() == "" and read(stamped("jpeg")).own


@pytest.mark.parametrize("spoil", ["damaged", "other key"])
def test_an_unusable_key_is_made_anew(spoil: str, config: Path) -> None:
    one, two = certificate._make(), certificate._make()
    config.mkdir()
    bad = b"-----BEGIN nonsense" if spoil == "damaged" else one.key + two.leaf + two.root
    (config / "signer.pem").write_bytes(bad)
    before = (config / "signer.pem").read_bytes()
    assert certificate.load() is None
    assert read(stamped("jpeg")).own
    assert (config / "signer.pem").read_bytes() != before
    assert (config / "signer.pem").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_place_for_the_key_the_file_is_unsigned_and_says_so(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert signing_fault() == ""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("HEADSHOT_CONFIG", str(tmp_path / "file" / "deeper"))
    data = stamped(kind)
    found = read(data)
    assert (found.signed, found.valid, found.source_type) == (False, False, OWN_PIXELS)
    assert restore(found.recipe) == direct("linkedin")
    assert (False, "Not signed.") in ticks(found)
    assert "without a signature" in caplog.text
    assert "not signed" in signing_fault()


# ------------------------------------------------------------------ settings come back


def some_direction(seed: int) -> Direction:
    """Every setting somewhere in its range."""
    chance = random.Random(seed)
    values: dict[str, Any] = {}
    for key, bound in SETTINGS.items():
        if bound.kind == "number":
            values[key] = round(chance.uniform(bound.low, bound.high), 3)
        elif bound.kind == "integer":
            values[key] = chance.randint(int(bound.low), int(bound.high))
        elif bound.kind == "choice":
            values[key] = chance.choice(bound.choices)
        elif bound.kind == "colour":
            values[key] = f"#{chance.randrange(1 << 24):06x}"
        else:
            values[key] = "".join(chance.choices("aé字\U0001f600 <&>]]>\"'\\,", k=bound.length)).strip()
    return direct(chance.choice(list(load_presets())), engine="faceid-sd15", overrides=values)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(6))
def test_settings_come_back_as_they_were(kind: str, seed: int) -> None:
    direction = some_direction(seed)
    data = stamped(kind, made("faceid-sd15", 0.9, direction))
    assert restore(read(data).recipe) == direction


@pytest.mark.parametrize("preset", load_presets())
@pytest.mark.parametrize("engine", ["retouch", "faceid-sd15", "faceid-sdxl"])
def test_every_preset_comes_back(preset: str, engine: str) -> None:
    direction = direct(preset, engine=engine)
    packet = xmp.write(OWN_PIXELS, recipe_of(made(engine, 0.9, direction)))
    assert restore(xmp.parse(packet).recipe) == direction


def test_a_candidate_comes_back_by_its_own_seed() -> None:
    direction = direct(seed=7)
    assert restore(recipe_of(made("faceid-sd15", 0.9, direction, seed=9, candidate=2))).seed == 9
    assert restore(recipe_of(made("faceid-sd15", 0.9, direction, seed=2**40))).seed == 7


def spoilt(**changes: Any) -> dict[str, Any]:
    return recipe_of(made()) | changes


@pytest.mark.parametrize(
    "recipe",
    [
        None,
        [],
        "x",
        {},
        spoilt(schema=2),
        spoilt(schema=None),
        spoilt(engine=None),
        spoilt(engine="../x y"),
        spoilt(engine=["a"]),
        spoilt(preset=None),
        spoilt(preset={}),
        spoilt(preset="../../etc/passwd"),
        spoilt(preset="a" * 10**6),
        spoilt(settings=None),
        spoilt(settings=[1]),
        spoilt(settings={"x": 1}),
        spoilt(settings={"__class__": 1}),
        spoilt(settings={"title": "t"}),
        spoilt(settings={f"k{i}": 1 for i in range(10**4)}),
        spoilt(settings={"light.strength": 1.01}),
        spoilt(settings={"light.strength": "0.5"}),
        spoilt(settings={"light.strength": float("nan")}),
        spoilt(settings={"light.strength": None}),
        spoilt(settings={"generate.steps": 10**9}),
        spoilt(settings={"generate.steps": 1.5}),
        spoilt(settings={"backdrop.colour": "red"}),
        spoilt(settings={"backdrop.kind": "own " * 9}),
        spoilt(settings={"words": "a" * 501}),
        spoilt(settings={"words": {"a": 1}}),
        spoilt(settings={"light": {"strength": 0.5}}),
        spoilt(settings={"look.shot": "{person.__class__}"}),
        spoilt(seed=-1),
        spoilt(seed="1"),
        spoilt(seed=True),
        spoilt(seed=None),
        spoilt(seed=2**31),
    ],
)
def test_hostile_recipes_are_refused_in_plain_words(recipe: Any) -> None:
    with pytest.raises(DirectionError) as caught:
        restore(recipe)
    assert 0 < len(str(caught.value)) < 2500


# ------------------------------------------------------------------ other people's files

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]><l>&j;</l>"
)
EXTERNAL = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
HOSTILE = {
    "laughs": LAUGHS,
    "external": EXTERNAL,
    "undefined entity": b"<x>&nope;</x>",
    "deep": b"<a>" * 15_000,
    "nul": b"\x00" * 1000,
    "not xml": b"{}",
    "empty": b"",
    "encoding": b'<?xml version="1.0" encoding="x-nope"?><x/>',
    "utf-16 laughs": LAUGHS.decode().encode("utf-16"),
    "bad utf-8": b"<x>\xff\xfe\xfd</x>",
    "deep json": xmp.write(OWN_PIXELS, {"a": 1}).replace(b'{"a":1}', b"[" * 50_000),
    "long number": xmp.write(OWN_PIXELS, {"a": 1}).replace(b'{"a":1}', b"9" * 20_000),
    "list": xmp.write(OWN_PIXELS, {"a": 1}).replace(b'{"a":1}', b"[1]"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xmp_is_put_aside(kind: str, name: str) -> None:
    found = read(with_xmp(kind, HOSTILE[name]))
    assert (found.source_type, found.recipe, found.signed) == ("", None, False)
    assert found.notes == ("Its XMP mark is damaged and was not used.",)
    assert ticks(found)[0] == (False, "Not marked: nothing inside says how the picture was made.")


def test_five_megabytes_of_xmp_are_put_aside() -> None:
    big = xmp.write(OWN_PIXELS).replace(b"</rdf:Description>", b"<x>" + b" " * 5_000_000 + b"</x></rdf:Description>")
    assert read(with_xmp("png", big)).notes == ("Its XMP mark is damaged and was not used.",)
    segment = with_xmp("jpeg", b"<x>" + b" " * 65_000 + b"</x>")
    many = segment[:2] + segment[2 : 2 + 65_039] * 80 + segment[2:]
    assert len(many) > 5_000_000
    assert read(many).source_type == ""


def test_a_hostile_text_stays_short_and_plain() -> None:
    packet = xmp.write("http://cv.iptc.org/newscodes/digitalsourcetype/<script>\n" + "x" * 5000)
    found = read(with_xmp("png", packet))
    assert len(found.source_type) <= 160
    assert "\n" not in found.source_type
    assert read(with_xmp("png", xmp.write("javascript:alert(1)"))).source_type == ""


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_never_crash_the_reader(kind: str) -> None:
    data, chance = stamped(kind), random.Random(5)
    for _ in range(60):
        bad = bytearray(data)
        for _ in range(chance.choice((1, 3, 20))):
            bad[chance.randrange(min(len(bad), 9000))] = chance.randrange(256)
        found = read(bytes(bad[: chance.randrange(len(bad))] if chance.random() < 0.3 else bad))
        assert all(isinstance(sentence, str) for _, sentence in ticks(found))


@pytest.mark.parametrize("data", [b"", b"RIFF....WEBP", b"\x00" * 100, b"BM" + bytes(60)])
def test_other_formats_give_an_empty_record(data: bytes) -> None:
    found = read(data)
    assert dataclasses.replace(found, notes=()) == Provenance()
    assert found.notes


def test_too_large_a_file_is_refused() -> None:
    with pytest.raises(UserError, match="too large"):
        read(bytes(MAX_BYTES + 1))


@exiftool
@pytest.mark.parametrize("kind", KINDS)
def test_marks_that_exiftool_wrote_are_understood(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"camera.{kind}"
    Image.new("RGB", (16, 16)).save(path)
    mark = f"-XMP-iptcExt:DigitalSourceType={TYPES}digitalCapture"
    subprocess.run(["exiftool", "-q", "-overwrite_original", mark, path], check=True)
    found = read(path.read_bytes())
    assert found.source_type == TYPES + "digitalCapture"
    assert ticks(found)[0] == (True, "Marked as: a photo from a camera.")
    assert found.recipe is None


@pytest.mark.parametrize(
    "inside",
    [
        f'<i:DigitalSourceType rdf:resource="{GENERATED}"/>',
        f"<i:DigitalSourceType>\n {GENERATED}\n</i:DigitalSourceType>",
    ],
)
def test_other_spellings_of_the_mark(inside: str) -> None:
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f"{inside}</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    assert read(with_xmp("jpeg", packet.encode())).source_type == GENERATED


# ------------------------------------------------------------------ wired


def test_the_page_s_downloads_are_stamped() -> None:
    from headshot.ui.make.downloads import render_file
    from headshot.ui.make.example_panel import example_upload
    from headshot.ui.make.session import open_session

    session, _ = open_session(example_upload(None))
    direction = direct("linkedin")
    for kind in ("full.jpg", "linkedin.jpg", "full.png", "compare.png"):
        _, mime, data = render_file(session, direction, kind)
        found = read(data)
        assert mime == mime_type(data)
        assert (found.own, found.valid, found.source_type, found.notes) == (True, True, OWN_PIXELS, ())
        assert dataclasses.replace(restore(found.recipe), crop=direction.crop) == direction


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
