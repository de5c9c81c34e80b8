"""A photo from outside: its file's own claim is read before its pixels, since nothing else of the file is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from headshot.files.claimed import claimed, signed_original
from headshot.photo.decode import MAX_BYTES, open_photo, read_bytes
from headshot.types import Photo

CLAIMED_NOTE = "Your photo itself says that an AI painted it, wholly or in part. What is made of it keeps that mark."


def opened(source: bytes | BinaryIO | str | Path) -> Photo:
    """Decode a photo, with what its file claims. Raises PhotoError for what is too large, broken, or no picture."""
    return _reader(bytes_of(source))


def read_here(data: bytes) -> Photo:
    """As `opened`, of a file's bytes, in this process."""
    return replace(open_photo(data), claimed=claimed(data), signed=signed_original(data))


_reader: Callable[[bytes], Photo] = read_here


def read_by(reader: Callable[[bytes], Photo]) -> None:
    """Have `opened` read files by `reader` from now on: strangers' are read in a process of their own."""
    global _reader
    _reader = reader


def bytes_of(source: bytes | BinaryIO | str | Path) -> bytes:
    """The file's bytes, read once: a pipe gives them once. Raises PhotoError for what cannot be read."""
    if isinstance(source, str | Path):
        return read_bytes(source)
    return source if isinstance(source, bytes) else source.read(MAX_BYTES + 1)
