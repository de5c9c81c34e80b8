"""How far each place of the canvas may change, and how the denoising is held to it.

Differential denoising (Levin and Fried, https://arxiv.org/abs/2306.00950): a latent that may change little is
held to the noised canvas for the first steps and released for the last ones. Holding late instead of early
would return the canvas for every allowance below 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from headshot.types import F32, RUNGS

if TYPE_CHECKING:
    from torch import Tensor

# The allowance of each region at each rung; straight lines between the rungs. The backdrop of the canvas is
# new already, so nothing is generated up to the second rung; hair waits for the face, so that the two fit.
_AT_RUNG: dict[str, tuple[float, ...]] = {
    "backdrop": (0.0, 0.0, 0.60, 0.80, 1.0),
    "clothes": (0.0, 0.0, 0.85, 0.90, 1.0),
    "hair": (0.0, 0.0, 0.0, 0.40, 1.0),
    "face": (0.0, 0.0, 0.0, 0.35, 1.0),
}
_SLACK = 1e-4  # a·N just below a whole number through rounding still counts as that number


def allowances(change: float) -> dict[str, float]:
    """Allowance 0..1 of each region for `change` 0..1 ("How much may we change you?", see types.RUNGS)."""
    rungs = [at for at, _ in RUNGS]
    return {region: float(np.interp(change, rungs, at)) for region, at in _AT_RUNG.items()}


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
    own: F32 = (np.floor(allowance * steps + _SLACK) == 0).astype(np.float32)
    return own


def held_share(regions: Mapping[str, F32], change: float, steps: int, held: F32 | None = None) -> F32:
    """(h, w) float32 0..1: how much of each pixel is a part of the person that no step of `steps` may change.

    `held` as in `allowance_map`; what of it lies on the backdrop is no part of the person.
    """
    amount = allowances(change)
    fixed = [name for name in ("face", "hair", "clothes") if amount[name] * steps + _SLACK < 1]
    share: F32 = sum((regions[name] for name in fixed), np.zeros_like(regions["face"]))
    return share if held is None else np.maximum(share, held * (1 - regions["backdrop"])).astype(np.float32)


def to_latent(allowance: F32, height: int, width: int) -> Tensor:
    """The map's mean over each latent, (1, 1, height, width) float32."""
    import torch

    return torch.nn.functional.adaptive_avg_pool2d(torch.from_numpy(allowance)[None, None], (height, width))


@dataclass(frozen=True, eq=False)
class Hold:
    """The canvas, and how many of the last steps each latent may move in.

    `canvas` and `noise` (B, 4, h, w); `free` (B, 1, h, w) whole numbers 0..N; `levels` (N + 1, 2), see
    schedulers.levels. The noise is always the same: a held latent goes down one straight path.
    """

    canvas: Tensor
    noise: Tensor
    free: Tensor
    levels: Tensor

    @property
    def steps(self) -> int:
        return len(self.levels) - 1

    @property
    def begins(self) -> Tensor:
        """(B,) int64 on the CPU: the first step at which anything of a sample may move; no earlier one need be run."""
        return self.steps - self.free.flatten(1).amax(1).long().cpu()

    @property
    def first(self) -> int:
        """The first step of any sample."""
        return int(self.begins.min())

    def level(self, n: int) -> Tensor:
        """The canvas at the noise that step n starts from; the clean canvas for n = N."""
        if n == self.steps:
            return self.canvas
        return float(self.levels[n, 0]) * self.canvas + float(self.levels[n, 1]) * self.noise

    def start(self, init_noise_sigma: float) -> Tensor:
        """The latents before step `first`: pure noise where all steps are free, else the noised canvas.

        A sample that begins later is led down the canvas's path by `after`, and so meets it at its own begin.
        """
        from torch import where

        return where(self.free < self.steps, self.level(self.first), self.noise * init_noise_sigma)

    def fresh(self, step: int) -> Tensor:
        """Where `step` is the first that is free: these latents have no history."""
        return self.free == self.steps - step

    def after(self, step: int, latents: Tensor) -> Tensor:
        """The latents after `step`, with the held ones put back on the canvas's path."""
        from torch import where

        n = step + 1
        held = n <= self.steps - self.free if n < self.steps else self.free == 0
        return where(held, self.level(n), latents)


def hold(canvas: Tensor, noise: Tensor, allowance: Tensor, levels: Tensor) -> Hold:
    """A Hold from an allowance (B, 1, h, w) or (1, 1, h, w) in 0..1: free = floor(a·N)."""
    free = (allowance.to(canvas.device) * (len(levels) - 1) + _SLACK).floor()
    return Hold(canvas, noise, free.expand(len(canvas), -1, -1, -1), levels)
