"""The noise levels of a request: klein's own where all is painted anew, else steps that begin where the ladder says.

Four steps of the model's own schedule start from 1, .97, .91 and .77 of noise: no place of the ladder below that could
be reached. So the schedule is made to begin each region at its own noise, with the model's spacing in between.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from headshot.canvas.change_map import LEAST_NOISE

NEAREST = 0.06  # levels that are closer than this are one step: the region with more to change begins a little later


def make(config: Mapping[str, Any], tokens: int, steps: int, allowances: Iterable[float]) -> Any:
    """Make the flow-matching scheduler of one request with its levels set, on the CPU.

    `config`: the model's scheduler_config.json; `tokens`: packed latents of the picture; `allowances` of the regions,
    0..1: where one is 1 it is exactly the model's own schedule of `steps`. None where nothing may change.
    """
    wanted = [a for a in allowances if a >= LEAST_NOISE]
    if not wanted:
        return None
    from diffusers import FlowMatchEulerDiscreteScheduler
    from diffusers.pipelines.flux2.pipeline_flux2_klein import compute_empirical_mu

    settings = {k: v for k, v in config.items() if not k.startswith("_")}
    scheduler = FlowMatchEulerDiscreteScheduler.from_config(settings)
    mu = compute_empirical_mu(image_seq_len=tokens, num_steps=steps)
    shift = mu if scheduler.config.use_dynamic_shifting else math.log(scheduler.config.shift)
    positions = [1 - n / steps for n in range(steps)]
    if max(wanted) < 1:
        positions = spaced([_shifted(a, -shift) for a in levels_of(wanted)], steps)
    scheduler.set_timesteps(sigmas=positions, device="cpu", mu=mu)
    return scheduler


def levels_of(allowances: Iterable[float]) -> list[float]:
    """List the levels to begin at, falling: each allowance, the lowest of those that are NEAREST to each other."""
    kept: list[float] = []
    for level in sorted(set(allowances)):
        if not kept or level - kept[-1] >= NEAREST:
            kept.append(level)
    return kept[::-1]


def spaced(positions: list[float], steps: int) -> list[float]:
    """Add positions (1 = pure noise, falling; the end, 0, goes without saying) in the widest gaps, up to `steps`."""
    positions = list(positions)
    while len(positions) < steps:
        gaps = [a - b for a, b in zip(positions, [*positions[1:], 0.0], strict=True)]
        widest = gaps.index(max(gaps))
        positions.insert(widest + 1, positions[widest] - gaps[widest] / 2)
    return positions


def _shifted(level: float, mu: float) -> float:
    """Shift a noise level by `mu`, as the scheduler does (exponentially); by −mu it is undone."""
    return math.exp(mu) / (math.exp(mu) + (1 / level - 1))


def noise_levels(scheduler: Any) -> tuple[float, ...]:
    """List the noise 0..1 that each step starts from, falling; () where `make` gave no scheduler."""
    return () if scheduler is None else tuple(float(s) for s in scheduler.sigmas[:-1])
