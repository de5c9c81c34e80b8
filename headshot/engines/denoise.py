"""The denoising loop: pure functions over a UNet. Nothing of a request is kept anywhere but in its arguments.

A batch may mix faces, prompts, scales, guidance and windows; it equals the separate runs.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from headshot.engines.device import RowBudget
from headshot.engines.ladder import Hold
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
    first = 0 if hold is None else hold.first
    scheduler_begins_at = getattr(scheduler, "set_begin_index", None)
    if scheduler_begins_at is not None:
        scheduler_begins_at(first)
    sigma = scheduler.init_noise_sigma
    latents = noise * float(sigma) if hold is None else hold.start(float(sigma))
    extra = {"generator": generators} if generators and type(scheduler).__name__ == "LCMScheduler" else {}
    rows: _Rows | None = None
    for index in range(first, total):
        share = (index + 1e-6) / total
        guided = ((cond.guidance > 1) & (share < cond.guidance_end)).nonzero().flatten()
        if rows is None or len(rows.guided) != len(guided):  # samples only ever leave
            rows = _Rows.of(cond, guided)
        acts = (cond.identity_start <= share) & (share < cond.identity_end)
        scale = torch.where(acts, cond.identity, 0.0).to(cond.text.device)
        t = scheduler.timesteps[index]
        with torch.inference_mode():
            inputs = scheduler.scale_model_input(latents, t)
            output = rows.predict(unet, inputs, t, scale, cond.guidance, budget)
            x0 = predicted_x0(scheduler, table[index], latents, output)
            mark_fresh(scheduler, None if hold is None else hold.fresh(index))
            latents = scheduler.step(output, t, latents, **extra, return_dict=False)[0]
            if hold is not None:
                latents = hold.after(index, latents)
        yield Step(index, total, latents, x0)


@dataclass(frozen=True, eq=False)
class _Rows:
    """The rows of one UNet call: the null side of the guided samples, then every sample."""

    guided: Tensor
    sample: Tensor
    text: Tensor
    tokens: Tensor | None
    pooled: Tensor | None
    time_ids: Tensor | None
    lora: Tensor

    @classmethod
    def of(cls, cond: Conditioning, guided: Tensor) -> _Rows:
        import torch

        everyone = torch.arange(len(cond), device=guided.device)
        sample = torch.cat([guided, everyone]).to(cond.text.device)
        null = guided.to(cond.text.device)

        def stack(null_side: Tensor | None, side: Tensor | None) -> Tensor | None:
            return None if side is None or null_side is None else torch.cat([null_side[null], side])

        # The face tokens are cut with the same indices as the text: when guidance ends for a sample, its null
        # row goes in all of them, or the null face would be merged into the real one.
        text = stack(cond.null_text, cond.text)
        assert text is not None
        return cls(
            guided=guided,
            sample=sample,
            text=text,
            tokens=stack(cond.null_tokens, cond.tokens),
            pooled=stack(cond.null_pooled, cond.pooled),
            time_ids=None if cond.time_ids is None else cond.time_ids[sample],
            lora=cond.lora[sample],
        )

    def predict(
        self, unet: Any, inputs: Tensor, t: Tensor, scale: Tensor, guidance: Tensor, budget: RowBudget
    ) -> Tensor:
        """The guided noise prediction (B, 4, h, w) float32: null + guidance · (sample − null)."""
        x = inputs[self.sample].to(self.text.dtype)
        scale = scale[self.sample]
        times = t.to(x.device).expand(len(x))

        def part(s: slice) -> Tensor:
            def cut(v: Tensor | None) -> Tensor | None:
                return None if v is None else v[s]

            added = None if self.pooled is None else {
                "text_embeds": self.pooled[s], "time_ids": cut(self.time_ids)
            }
            result: Tensor = unet(
                x[s],
                times[s],
                encoder_hidden_states=self.text[s],
                added_cond_kwargs=added,
                cross_attention_kwargs={
                    "identity_tokens": cut(self.tokens), "identity_scale": scale[s], "lora_scale": self.lora[s]
                },
                return_dict=False,
            )[0]
            return result.float()

        out = budget.run(part, len(x))
        n = len(self.guided)
        null, real = out[:n], out[n:]
        if n == 0:
            return real
        g = guidance[self.guided].to(out)[:, None, None, None]
        if n == len(real):
            return null + g * (real - null)
        at = self.guided.to(out.device)
        return real.index_copy(0, at, null + g * (real[at] - null))


def noise_for(seeds: list[int], shape: tuple[int, int, int]) -> Tensor:
    """(B, 4, h, w) float32 on the CPU, one seed a sample: the same on every device and in every batch."""
    import torch

    return torch.cat([
        torch.randn((1, *shape), generator=torch.Generator().manual_seed(seed)) for seed in seeds
    ])


