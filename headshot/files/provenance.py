"""Read back from a file's bytes what they really carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from headshot.errors import UserError
from headshot.files import certificate, credentials, xmp
from headshot.files.source_type import SCHEME, WORDS, strongest
from headshot.language import tr
from headshot.text import clean
from headshot.types import Finding, SignedOriginal, State

# Major brands of ISO base media files that are pictures (ISO/IEC 23008-12).
_BRANDS = {b: "image/heic" for b in (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")} | {b"avif": "image/avif"}
_READ = "JPEG, PNG, WebP, HEIC, AVIF, TIFF and GIF"
MAX_BYTES = 64 * 1024 * 1024  # of a file to read


@dataclass(frozen=True)
class Provenance:
    """What a file says about itself, as found in its bytes.

    `source_type`: IPTC digital source type or ""; `recipe`: JSON object or None, untrusted until `restore` has
    taken it; `signed`: C2PA credentials are inside; `valid`: their signature holds for these bytes; `own`: and
    was made by this copy of the app; `painted`: the strongest claim of an AI's part in any of its marks. Texts come
    from the file: escape them before they go on a page.
    """

    source_type: str = ""
    recipe: dict[str, Any] | None = None
    signed: bool = False
    issuer: str = ""
    valid: bool = False
    notes: tuple[str, ...] = ()
    own: bool = False
    painted: str = ""


def mime_type(data: bytes) -> str:
    """Tell JPEG, PNG, WebP, HEIC and AVIF by the first bytes, as image/…; "" for anything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith((b"II*\0", b"MM\0*")):
        return "image/tiff"
    if data.startswith(b"GIF8"):
        return "image/gif"
    return _BRANDS.get(data[8:12], "") if data[4:8] == b"ftyp" else ""


def read(data: bytes) -> Provenance:
    """Read what the bytes of any file say. A file of another format, or without marks, gives an empty record.

    Raises UserError over `MAX_BYTES`.
    """
    if len(data) > MAX_BYTES:
        raise UserError(
            "The file is too large to look into.", tr("It may have {max_bytes} MB.", max_bytes=MAX_BYTES // 2**20)
        )
    mime = mime_type(data)
    if not mime:
        return Provenance(notes=(tr("Only {read} files are read.", read=_READ),))
    notes: list[str] = []
    packet = _packet(data, notes)
    check = _check(data, mime) if credentials.may_be_in(data) else credentials.Check()
    notes += check.notes
    marked, stated = _known(packet.source), _known(check.source)
    if marked and check.valid and stated and marked != stated:
        notes.append(tr("Its two marks do not agree; the signed one is shown."))
    return Provenance(
        source_type=stated if stated and check.valid else marked or stated,
        recipe=packet.recipe,
        signed=check.signed,
        issuer=check.issuer,
        valid=check.valid,
        notes=tuple(notes),
        own=check.own,
        painted=strongest(marked, stated),
    )


def ticks(p: Provenance) -> list[tuple[bool, str]]:
    """Say (there or not, plain sentence) for each of mark, recipe and signature, then the notes."""
    lines: list[tuple[bool, str]] = []
    if p.source_type:
        lines.append(
            (True, tr("Marked as: {words}.", words=WORDS.get(p.source_type, p.source_type.removeprefix(SCHEME))))
        )
    else:
        lines.append((False, tr("Not marked: nothing inside says how the picture was made.")))
    if p.recipe is None:
        lines.append((False, tr("No recipe inside: its settings cannot be restored.")))
    else:
        lines.append((True, tr("The recipe is inside: the settings can be restored.")))
    by = f"“{p.issuer}”" if p.issuer else "an issuer without a name"
    if not p.signed:
        lines.append((False, tr("Not signed.")))
    elif not p.valid:
        lines.append((False, tr("Signed by {by}, but the signature does not hold.", by=by)))
    elif p.own:
        lines.append((True, tr("Signed by this copy of the app; issuer is not on the C2PA trust list.")))
    else:
        lines.append((True, tr("Signed by {by}, unchanged since. Who that is was not checked.", by=by)))
    return lines + [(False, note) for note in p.notes]


def photo_findings(claimed: str, signed: SignedOriginal | None) -> tuple[Finding, ...]:
    """Say for the report what the photo's own file says: information. `claimed`: COMPOSITE, GENERATED or ""."""
    claim = (_claim_finding(claimed),) if claimed else ()
    return claim if signed is None else (*claim, _signed_finding(signed))


def finding(data: bytes | None, claimed: str = "") -> Finding:
    """Say for the report what a file says about itself: information. None: no file is at hand, only pixels.

    `claimed`: what it says of an AI in any words, COMPOSITE, GENERATED or ""; where it has no mark they are told.
    """
    value, reason = None, tr("only the pixels are here, without the file that they came in.")
    if data is not None:
        reason = tr("only {read} files can be looked into.", read=_READ)
        if mime_type(data):
            found = read(data)
            lines = ticks(found)
            if claimed and not found.source_type:
                lines[0] = (True, tr("Its texts say that it is {words}.", words=WORDS[claimed]))
            value = float(sum(there for there, _ in lines))
            reason = ""
    return Finding(
        "provenance",
        value,
        "of 3 marks",
        State.GREY,
        tr("Could not be measured: {reason}", reason=reason) if reason else " ".join(line for _, line in lines),
        tr(
            "Read back from the file: the mark of how it was made (IPTC digital source type), the recipe, "
            "and the signature (C2PA, checked against the bytes). A file without any of them may be a "
            "camera's or a machine's."
        ),
        "information only",
        tr("The file itself; the forms are IPTC's and C2PA's."),
        tr("What the file says"),
    )


def _claim_finding(source: str) -> Finding:
    return Finding(
        "photo_claims",
        1.0,
        "mark",
        State.GREY,
        tr("Your photo itself says that it is {words}. What is made of it keeps that mark.", words=WORDS[source]),
        tr(
            "Read from the photo's file before its pixels: IPTC digital source type, content credentials "
            "(C2PA), and the texts that known generators leave."
        ),
        "information only",
        tr("The file itself."),
        tr("What your photo says of itself"),
    )


def _signed_finding(original: SignedOriginal) -> Finding:
    by = f"“{original.issuer}”" if original.issuer else "an issuer without a name"
    return Finding(
        "photo_signed",
        1.0,
        "mark",
        State.GREY,
        tr(
            "Your photo is signed as taken by a camera, by {by}, and unchanged since. Who that is was not checked.",
            by=by,
        ),
        tr(
            "Content credentials (C2PA) of the photo's file, checked against its bytes. What is made of it "
            "carries that file's hash, and no pixel of it besides."
        ),
        "information only",
        tr("The file itself."),
        tr("Your photo's signature"),
    )


def _check(data: bytes, mime: str) -> credentials.Check:
    try:
        kept = certificate.load()
    except OSError:
        kept = None
    return credentials.check(data, mime, kept)


def _packet(data: bytes, notes: list[str]) -> xmp.Packet:
    try:
        found = xmp.packet_in(data)
        return xmp.Packet() if found is None else xmp.parse(found)
    except xmp.Damaged:
        notes.append(tr("The file is damaged: an XMP mark could not be read from it."))
    except xmp.Malformed:
        notes.append(tr("Its XMP mark is damaged and was not used."))
    return xmp.Packet()


def _known(source: str) -> str:
    """A digital source type of any vocabulary that looks like one, in a form that compares."""
    source = clean(source[:400])[:160]
    if source.startswith("https://cv.iptc.org/"):
        source = "http" + source.removeprefix("https")
    return source if source.startswith(("http://cv.iptc.org/", "http://c2pa.org/")) else ""
