"""What a photo's file says of an AI that painted it, read before anything is made of it.

Its IPTC source type in XMP, the one that its content credentials state (whether or not the signature holds: a claim
against oneself is believed), and the texts that known generators leave.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from collections.abc import Iterator

from PIL import Image

from headshot.errors import UserError
from headshot.files import provenance
from headshot.files.source_type import CAPTURED, GENERATED, OWN_PIXELS, strongest
from headshot.imaging.pillow_faults import PILLOW_FAULTS
from headshot.photo import png_file
from headshot.photo.heif_file import formats_for
from headshot.types import SignedOriginal

_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "GIF")
_MOST_TEXT = 20_000  # characters of each text that are looked at
_SOFTWARE, _DESCRIPTION, _EXIF, _COMMENT = 0x131, 0x10E, 0x8769, 0x9286  # EXIF tags
# Texts of known generators: the settings of AUTOMATIC1111 and its kin, ComfyUI's graph, InvokeAI, Midjourney's job, and
# the names of programs that make whole pictures. Adobe's and Google's carry IPTC's source type too.
_TEXTS = (
    re.compile(r"\bSteps: \d+,.{0,400}\b(Sampler|CFG scale|Seed): ", re.DOTALL),
    re.compile(r'"class_type"\s*:\s*"\w*(Sampler|Loader|VAEDecode)'),
    re.compile(r'"(generation_mode|invokeai_version|sd-metadata)"\s*:'),
    re.compile(r"\bJob ID: [0-9a-f]{8}-[0-9a-f]{4}-", re.IGNORECASE),
    re.compile(r"\bMade with Google AI\b"),
)
_PROGRAMS = re.compile(
    r"\b(stable[ -]?diffusion|midjourney|dall[-·. ]?e\b|adobe firefly|novelai|invokeai|comfyui|leonardo\.ai|ideogram|"
    r"black forest labs|imagen|gpt-image)",
    re.IGNORECASE,
)
_NAMES = ("Software", "Source", "Title", "generator", "CreatorTool")


def claimed(data: bytes) -> str:
    """Give COMPOSITE or GENERATED where the bytes of any file say that an AI painted the picture; else "".

    A file that cannot be read says nothing. A texts' claim is GENERATED: such programs name no part.
    """
    try:
        found = provenance.read(data).painted
    except UserError:
        return ""
    found = strongest(found, *(GENERATED for name, text in _texts(data) if _is_generator(name, text)))
    return "" if found == OWN_PIXELS else found


def signed_original(data: bytes) -> SignedOriginal | None:
    """Tell whether content credentials that hold say that a camera took the picture; None for any other file."""
    try:
        found = provenance.read(data)
    except UserError:
        return None
    if not found.valid or found.painted or found.source_type not in CAPTURED:
        return None
    return SignedOriginal(found.issuer, hashlib.sha256(data).hexdigest())


def _is_generator(name: str, text: str) -> bool:
    return any(p.search(text) for p in _TEXTS) or (name in _NAMES and _PROGRAMS.search(text) is not None)


def _texts(data: bytes) -> Iterator[tuple[str, str]]:
    """The (name, text) that a picture carries before its pixels; nothing is decoded."""
    found: list[tuple[str, object]] = []
    if data.startswith(png_file.SIGNATURE):  # Pillow takes no file whose texts are long, and a mark is in any of them
        found += png_file.texts(data, 4 * _MOST_TEXT)
        data = png_file.read_png(data).data
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # broken metadata only warns
        try:
            with Image.open(io.BytesIO(data), formats=formats_for(data, _FORMATS)) as image:
                found += [(str(key), value) for key, value in image.info.items() if isinstance(value, str | bytes)]
                exif = image.getexif()
                found += [("Software", exif.get(_SOFTWARE)), ("Description", exif.get(_DESCRIPTION))]
                found.append(("Comment", exif.get_ifd(_EXIF).get(_COMMENT)))
        except PILLOW_FAULTS:
            return  # it claims nothing; decoding refuses it in words
    for name, value in found:
        if name in ("icc_profile", "exif") or not isinstance(value, str | bytes):
            continue
        text = value if isinstance(value, str) else _decoded(value[: 2 * _MOST_TEXT])
        yield name, text[:_MOST_TEXT]


def _decoded(value: bytes) -> str:
    """EXIF's user comments name their code in eight bytes; its Unicode is UTF-16."""
    if value.startswith(b"UNICODE\0"):
        order = "utf-16-be" if value[8:9] == b"\0" else "utf-16-le"
        return value[8:].decode(order, "ignore")
    return value.decode("utf-8", "ignore")
