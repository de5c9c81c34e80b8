"""XMP packets: write one, find the one in a file (Pillow), and read it.

ISO 16684-1 (XMP), IPTC Photo Metadata Standard (`Iptc4xmpExt:DigitalSourceType`). A packet from a dropped file is
untrusted: no document type and so no entities, no depth, no size beyond what an own packet needs.
"""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from xml.parsers import expat

from PIL import Image

from headshot.imaging.pillow_faults import PILLOW_FAULTS
from headshot.photo import png_file

MAX_PACKET = 65504  # bytes of a packet that fit into one JPEG segment
PNG_KEYWORD = "XML:com.adobe.xmp"  # of the iTXt chunk that holds it (XMP Specification Part 3)

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XMP = "http://ns.adobe.com/xap/1.0/"
_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_OURS = "urn:uuid:7d2f1a0e-5f0b-4c0e-9b57-3c8f2a5e6d41#"  # our own namespace, version 1
_SOURCE, _RECIPE = f"{_IPTC} DigitalSourceType", f"{_OURS} Recipe"
_MAX_DEPTH = 32


class Malformed(ValueError):
    """The packet is not XMP that this app takes."""


class Damaged(Malformed):
    """The file is no whole picture, so a packet in it cannot be found."""


@dataclass(frozen=True)
class Packet:
    """What was found. `source` is the digital source type as it stands; `recipe` the decoded JSON object, or None."""

    source: str = ""
    recipe: dict[str, Any] | None = None


def write(source: str, recipe: Mapping[str, Any] | None = None) -> bytes:
    """Make a packet with the digital source type, the creator tool and, if given, the recipe as JSON.

    Raises ValueError over MAX_PACKET bytes.
    """
    from headshot import __version__

    inside = "" if recipe is None else f"<headshot:Recipe>{escape(_json(recipe), quote=False)}</headshot:Recipe>"
    packet = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{_RDF}">'
        f'<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="{_IPTC}" xmlns:xmp="{_XMP}" xmlns:headshot="{_OURS}" '
        f'Iptc4xmpExt:DigitalSourceType="{escape(source)}" xmp:CreatorTool="Headshot {__version__}">'
        f"{inside}</rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="w"?>'
    ).encode()
    if len(packet) > MAX_PACKET:
        raise ValueError(f"An XMP packet of {len(packet)} bytes does not fit into a JPEG segment.")
    return packet


def packet_in(data: bytes) -> bytes | None:
    """Find the XMP packet of a picture file, still unread; None where it has none. Raises Damaged.

    In JPEG and PNG where it belongs; in the others by its own tags, as XMP is meant to be found in any file.
    """
    if data.startswith(png_file.SIGNATURE):
        packets = [text for key, text in png_file.texts(data, MAX_PACKET + 1) if key == PNG_KEYWORD]
        if not packets and not png_file.is_whole(data):
            raise Damaged("cut off")
        return packets[-1] if packets else None
    if not data.startswith(b"\xff\xd8\xff"):
        start = data.find(b"<x:xmpmeta")
        end = data.find(b"</x:xmpmeta>", start)
        return data[start : end + 12] if 0 <= start < end else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # broken metadata only warns
        try:
            with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
                packet: bytes | None = image.info.get("xmp")
                return packet
        except PILLOW_FAULTS as fault:
            raise Damaged(str(fault)) from None


def parse(packet: bytes) -> Packet:
    """Read a packet. Raises Malformed for anything that is not plain, small, well-formed XMP."""
    if len(packet) > MAX_PACKET:
        raise Malformed("too large")
    reader = _Reader()
    try:
        reader.parser.Parse(packet, True)
    # ValueError: an encoding that Python does not know, or a null character.
    except (expat.ExpatError, LookupError, ValueError) as fault:
        raise Malformed(str(fault)) from None
    text = reader.found.get(_RECIPE)
    return Packet(reader.found.get(_SOURCE, "").strip(), None if text is None else _object(text))


class _Reader:
    """The two properties, as an attribute of rdf:Description or as an element with text or rdf:resource."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._path: list[str] = []
        self._text: list[str] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text.append

    def _refuse(self, *_: object) -> None:
        raise Malformed("a document type is not allowed in XMP")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        if len(self._path) > _MAX_DEPTH:
            raise Malformed("nested too deeply")
        self._text.clear()
        if name == f"{_RDF} Description":
            for key in (_SOURCE, _RECIPE):
                if key in attributes:
                    self.found.setdefault(key, attributes[key])
        elif name in (_SOURCE, _RECIPE) and (value := attributes.get(f"{_RDF} resource")):
            self.found.setdefault(name, value)

    def _end(self, name: str) -> None:
        self._path.pop()
        if name in (_SOURCE, _RECIPE) and self._path[-1:] == [f"{_RDF} Description"]:
            self.found.setdefault(name, "".join(self._text))
        self._text.clear()


def _json(recipe: Mapping[str, Any]) -> str:
    return json.dumps(recipe, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    # RecursionError: thousands of opening brackets; ValueError also for a number of thousands of digits.
    except (ValueError, RecursionError):
        raise Malformed("the recipe is not JSON") from None
    if not isinstance(value, dict):
        raise Malformed("the recipe is not a JSON object")
    return value
