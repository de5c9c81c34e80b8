"""Map how far a generator may change each pixel of the canvas, and which pixels stay the person's own.

The allowance is the share of the denoising steps that may change a pixel: the change map of Differential Diffusion
(Levin and Fried, https://arxiv.org/abs/2306.00950).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from headshot.direction.ladder import allowances
from headshot.types import F32

ROUNDING = 1e-4  # a·N just below a whole number through rounding still counts as that number


def allowance_map(regions: Mapping[str, F32], change: float, locked: F32 | None = None) -> F32:
    """Map the allowance of each pixel at `change` 0..1, (h, w) float32 0..1.

    `regions`: soft maps that add up to 1 in each pixel; at `change` 1 the map is 1 everywhere, whatever they are.
    `locked` (h, w) 0..1 (Canvas.locked) takes its share away on every rung, the top one too. Raises ValueError where
    there are no regions.
    """
    if not regions:
        raise ValueError("the canvas has no regions")
    total = np.zeros(next(iter(regions.values())).shape, np.float32)
    if change >= 1:
        total += 1
    else:
        amount = allowances(change)
        total = sum((regions[name] * np.float32(amount[name]) for name in regions), total)
    free = total if locked is None else total * (1 - locked)
    return np.clip(free, 0, 1).astype(np.float32)


def own_pixels(allowance: F32, steps: int) -> F32:
    """Mark the pixels that none of `steps` steps may change, (h, w) float32 0 or 1. There own pixels are put back."""
    return (np.floor(allowance * steps + ROUNDING) == 0).astype(np.float32)


def unchanged_share(regions: Mapping[str, F32], change: float, steps: int, locked: F32 | None = None) -> F32:
    """Measure how much of each pixel is a part of the person that no step may change, (h, w) float32 0..1.

    `locked` as in `allowance_map`; what of it lies on the backdrop is no part of the person.
    """
    amount = allowances(change)
    fixed = [name for name in ("face", "hair", "clothes") if amount[name] * steps + ROUNDING < 1]
    share: F32 = sum((regions[name] for name in fixed), np.zeros_like(regions["face"]))
    return share if locked is None else np.maximum(share, locked * (1 - regions["backdrop"])).astype(np.float32)
