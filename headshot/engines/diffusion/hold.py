"""How far each place of the canvas may change, and how the denoising is held to it.

Differential denoising (Levin and Fried, https://arxiv.org/abs/2306.00950): a latent that may change little is
held to the noised canvas for the first steps and released for the last ones. Holding late instead of early
would return the canvas for every allowance below 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headshot.canvas.change_map import free_steps
from headshot.engines.diffusion.schedulers import levels, noise_shares
from headshot.types import F32

if TYPE_CHECKING:
    from torch import Tensor


def to_latent(allowance: F32, height: int, width: int) -> Tensor:
    """Average the map (h, w) over each latent: (1, 1, height, width) float32."""
    import torch

    return torch.nn.functional.adaptive_avg_pool2d(torch.from_numpy(allowance)[None, None], (height, width))


@dataclass(frozen=True, eq=False)
class Hold:
    """Limits denoising to what may change: the canvas, and how many of the last steps each latent may move in.

    `canvas` and `noise` (B, 4, h, w); `free` (B, 1, h, w) whole numbers 0..N; `levels` (N + 1, 2), see
    schedulers.levels; `anew` (B, 1, h, w): where nothing of the canvas is kept. The noise is always the same: a held
    latent goes down one straight path.
    """

    canvas: Tensor
    noise: Tensor
    free: Tensor
    levels: Tensor
    anew: Tensor

    @classmethod
    def of(cls, canvas: Tensor, noise: Tensor, allowance: Tensor, scheduler: Any) -> Hold:
        """Make one from an allowance (B, 1, h, w) or (1, 1, h, w) in 0..1 and a scheduler with its steps set."""
        import torch

        free = torch.from_numpy(free_steps(allowance.cpu().numpy(), noise_shares(scheduler))).to(canvas.device)
        anew = (allowance >= 1).to(canvas.device)
        free, anew = (t.expand(len(canvas), -1, -1, -1) for t in (free, anew))
        return cls(canvas, noise, free, levels(scheduler), anew)

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
        """Noise the canvas to the level that step n starts from; the clean canvas for n = N."""
        if n == self.steps:
            return self.canvas
        return float(self.levels[n, 0]) * self.canvas + float(self.levels[n, 1]) * self.noise

    def start(self, init_noise_sigma: float) -> Tensor:
        """Make the latents before step `first`: pure noise where all is painted anew, else the noised canvas.

        A sample that begins later is led down the canvas's path by `after`, and so meets it at its own begin.
        """
        from torch import where

        return where(self.anew, self.noise * init_noise_sigma, self.level(self.first))

    def fresh(self, step: int) -> Tensor:
        """Find the latents (B, 1, h, w) bool for which `step` is the first that is free: they have no history."""
        return self.free == self.steps - step

    def after(self, step: int, latents: Tensor) -> Tensor:
        """Put the held latents back on the canvas's path after `step`."""
        from torch import where

        n = step + 1
        held = n <= self.steps - self.free if n < self.steps else self.free == 0
        return where(held, self.level(n), latents)
