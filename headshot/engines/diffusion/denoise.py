"""The denoising loop: pure functions over a UNet. Nothing of a request is kept anywhere but in its arguments.

A batch may mix faces, prompts, scales, guidance and windows; it equals the separate runs.
"""

from __future__ import annotations

import copy
from collections.abc import Generator, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headshot.engines.diffusion.conditioning import Conditioning
from headshot.engines.diffusion.device import RowBudget
from headshot.engines.diffusion.hold import Hold
from headshot.engines.diffusion.schedulers import levels, mark_fresh, predicted_x0
from headshot.engines.diffusion.unet_rows import Rows, first_of, same_start
from headshot.engines.step_trail import Trails, content

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
    trails: Trails | None = None,
    made_by: Hashable = "",
) -> Generator[Step, None, None]:
    """Denoise `noise` (B, 4, h, w, float32) step by step; the last Step's latents are the result.

    `scheduler`: fresh from schedulers.make. With `hold` the canvas limits what moves, and steps in which
    nothing may move are not run (none at all: no Step is yielded). `generators`: one a sample, for the
    schedulers that draw noise (LCM). Closing the iterator stops before the next UNet call.

    `trails`: steps of runs before by a UNet that `made_by` names. A run that begins alike is taken up where it becomes
    another, bit by bit as from scratch; of steps that are known only the last is yielded.
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
    acting = [_acting(cond, begins, index, total) for index in range(first, total)]
    trail = None
    if trails is not None:
        trail = trails.begin(_start(scheduler, cond, noise, hold, generators, made_by), [a.key for a in acting])
        known = trail.states
        # Drawn noise cannot be taken up halfway.
        if known and (drawing is None or len(known) == len(acting)):
            last: _State = known[-1]
            scheduler, latents, alike = _copied(last.scheduler), last.step.latents, last.alike
            first = last.step.index + 1
            yield last.step
        elif known:
            trail = None
    rows: Rows | None = None
    for index in range(first, total):
        begun, guided, scale = acting[index - total].begun, acting[index - total].guided, acting[index - total].scale
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
        step = Step(index, total, latents, x0)
        if trail is not None:
            trail.add(_State(step, _copied(scheduler), alike))
        yield step


@dataclass(frozen=True, eq=False)
class _Acting:
    """What acts in one step: (B,) who has `begun`, who is `guided`, the identity's `scale`; `key`: its content."""

    begun: Tensor
    guided: Tensor
    scale: Tensor
    key: Hashable


@dataclass(frozen=True, eq=False)
class _State:
    """All that a run needs to go on after a step."""

    step: Step
    scheduler: Any
    alike: list[int]


def _acting(cond: Conditioning, begins: Tensor, index: int, total: int) -> _Acting:
    import torch

    share = (index + 1e-6) / total
    begun = begins <= index
    guided = begun & (cond.guidance > 1) & (share < cond.guidance_end)
    acts = (cond.identity_start <= share) & (share < cond.identity_end)
    scale = torch.where(acts, cond.identity, 0.0)
    strength = torch.where(guided, cond.guidance, 0.0)
    return _Acting(begun, guided, scale, (index, tuple(scale.tolist()), tuple(strength.tolist())))


def _start(
    scheduler: Any,
    cond: Conditioning,
    noise: Tensor,
    hold: Hold | None,
    generators: list[torch.Generator] | None,
    made_by: Hashable,
) -> bytes:
    """Hash all that a run starts from."""
    sides = (cond.text, cond.null_text, cond.tokens, cond.null_tokens, cond.lora)
    pooled = (cond.pooled, cond.null_pooled, cond.time_ids)
    held = (None,) if hold is None else (hold.canvas, hold.free, hold.anew)
    seeds = tuple(g.initial_seed() for g in generators or ())
    return content((noise, *sides, *pooled, *held, scheduler.timesteps), type(scheduler).__name__, seeds, made_by)


def _copied(scheduler: Any) -> Any:
    """Copy a scheduler in mid-run: its step counter and, for DPM++, its history."""
    twin = copy.copy(scheduler)
    if hasattr(twin, "model_outputs"):
        twin.model_outputs = list(twin.model_outputs)
    return twin


def noise_for(seeds: list[int], shape: tuple[int, int, int]) -> Tensor:
    """Draw the starting noise (B, 4, h, w) float32 on the CPU, one seed a sample: the same on every device."""
    import torch

    return torch.cat([torch.randn((1, *shape), generator=torch.Generator().manual_seed(seed)) for seed in seeds])


def generators_for(seeds: list[int]) -> list[torch.Generator]:
    """Seed a generator for each sample, for schedulers that draw noise in their steps; other seeds than `noise_for`."""
    import torch

    return [torch.Generator().manual_seed(seed ^ 0x5EED) for seed in seeds]
