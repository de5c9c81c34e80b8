"""Whether a file takes long to decode, by its header: such ones are decoded one at a time; others wait for none."""

from __future__ import annotations

import io
import warnings

from PIL import Image

from headshot.errors import PhotoError
from headshot.imaging.pillow_faults import PILLOW_FAULTS
from headshot.photo.bounds import scanned_pixels
from headshot.photo.decode import FORMATS, prepare

_MUCH_SCANNED = 150_000_000  # pixels times scans of a JPEG: 12 megapixels in ten scans are less
_MUCH = 24_000_000  # pixels of any other file, whose decoder can't leave any out


def takes_long(data: bytes) -> bool:
    """Whether decoding takes about half a second of processor or more. False for what is no picture.

    An ordinary JPEG of up to 150 megapixels never does: it is read at a fraction.
    """
    prepare()
    try:
        if data.startswith(b"\xff\xd8"):
            return scanned_pixels(data) > _MUCH_SCANNED
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                return image.width * image.height > _MUCH
    except (PhotoError, *PILLOW_FAULTS):
        return False  # refused soon
