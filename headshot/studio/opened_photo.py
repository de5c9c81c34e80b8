"""A photo from outside: its file's own claim is read before its pixels, since nothing else of the file is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from headshot.files.claimed import claimed
from headshot.photo.decode import MAX_BYTES, open_photo, read_photo
from headshot.types import Photo

CLAIMED_NOTE = "Your photo itself says that an AI painted it, wholly or in part. What is made of it keeps that mark."


def opened(source: bytes | BinaryIO | str | Path) -> Photo:
    """Decode a photo, with what its file claims. Raises PhotoError for what is too large, broken, or no picture."""
    if isinstance(source, str | Path):
        photo = read_photo(source)
        data = Path(source).read_bytes()
    else:
        data = source if isinstance(source, bytes) else source.read(MAX_BYTES + 1)
        photo = open_photo(data)
    return replace(photo, claimed=claimed(data))
