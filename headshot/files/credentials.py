"""C2PA content credentials with the reference library (c2pa-rs): sign, and check what a file carries.

The intent is Create, never Edit: Edit would put the source photo into the file as an ingredient. Thumbnails are
off. No time-stamp authority, no remote manifest, no OCSP: nothing goes over the network.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

from headshot.files.certificate import Credential
from headshot.files.source_type import COMPOSITE, GENERATED, OWN_PIXELS, RETOUCHED
from headshot.language import tr
from headshot.text import clean
from headshot.types import SignedOriginal

# What a file with credentials has somewhere: the box that they are in (ISO/IEC 19566-5), the XMP property that says
# where else they are, or texts of a PNG, which may hold that property compressed.
_TRACES = (b"jumb", b"provenance", b"iTXt", b"zTXt")
ORIGINAL = "org.headshot.signed_original"  # the label of our own assertion
_SETTINGS: dict[str, Any] = {
    "version": 1,
    "builder": {"thumbnail": {"enabled": False}},
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
}


@dataclass(frozen=True)
class Check:
    """`signed`: there are readable credentials; `valid`: the signature holds and fits these bytes.

    `own`: signed by this copy of the app. `source`: the digital source type that the credentials state.
    """

    signed: bool = False
    valid: bool = False
    own: bool = False
    issuer: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()


def sign(data: bytes, mime: str, source: str, credential: Credential, original: SignedOriginal | None = None) -> bytes:
    """Put credentials into a file: one c2pa.created action with `source`, no ingredient, no thumbnail.

    `original`: the camera-signed photo that the picture was made of; its hash and its issuer's name go in, no more.
    """
    import c2pa

    from headshot import __version__

    kinds = {
        OWN_PIXELS: c2pa.C2paDigitalSourceType.ALGORITHMICALLY_ENHANCED,
        RETOUCHED: c2pa.C2paDigitalSourceType.HUMAN_EDITS,
        COMPOSITE: c2pa.C2paDigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
        GENERATED: c2pa.C2paDigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
    }
    manifest: dict[str, Any] = {"claim_generator_info": [{"name": "Headshot", "version": __version__}]}
    if original is not None:
        stated = {"sha256": original.sha256, "issuer": original.issuer, "trust": "signature holds, issuer not checked"}
        manifest["assertions"] = [{"label": ORIGINAL, "data": stated}]
    out = io.BytesIO()
    signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo("es256", credential.leaf, credential.key, None))
    context = c2pa.Context.from_dict(_SETTINGS, signer=signer)
    with context, c2pa.Builder(manifest, context=context) as builder:
        builder.set_intent(c2pa.C2paBuilderIntent.CREATE, kinds[source])
        builder.sign(mime, io.BytesIO(data), out)
    return out.getvalue()


def may_be_in(data: bytes) -> bool:
    """Tell by a file's bytes whether `check` could find anything: most photos are spared it, a tenth of a second."""
    return any(trace in data for trace in _TRACES)


def check(data: bytes, mime: str, credential: Credential | None) -> Check:
    """Check with c2pa's own Reader. `credential`'s root is what makes a signature our own."""
    import c2pa

    trust = {"user_anchors": credential.root.decode()} if credential else {}
    try:
        with c2pa.Context.from_dict(_SETTINGS | {"trust": trust}) as context:
            reader = c2pa.Reader.try_create(mime, io.BytesIO(data), context=context)
            if reader is None:
                return Check()
            with reader:
                report = json.loads(reader.json())
    except c2pa.C2paError.RemoteManifest:
        return Check(notes=(tr("Its credentials are kept on a website; they were not fetched."),))
    except c2pa.C2paError:
        return Check(notes=(tr("There are content credentials inside, but they cannot be read."),))
    state = report.get("validation_state")
    manifest = report.get("manifests", {}).get(report.get("active_manifest"), {})
    issuer = (manifest.get("signature_info") or {}).get("issuer") or ""
    valid = state in ("Valid", "Trusted")
    return Check(
        signed=True,
        valid=valid,
        own=state == "Trusted",
        issuer=clean(str(issuer)[:400])[:80],
        source=_source(manifest),
        notes=() if valid else (_why(report),),
    )


def _source(manifest: dict[str, Any]) -> str:
    for assertion in manifest.get("assertions", ()):
        if str(assertion.get("label", "")).startswith("c2pa.actions"):
            for action in (assertion.get("data") or {}).get("actions", ()):
                if source := action.get("digitalSourceType"):
                    return str(source)
    return ""


def _why(report: dict[str, Any]) -> str:
    results = (report.get("validation_results") or {}).get("activeManifest") or {}
    codes = [str(f.get("code", "")) for f in results.get("failure", ())]
    codes = [c for c in codes if c != "signingCredential.untrusted"]  # that alone leaves a signature valid
    if "assertion.dataHash.mismatch" in codes:
        return tr("The picture or its marks were changed after signing.")
    if any(c in ("signingCredential.expired", "claimSignature.outsideValidity") for c in codes):
        return tr("The signer's certificate was not valid at the time.")
    return tr("The signature does not hold ({which}).", which=clean(codes[0])[:60] if codes else "no reason given")
