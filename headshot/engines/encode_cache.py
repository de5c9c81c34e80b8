"""Keeps what pictures of one person have in common, so that it is worked out once: words, face, canvases, steps."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import numpy as np

from headshot.engines.step_trail import Trails
from headshot.types import U8

T = TypeVar("T")

_MOST_BYTES = 128_000_000


class EncodeCache:
    """Keeps encoded words, face and canvases, decoded pictures and steps, under keys of what they were made from.

    It belongs to one sheet or one sitting and goes with it: nothing of it is kept on an engine. What was not used for
    longest goes where `most` bytes are passed.
    """

    def __init__(self, most: int = _MOST_BYTES) -> None:
        self._made: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._most, self._size = most, 0
        self._lock = threading.Lock()
        self.trails = Trails()

    def __getstate__(self) -> dict[str, Any]:
        return {"_most": self._most}  # to ZeroGPU's worker it goes empty: it may hold tensors of a device

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**{"most": state["_most"]})  # type: ignore[misc]

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` gives, called at the first request for this `key`."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key][0]  # type: ignore[return-value]
        made = make()  # without the lock: it takes long
        with self._lock:
            self._size += (size := _bytes(made)) - (self._made.pop(key)[1] if key in self._made else 0)
            self._made[key] = (made, size)
            while self._size > self._most and len(self._made) > 1:
                self._size -= self._made.popitem(last=False)[1][1]
        return made

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._made.clear()
            self._size = 0
        self.trails.clear()


def digest(picture: U8) -> bytes:
    """Hash a picture for a key: equal pixels, equal digest."""
    return hashlib.sha256(picture.tobytes()).digest() + repr(picture.shape).encode()


def _bytes(made: object) -> int:
    """Count the bytes of the arrays and tensors in `made`."""
    if isinstance(made, np.ndarray):
        return made.nbytes
    if isinstance(made, tuple | list):
        return sum(map(_bytes, made))
    if is_dataclass(made):
        return sum(_bytes(getattr(made, f.name)) for f in fields(made))
    size = getattr(made, "element_size", None)  # a tensor: torch is not loaded for this
    return int(size() * made.numel()) if size is not None else 0  # type: ignore[attr-defined]
