"""A tool that takes or gives light smoothly: worked out on a small face, laid at the picture's size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from headshot.canvas.retouching.face_part import FacePart
from headshot.types import F32

_LEAST = np.float32(1e-4)  # linear light, of which a share is told
_SAME = 1e-5  # below that nothing changes


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
        height, width = linear.shape[:2]
        box = _box(field, height / field.shape[0], width / field.shape[1], (height, width))
        if box is None:
            return linear
        if field.shape != linear.shape:
            field = cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR)
        there, change = linear[box], field[box] * np.float32(amount)
        made = linear.copy()
        if self.adds:
            made[box] = np.maximum(there + change, 0)
        else:
            made[box] = np.minimum(there * cv2.exp(change), 1)
        return made


def _box(field: F32, down: float, across: float, size: tuple[int, int]) -> tuple[slice, slice] | None:
    """The box of a picture `down` and `across` times as large in which `field` is not 0; None for none."""
    changed = np.logical_or.reduce([np.abs(c) > _SAME for c in cv2.split(field)])
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    if not rows.size:
        return None
    return (
        slice(max(0, int((rows[0] - 1) * down)), min(size[0], int(np.ceil((rows[-1] + 2) * down)))),
        slice(max(0, int((columns[0] - 1) * across)), min(size[1], int(np.ceil((columns[-1] + 2) * across)))),
    )
