"""The denoising loop: pure functions over a UNet. Nothing of a request is kept anywhere but in its arguments.

A batch may mix faces, prompts, scales, guidance and windows; it equals the separate runs.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from headshot.engines.device import RowBudget
from headshot.engines.ladder import Hold
from headshot.engines.rows import Rows, first_of, twins
from headshot.engines.schedulers import levels, mark_fresh, predicted_x0

if TYPE_CHECKING:
    import torch
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class Conditioning:
    """What steers each of B samples. `null_…` is the side that guidance leads away from.

    `text` (B, 77, C); `pooled` (B, P) and `time_ids` (B, 6) for SDXL, else None; `tokens` (B, T, C) or None
    without an adapter; `identity`, `lora`, `guidance` (B,). `identity_start`, `identity_end`,
    `guidance_end` (B,): shares of the steps; the identity scale is 0 outside its window, and there is no
    guidance from `guidance_end` on. Guidance of 1 or less is none, as everywhere in diffusers.
    """

    text: Tensor
    null_text: Tensor
    tokens: Tensor | None
    null_tokens: Tensor | None
    identity: Tensor
    lora: Tensor
    guidance: Tensor
    identity_start: Tensor
    identity_end: Tensor
    guidance_end: Tensor
    pooled: Tensor | None = None
    null_pooled: Tensor | None = None
    time_ids: Tensor | None = None

    def __len__(self) -> int:
        return len(self.text)

    def at(self, device: Any, dtype: Any) -> Conditioning:
        """What enters the UNet on its device, in its dtype; what decides about steps stays on the CPU."""
        moved: dict[str, Any] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            decides = f.name.startswith(("guidance", "identity"))
            moved[f.name] = value if value is None or decides else value.to(device=device, dtype=dtype)
        return Conditioning(**moved)


def join(parts: list[Conditioning]) -> Conditioning:
    """Several people's conditioning as one batch. All must have, or all lack, the optional halves."""
    import torch

    joined: dict[str, Any] = {}
    for f in fields(Conditioning):
        values = [getattr(p, f.name) for p in parts]
        joined[f.name] = None if values[0] is None else torch.cat(values)
    return Conditioning(**joined)


@dataclass(frozen=True, eq=False)
class Step:
    """After step `index` of `total`: the latents, and the clean latents x0 that were predicted in it."""

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
    """Denoises `noise` (B, 4, h, w, float32) step by step; the last Step's latents are the result.

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
    alike = twins(cond, noise, hold, [g.initial_seed() for g in drawing or ()])
    rows: Rows | None = None
    for index in range(first, total):
        share = (index + 1e-6) / total
        begun = begins <= index
        guided = begun & (cond.guidance > 1) & (share < cond.guidance_end)
        acts = (cond.identity_start <= share) & (share < cond.identity_end)
        scale = torch.where(acts, cond.identity, 0.0)
        # Samples that are equal up to here and get the same input now share their rows of the UNet call.
        alike = first_of(zip(alike, scale.tolist(), strict=True))
        if rows is None or not rows.serve(alike, begun, guided):
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
    """(B, 4, h, w) float32 on the CPU, one seed a sample: the same on every device and in every batch."""
    import torch

    return torch.cat([
        torch.randn((1, *shape), generator=torch.Generator().manual_seed(seed)) for seed in seeds
    ])


