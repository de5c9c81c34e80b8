"""Who signed a file: this copy, another one, or nobody; a changed file is found."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cryptography import x509

from headshot.direction.direct import direct
from headshot.files import (
    OWN_PIXELS,
    certificate,
    read,
    restore,
    signing_fault,
    ticks,
)
from headshot.files.encode import headshot_file
from tests.fixtures.stamped import KINDS, made, pixels, png_chunk, stamped


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


def test_what_was_made_here_is_read_without_taking_it_apart(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its note alone; one whose certificate was changed since, or that never had a note, is looked at in full."""
    made = certificate.load_or_make()
    path = config / "signer.pem"
    looked: list[bytes] = []
    real = certificate._held
    monkeypatch.setattr(certificate, "_held", lambda pem: looked.append(pem) or real(pem))
    assert certificate.load() == made and not looked
    path.write_bytes(made.key + made.leaf + made.root)
    assert certificate.load() == made and len(looked) == 1
    other = certificate._make()
    path.write_bytes(certificate._noted(made).replace(made.leaf, other.leaf))
    assert certificate.load() is None and len(looked) == 2
    path.write_bytes(certificate._noted(made).replace(b" to 20", b" to 30", 1))
    assert certificate.load() == made and len(looked) == 3


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
