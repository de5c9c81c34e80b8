"""A tool that takes or gives light smoothly: worked out on a small face, laid at the picture's size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from headshot.canvas.retouching.face_part import FacePart
from headshot.types import F32

_LEAST = np.float32(1e-4)  # linear light, of which a share is told


@dataclass(frozen=True)
class SmoothTool:
    """A tool by its name in `Retouch`. `whole`: what it makes of a part at amount 1, linear light (h, w, 3).

    What it changes is in proportion to the amount, and has nothing finer than a hundredth of the eye distance: as light
    that is added (`adds`), or as stops of each channel.
    """

    name: str
    whole: Callable[[FacePart, float], F32]
    adds: bool = False

    def field(self, part: FacePart) -> F32:
        """What the tool adds at amount 1, (h, w, 3): linear light, or the natural logarithm of a share of it."""
        made = self.whole(part, 1.0)
        if made is part.linear:
            return np.zeros_like(made)
        if self.adds:
            return np.asarray(made - part.linear, np.float32)
        return np.log(np.maximum(made, _LEAST) / np.maximum(part.linear, _LEAST)).astype(np.float32)

    def laid(self, linear: F32, field: F32, amount: float) -> F32:
        """Lay `field` (of any size) on `linear` (h, w, 3), linear light; the same array where it changes nothing."""
        change = field * np.float32(amount)
        return laid(linear, change if self.adds else None, None if self.adds else change)


def laid(linear: F32, added: F32 | None, shares: F32 | None) -> F32:
    """Lay fields of any size on `linear` (h, w, 3), linear light: light that is `added`, then the natural logarithm of
    `shares` of what is there. The same array where they change nothing; where they are 0 no bit changes."""
    made = linear
    if added is not None and added.any():
        made = linear + _at_size(added, linear.shape)
    if shares is not None and shares.any():
        made = made * _at_size(cv2.exp(shares), linear.shape)
    return made if made is linear else made.clip(0, 1, out=made)


def _at_size(field: F32, shape: tuple[int, ...]) -> F32:
    """Enlarge a field to `shape` (h, w, 3)."""
    if field.shape == shape:
        return field
    return np.asarray(cv2.resize(field, shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)
