"""What the pictures of one sheet have in common, worked out once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from typing import TypeVar

from headshot.types import U8

T = TypeVar("T")


class Shared:
    """Encoded words, face and canvases of one sheet, under keys of what they were made from.

    It belongs to one request and goes with it: nothing of it is kept on an engine.
    """

    def __init__(self) -> None:
        self._made: dict[Hashable, object] = {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made at the first call with this `key`."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]  # type: ignore[return-value]


def digest(picture: U8) -> bytes:
    """Stands for a picture in a key: equal pixels, equal digest."""
    return hashlib.sha256(picture.tobytes()).digest() + repr(picture.shape).encode()
