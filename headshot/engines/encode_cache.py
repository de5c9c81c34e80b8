"""Keeps what the pictures of one sheet have in common, so that it is encoded once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from typing import TypeVar

from headshot.types import U8

T = TypeVar("T")


class EncodeCache:
    """Keeps encoded words, face and canvases of one sheet, under keys of what they were made from.

    It belongs to one request and goes with it: nothing of it is kept on an engine.
    """

    def __init__(self) -> None:
        self._made: dict[Hashable, object] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` gives, called at the first request for this `key`."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]  # type: ignore[return-value]


def digest(picture: U8) -> bytes:
    """Hash a picture for a key: equal pixels, equal digest."""
    return hashlib.sha256(picture.tobytes()).digest() + repr(picture.shape).encode()
