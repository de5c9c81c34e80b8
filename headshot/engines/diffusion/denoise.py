"""The denoising loop: pure functions over a UNet. Nothing of a request is kept anywhere but in its arguments.

A batch may mix faces, prompts, scales, guidance and windows; it equals the separate runs.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headshot.engines.diffusion.conditioning import Conditioning
from headshot.engines.diffusion.device import RowBudget
from headshot.engines.diffusion.hold import Hold
from headshot.engines.diffusion.schedulers import levels, mark_fresh, predicted_x0
from headshot.engines.diffusion.unet_rows import Rows, first_of, same_start

if TYPE_CHECKING:
    import torch
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class Step:
    """The state after step `index` of `total`: the latents, and the clean latents x0 that were predicted in it."""

    index: int
    total: int
    latents: Tensor
    x0: Tensor


def denoise(
    unet: Any,
    scheduler: Any,
    cond: Conditioning,
    noise: Tensor,
    *,
    hold: Hold | None = None,
    budget: RowBudget | None = None,
    generators: list[torch.Generator] | None = None,
) -> Generator[Step, None, None]:
    """Denoise `noise` (B, 4, h, w, float32) step by step; the last Step's latents are the result.

    `scheduler`: fresh from schedulers.make. With `hold` the canvas limits what moves, and steps in which
    nothing may move are not run (none at all: no Step is yielded). `generators`: one a sample, for the
    schedulers that draw noise (LCM). Closing the iterator stops before the next UNet call.
    """
    import torch

    budget = budget or RowBudget(limit=2 * len(cond))
    total, table = len(scheduler.timesteps), levels(scheduler)
    begins = torch.zeros(len(cond), dtype=torch.int64) if hold is None else hold.begins
    first = int(begins.min())
    scheduler_begins_at = getattr(scheduler, "set_begin_index", None)
    if scheduler_begins_at is not None:
        scheduler_begins_at(first)
    sigma = scheduler.init_noise_sigma
    latents = noise * float(sigma) if hold is None else hold.start(float(sigma))
    drawing = generators if type(scheduler).__name__ == "LCMScheduler" else None
    idle = torch.Generator()  # for samples that have not begun: their own must not be used up
    alike = same_start(cond, noise, hold, [g.initial_seed() for g in drawing or ()])
    rows: Rows | None = None
    for index in range(first, total):
        share = (index + 1e-6) / total
        begun = begins <= index
        guided = begun & (cond.guidance > 1) & (share < cond.guidance_end)
        acts = (cond.identity_start <= share) & (share < cond.identity_end)
        scale = torch.where(acts, cond.identity, 0.0)
        # Samples that are equal up to here and get the same input now share their rows of the UNet call.
        alike = first_of(zip(alike, scale.tolist(), strict=True))
        if rows is None or not rows.still_fit(alike, begun, guided):
            rows = Rows.of(cond, alike, begun, guided)
        t = scheduler.timesteps[index]
        with torch.inference_mode():
            inputs = scheduler.scale_model_input(latents, t)
            output = rows.predict(unet, inputs, t, scale.to(inputs.device), budget)
            x0 = predicted_x0(scheduler, table[index], latents, output)
            mark_fresh(scheduler, None if hold is None else hold.fresh(index))
            own = None if drawing is None else [g if b else idle for g, b in zip(drawing, begun, strict=True)]
            extra = {} if own is None else {"generator": own}
            latents = scheduler.step(output, t, latents, **extra, return_dict=False)[0]
            if hold is not None:
                latents = hold.after(index, latents)
        strength = torch.where(guided, cond.guidance, 0.0)
        alike = first_of(zip(alike, strength.tolist(), strict=True))
        yield Step(index, total, latents, x0)


def noise_for(seeds: list[int], shape: tuple[int, int, int]) -> Tensor:
    """Draw the starting noise (B, 4, h, w) float32 on the CPU, one seed a sample: the same on every device."""
    import torch

    return torch.cat([torch.randn((1, *shape), generator=torch.Generator().manual_seed(seed)) for seed in seeds])


def generators_for(seeds: list[int]) -> list[torch.Generator]:
    """Seed a generator for each sample, for schedulers that draw noise in their steps; other seeds than `noise_for`."""
    import torch

    return [torch.Generator().manual_seed(seed ^ 0x5EED) for seed in seeds]
