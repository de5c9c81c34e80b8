"""The key that this copy of the app signs with: a local root and a leaf, made on first use and kept for the user.

C2PA wants a leaf that is no CA and was not signed by itself (C2PA 2.x, "X.509 Certificates"). The root signs that
one leaf and its key is then forgotten, so nobody can issue another in its name. No name of person or machine.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from headshot.environment import config_folder
from headshot.language import tr

_YEARS = 10  # a file without a time stamp is valid as long as its leaf
_FILE = "signer.pem"
# Two lines before the PEM blocks, where RFC 7468 allows text: by them what this app made need not be taken apart again,
# for which cryptography's import alone takes longer than signing.
_NOTE = re.compile(rb"SHA-256 of the rest: ([0-9a-f]{64})\n(Holds from (\S+) to (\S+)\n.*)", re.DOTALL)
_BEGIN = b"-----BEGIN CERTIFICATE-----"
ORGANISATION = "Headshot, a local copy"


@dataclass(frozen=True)
class Credential:
    """PEM bytes: the leaf's private key (PKCS #8, P-256), the leaf and the root."""

    key: bytes
    leaf: bytes
    root: bytes


class OutsideValidity(OSError):
    """The kept certificate does not hold on this machine's date. It is never replaced: a clock may be wrong."""

    def __init__(self, begin: dt.datetime, end: dt.datetime) -> None:
        message = tr(
            "its certificate holds from {begin:%Y-%m-%d} to {end:%Y-%m-%d}, and this machine's date is another",
            begin=begin,
            end=end,
        )
        super().__init__(errno.EINVAL, message)


def fault() -> str:
    """Say why files stay unsigned here, in a sentence; "" where signing works. Makes the certificate if need be."""
    try:
        load_or_make()
    except OSError as error:
        reason = error.strerror or str(error)
        if isinstance(error, OutsideValidity):
            return tr(
                "Saved files are not signed: {reason}. Set the clock, or move {file} away for a new key.",
                reason=reason,
                file=_FILE,
            )
        return tr(
            "Saved files are not signed: the key cannot be kept here ({reason}). HEADSHOT_CONFIG names a folder.",
            reason=reason,
        )
    return ""


def load() -> Credential | None:
    """Read the kept credential; None where there is none, or none that can be used any more. OSError if unreadable."""
    try:
        return _valid((config_folder() / _FILE).read_bytes())
    except FileNotFoundError:
        return None


def load_or_make() -> Credential:
    """Read the kept credential, or make one, kept with mode 0600. OSError where it cannot be kept."""
    if (kept := load()) is not None:
        return kept
    place = config_folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = place / _FILE
    new = _make()
    handle, temporary = tempfile.mkstemp(dir=place, prefix=".signer-")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_noted(new))
        try:
            os.link(temporary, path)  # the first of two processes wins
        except FileExistsError:
            if (kept := load()) is not None:
                return kept
            os.replace(temporary, path)  # damaged
        return new
    finally:
        Path(temporary).unlink(missing_ok=True)


def _noted(made: Credential) -> bytes:
    """Put the note before the three PEM blocks."""
    from cryptography import x509

    leaf = x509.load_pem_x509_certificate(made.leaf)
    held = (leaf.not_valid_before_utc.isoformat().encode(), leaf.not_valid_after_utc.isoformat().encode())
    rest = b"Holds from %s to %s\n" % held + made.key + made.leaf + made.root
    return b"SHA-256 of the rest: %s\n" % hashlib.sha256(rest).hexdigest().encode() + rest


def _valid(data: bytes) -> Credential | None:
    note, pem = _NOTE.fullmatch(data), data[max(data.find(b"-----BEGIN"), 0) :]
    if note and hashlib.sha256(note[2]).hexdigest().encode() == note[1]:
        begin, end = (dt.datetime.fromisoformat(text.decode()) for text in note.group(3, 4))
    elif held := _held(pem):
        begin, end = held
    else:
        return None
    if not begin <= dt.datetime.now(dt.UTC) < end:
        raise OutsideValidity(begin, end)
    key, leaf, root = pem.split(_BEGIN)
    return Credential(key, _BEGIN + leaf, _BEGIN + root)


def _held(pem: bytes) -> tuple[dt.datetime, dt.datetime] | None:
    """From when to when the leaf holds; None where this is not a key with its leaf and a root."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key, *certificates = pem.split(_BEGIN)
    if len(certificates) != 2:
        return None
    try:
        private = load_pem_private_key(key, None)
        leaf, _ = (x509.load_pem_x509_certificate(_BEGIN + c) for c in certificates)
    except ValueError:
        return None
    if private.public_key() != leaf.public_key():
        return None
    return leaf.not_valid_before_utc, leaf.not_valid_after_utc


def _make() -> Credential:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def name(common: str) -> x509.Name:
        pairs = ((NameOID.ORGANIZATION_NAME, ORGANISATION), (NameOID.COMMON_NAME, common))
        return x509.Name([x509.NameAttribute(oid, value) for oid, value in pairs])

    def usage(*, signs_certificates: bool) -> x509.KeyUsage:
        return x509.KeyUsage(
            digital_signature=not signs_certificates,
            key_cert_sign=signs_certificates,
            crl_sign=signs_certificates,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )

    now = dt.datetime.now(dt.UTC)
    begin, end = now - dt.timedelta(days=1), now + dt.timedelta(days=365 * _YEARS)
    root_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, leaf_name = name("Headshot local root"), name("Headshot local signer")

    def certificate(subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, ca: bool) -> x509.CertificateBuilder:
        public = key.public_key()
        return (
            x509.CertificateBuilder(root_name, subject, public, x509.random_serial_number(), begin, end)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=0 if ca else None), critical=True)
            .add_extension(usage(signs_certificates=ca), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        )

    root = certificate(root_name, root_key, ca=True).sign(root_key, hashes.SHA256())
    # E-mail protection is the use that c2pa-rs 0.91 takes by default; its document-signing sibling it refuses.
    leaf = (
        certificate(leaf_name, leaf_key, ca=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    return Credential(
        leaf_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        leaf.public_bytes(Encoding.PEM),
        root.public_bytes(Encoding.PEM),
    )
