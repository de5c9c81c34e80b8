"""How far each pixel of the canvas may change, and which pixels stay the person's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from headshot.direction.ladder import allowances
from headshot.types import F32

if TYPE_CHECKING:
    pass


ROUNDING = 1e-4  # a·N just below a whole number through rounding still counts as that number


def allowance_map(regions: Mapping[str, F32], change: float, held: F32 | None = None) -> F32:
    """(h, w) float32 0..1: the allowance in each pixel. `regions`: soft maps that add up to 1 in each pixel.

    At `change` 1 the map is 1 everywhere, whatever the regions. `held` (h, w) 0..1 (Canvas.held) takes its share
    away at every rung, the top one too. ValueError where there are no regions.
    """
    if not regions:
        raise ValueError("the canvas has no regions")
    shape = next(iter(regions.values())).shape
    if change >= 1:
        total = np.ones(shape, np.float32)
    else:
        amount = allowances(change)
        total = sum((regions[name] * np.float32(amount[name]) for name in regions), np.zeros(shape, np.float32))
    free = total if held is None else total * (1 - held)
    clipped: F32 = np.clip(free, 0, 1).astype(np.float32)
    return clipped


def own_pixels(allowance: F32, steps: int) -> F32:
    """1 where no step of `steps` may change the pixel, else 0; (h, w) float32. There own pixels are put back."""
    own: F32 = (np.floor(allowance * steps + ROUNDING) == 0).astype(np.float32)
    return own


def held_share(regions: Mapping[str, F32], change: float, steps: int, held: F32 | None = None) -> F32:
    """(h, w) float32 0..1: how much of each pixel is a part of the person that no step of `steps` may change.

    `held` as in `allowance_map`; what of it lies on the backdrop is no part of the person.
    """
    amount = allowances(change)
    fixed = [name for name in ("face", "hair", "clothes") if amount[name] * steps + ROUNDING < 1]
    share: F32 = sum((regions[name] for name in fixed), np.zeros_like(regions["face"]))
    return share if held is None else np.maximum(share, held * (1 - regions["backdrop"])).astype(np.float32)
