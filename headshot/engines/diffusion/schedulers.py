"""Schedulers by name, and the two facts about each that the denoising loop needs: noise levels and x0.

Every scheduler made here belongs to one request: they keep a step counter and, for DPM++, a history.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from headshot.errors import UserError
from headshot.language import tr

if TYPE_CHECKING:
    from torch import Tensor

MOST_LCM_STEPS = 50  # the steps that a latent consistency model was distilled from
NAMES = ("ddim", "euler", "dpm++", "lcm")

# What Stable Diffusion needs whichever scheduler the base was saved with: an absent key would fall back to
# diffusers' general defaults, and DDIM would clip the latents to −1..1.
_BASE: dict[str, Any] = {
    "num_train_timesteps": 1000,
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "set_alpha_to_one": False,
    "steps_offset": 1,
}


def make(name: str, config: Mapping[str, Any], steps: int, *, spacing: str | None = None) -> Any:
    """Make a scheduler for one request with its `steps` set, timesteps on the CPU (so that no step waits for the GPU).

    `name` is one of NAMES; `config` the base model's scheduler_config.json; `spacing` overrides its
    `timestep_spacing` ("leading", "linspace", "trailing"). "dpm++" is DPM-Solver++ 2M on Karras sigmas
    (https://arxiv.org/abs/2211.01095, https://arxiv.org/abs/2206.00364). Raises UserError for another name.
    """
    import diffusers

    settings = {**_BASE, **{k: v for k, v in config.items() if not k.startswith("_")}, "clip_sample": False}
    if spacing is not None:
        settings["timestep_spacing"] = spacing
    if name == "ddim":
        scheduler = diffusers.DDIMScheduler.from_config(settings)
    elif name == "euler":
        scheduler = diffusers.EulerDiscreteScheduler.from_config(settings)
    elif name == "dpm++":
        karras = {"algorithm_type": "dpmsolver++", "solver_order": 2, "use_karras_sigmas": True}
        scheduler = _dpm().from_config({**settings, **karras})
    elif name == "lcm":
        scheduler = diffusers.LCMScheduler.from_config(settings)
    else:
        raise UserError(
            tr("“{name}” is not a scheduler.", name=name), tr("Choose one of: {names}.", names=", ".join(NAMES))
        )
    scheduler.set_timesteps(steps)
    return scheduler


def levels(scheduler: Any) -> Tensor:
    """Tabulate the noise levels, (N + 1, 2) float32.

    Before step n a latent is `levels[n, 0]·x0 + levels[n, 1]·noise`; the last row is (1, 0).
    DDIM and LCM: √ᾱ and √(1 − ᾱ). Euler: 1 and σ. DPM++: α = 1/√(σ² + 1) and σα.
    Not `scheduler.add_noise`, which takes the wrong level once a begin index is set.
    """
    import torch

    steps = len(scheduler.timesteps)
    table = torch.ones(steps + 1, 2)
    table[steps, 1] = 0
    kind = type(scheduler).__name__
    if kind in ("DDIMScheduler", "LCMScheduler"):
        kept = scheduler.alphas_cumprod[scheduler.timesteps.long()]
        table[:steps] = torch.stack([kept.sqrt(), (1 - kept).sqrt()], 1)
    elif kind == "EulerDiscreteScheduler":
        table[:steps, 1] = scheduler.sigmas[:steps]
    else:
        sigma = scheduler.sigmas[:steps].float()
        alpha = 1 / (sigma**2 + 1).sqrt()
        table[:steps] = torch.stack([alpha, sigma * alpha], 1)
    return table


def noise_shares(scheduler: Any) -> tuple[float, ...]:
    """List the noise that each step starts from, falling, as a share 0..1 of the training timesteps."""
    return tuple(float(t) / scheduler.config.num_train_timesteps for t in scheduler.timesteps)


def predicted_x0(scheduler: Any, level: Tensor, latents: Tensor, output: Tensor) -> Tensor:
    """Work out the clean latents that the UNet's `output` means for `latents` at `level` (one row of `levels`)."""
    alpha, sigma = float(level[0]), float(level[1])
    if scheduler.config.prediction_type == "v_prediction":
        size = alpha**2 + sigma**2  # 1, except for Euler, whose latents grow with sigma
        x0: Tensor = (alpha * latents - sigma * size**0.5 * output) / size
    else:
        x0 = (latents - sigma * output) / alpha
    return x0


def mark_fresh(scheduler: Any, fresh: Tensor | None) -> None:
    """Tell DPM++ which latents (bool) start at this step, and so have no history; the others keep none anyway."""
    if hasattr(scheduler, "fresh"):
        scheduler.fresh = fresh


@cache
def _dpm() -> Any:
    """DPM-Solver++ with a first-order step for fresh latents: with equal outputs the second-order term is zero."""
    from diffusers import DPMSolverMultistepScheduler
    from torch import where

    class Restartable(DPMSolverMultistepScheduler):  # type: ignore[misc]
        fresh: Tensor | None = None

        def multistep_dpm_solver_second_order_update(self, outputs: list[Tensor], *args: Any, **kwargs: Any) -> Any:
            if self.fresh is not None:
                outputs = [*outputs[:-2], where(self.fresh, outputs[-1], outputs[-2]), outputs[-1]]
            return super().multistep_dpm_solver_second_order_update(outputs, *args, **kwargs)

    return Restartable
