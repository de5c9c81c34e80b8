"""A cut-out packed for a time in which nobody works with it: a tenth of the memory, equal to the byte."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from headshot.types import U8, Cutout, Photo

_FAST = 1  # zlib's level: 20 ms for a megapixel, and 7 ms back


@dataclass(frozen=True)
class PackedCutout:
    """Made by `pack`: a matte is 0 or 1 almost everywhere, and the person's colours are mostly the photo's own."""

    matte: bytes
    foreground: bytes  # the difference from the photo
    rest: Cutout  # all that is small; its pictures are empty
    shape: tuple[int, int]

    @classmethod
    def pack(cls, cut: Cutout, photo: Photo) -> Self:
        """Pack a cut-out of `photo`."""
        rest = replace(cut, matte=np.empty((0, 0), np.float32), foreground=np.empty((0, 0, 3), np.uint8))
        height, width = cut.matte.shape
        difference = cut.foreground - _below(photo, cut.origin, (height, width))  # uint8 wraps around, both ways
        return cls(_packed(cut.matte), _packed(difference), rest, (height, width))

    def unpack(self, photo: Photo) -> Cutout:
        """The cut-out as it was; `photo` as it was packed with."""
        matte = np.frombuffer(bytearray(zlib.decompress(self.matte)), np.float32).reshape(self.shape)
        difference = np.frombuffer(zlib.decompress(self.foreground), np.uint8).reshape(*self.shape, 3)
        return replace(self.rest, matte=matte, foreground=difference + _below(photo, self.rest.origin, self.shape))


def _below(photo: Photo, origin: tuple[int, int], shape: tuple[int, int]) -> U8:
    """The part of the photo that was cut out."""
    (x, y), (height, width) = origin, shape
    return photo.pixels[y : y + height, x : x + width]


def _packed(array: np.ndarray[tuple[int, ...], np.dtype[np.uint8 | np.float32]]) -> bytes:
    return zlib.compress(np.ascontiguousarray(array).data.cast("B"), _FAST)
