"""Headshot → files: JPEG and PNG with what they are written into them, and the formats that sites ask for.

The bytes hold the picture, an sRGB profile and an XMP packet with the IPTC digital source type; never the
upload, its metadata or an embedding.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from PIL import Image, ImageCms

from headshot.types import U8, Headshot

_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
# IPTC NewsCodes, digital source type: which of three a picture is, by how much of it an AI painted.
OWN_PIXELS = _SOURCE + "algorithmicallyEnhanced"
COMPOSITE = _SOURCE + "compositeWithTrainedAlgorithmicMedia"
GENERATED = _SOURCE + "trainedAlgorithmicMedia"


@dataclass(frozen=True)
class Format:
    """A size that a site asks for: `aspect` as in Crop, `size` (width, height) px or None for all there is."""

    name: str
    title: str
    aspect: str | None
    size: tuple[int, int] | None


FORMATS = (
    Format("full", "Full size", None, None),
    Format("linkedin", "LinkedIn, 800 × 800", "1:1", (800, 800)),
    Format("portrait", "Portrait 4:5, 1080 × 1350", "4:5", (1080, 1350)),
)


def source_type(result: Headshot) -> str:
    """The IPTC digital source type of a result: own pixels, a composite, or all painted."""
    if result.engine == "retouch":
        return OWN_PIXELS
    return COMPOSITE if result.kept > 0.5 else GENERATED


def encode(picture: U8, kind: str = "jpeg", *, source: str = OWN_PIXELS) -> bytes:
    """(h, w, 3) uint8 sRGB → the bytes of a JPEG (quality 93, 4:4:4) or PNG file."""
    image = Image.fromarray(picture)
    stream = io.BytesIO()
    if kind == "png":
        image.save(stream, "PNG", icc_profile=_profile(), xmp=_xmp(source))
    else:
        image.save(stream, "JPEG", quality=93, subsampling=0, icc_profile=_profile(), xmp=_xmp(source))
    return stream.getvalue()


def resize(picture: U8, size: tuple[int, int]) -> U8:
    """To (width, height); the sides' proportion should be the same. Area averaging down, Lanczos up."""
    down = size[0] < picture.shape[1]
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA if down else cv2.INTER_LANCZOS4), np.uint8)


def crop_to(picture: U8, aspect: str, centre_x: float) -> U8:
    """The largest part of that aspect: sides cut evenly about `centre_x` px, height cut from below."""
    wide, tall = (int(n) for n in aspect.split(":"))
    height, width = picture.shape[:2]
    if width * tall > height * wide:
        new = round(height * wide / tall)
        left = int(np.clip(centre_x - new / 2, 0, width - new))
        return picture[:, left : left + new]
    return picture[: round(width * tall / wide)]


@cache
def _profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _xmp(source: str) -> bytes:
    from headshot import __version__

    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        f'Iptc4xmpExt:DigitalSourceType="{source}" xmp:CreatorTool="Headshot {__version__}"/>'
        "</rdf:RDF></x:xmpmeta>"
        '<?xpacket end="w"?>'
    ).encode()
