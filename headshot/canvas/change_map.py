"""Map how far a generator may change each pixel of the canvas, and which pixels stay the person's own.

The allowance is the noise from which a pixel may be painted anew, as a share of the training timesteps: the change
map of Differential Diffusion (Levin and Fried, https://arxiv.org/abs/2306.00950). Said in steps it would mean something
else with every scheduler: Karras sigmas spend most of theirs at low noise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from headshot.direction.ladder import allowances
from headshot.types import F32

# Below this much noise nothing is edited that shows, and a VAE's round trip costs the pixels all the same.
LEAST_NOISE = 0.1
_ROUNDING = 1e-4  # a timestep that is met but for rounding counts


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


def free_steps(allowance: F32, noise: Sequence[float]) -> F32:
    """Count how many of the last steps may change each place, float32 of the allowance's shape.

    `noise` 0..1: the share of the training timesteps that each step starts from. A step is free where it starts from no
    more noise than the allowance; none is below LEAST_NOISE.
    """
    rising = np.sort(np.asarray(noise, np.float64))
    free = np.searchsorted(rising, np.asarray(allowance, np.float64) + _ROUNDING, side="right")
    return np.where(allowance + _ROUNDING < LEAST_NOISE, 0, free).astype(np.float32)


def own_pixels(allowance: F32, noise: Sequence[float]) -> F32:
    """Mark the pixels that no step may change, where own pixels stay, (h, w) 0 or 1; `noise` as in `free_steps`."""
    return (free_steps(allowance, noise) == 0).astype(np.float32)


def unchanged_share(
    regions: Mapping[str, F32], change: float, noise: Sequence[float], locked: F32 | None = None
) -> F32:
    """Measure how much of each pixel is a part of the person that no step may change, (h, w) float32 0..1.

    `noise` as in `free_steps`; `locked` as in `allowance_map`: what of it lies on the backdrop is none of the person.
    """
    amount = allowances(change)
    person = ("face", "hair", "clothes")
    fixed = [name for name in person if free_steps(np.array(amount[name]), noise) == 0]
    share: F32 = sum((regions[name] for name in fixed), np.zeros_like(regions["face"]))
    return share if locked is None else np.maximum(share, locked * (1 - regions["backdrop"])).astype(np.float32)
