"""Other people's files: hostile, damaged and foreign marks."""

from __future__ import annotations

import dataclasses
import random
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from headshot.errors import UserError
from headshot.files import (
    GENERATED,
    MAX_BYTES,
    OWN_PIXELS,
    Provenance,
    read,
    ticks,
    xmp,
)
from tests.fixtures.stamped import KINDS, TYPES, exiftool, stamped, with_xmp

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


@pytest.mark.parametrize("data", [b"", b"\x00" * 100, b"BM" + bytes(60)])
def test_other_formats_give_an_empty_record(data: bytes) -> None:
    found = read(data)
    assert dataclasses.replace(found, notes=()) == Provenance()
    assert found.notes


def test_a_file_that_ends_after_its_first_bytes_says_nothing_of_credentials() -> None:
    assert read(b"RIFF....WEBP") == Provenance()


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
