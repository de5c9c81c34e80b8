"""klein's denoising loop: rectified flow with reference guidance, held to the canvas. Keeps nothing of a request.

Reference guidance: v = v₀ + s · (v_ref − v₀), v₀ without and v_ref with the person's photos. At s = 0 and 1 one of the
two is the whole answer, and the other is not computed. Below the top rung both see the canvas, as in diffusers'
inpainting: it is what is edited.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headshot.engines.step_trail import Trails, content

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class Steering:
    """What steers B samples of one person.

    `text` (B, T, C) and `text_ids`; `canvas` (B, L, C), packed latents of what is edited, or None where all is painted
    anew; `photos` (1, R, C) of the person, or None; each with its position ids. `identity` (B,): the strength s, which
    acts from `start` to `end` (B,), shares of the steps.
    """

    text: Tensor
    text_ids: Tensor
    canvas: Tensor | None
    canvas_ids: Tensor | None
    photos: Tensor | None
    photo_ids: Tensor | None
    identity: Sequence[float]
    start: Sequence[float]
    end: Sequence[float]

    def strengths(self, share: float) -> list[float]:
        """Give s of each sample at `share` 0..1 of the steps; 0 outside its window and without photos."""
        if self.photos is None:
            return [0.0] * len(self.identity)
        rows = zip(self.identity, self.start, self.end, strict=True)
        return [s if a <= share < b else 0.0 for s, a, b in rows]


@dataclass(frozen=True, eq=False)
class Held:
    """The canvas that limits what may move: `canvas` and `noise` (B, L, C) packed; `free` (B, L, 1), how many of
    the last steps may move each place. A held place goes down one straight path.
    """

    canvas: Tensor
    noise: Tensor
    free: Tensor

    def level(self, sigma: float) -> Tensor:
        """Noise the canvas to `sigma`."""
        return (1 - sigma) * self.canvas + sigma * self.noise


@dataclass(frozen=True, eq=False)
class FlowStep:
    """After step `index` of `total`: the packed latents (B, L, C), and the clean ones x0 that were predicted in it."""

    index: int
    total: int
    latents: Tensor
    x0: Tensor


def denoise(
    transformer: Any,
    scheduler: Any,
    steering: Steering,
    noise: Tensor,
    ids: Tensor,
    *,
    held: Held | None = None,
    trails: Trails | None = None,
) -> Generator[FlowStep, None, None]:
    """Denoise `noise` (B, L, C) float32, packed, with position `ids` (B, L, 4); the last step's latents are the result.

    `scheduler` from schedule.make. `trails`: steps of runs before; one that begins alike is taken up where it becomes
    another, bit by bit as from scratch, and of steps that are known only the last is yielded. Closing the iterator
    stops before the next call of the transformer.
    """
    import torch

    sigmas = [float(s) for s in scheduler.sigmas]
    total = len(sigmas) - 1
    latents, first = noise, 0
    if held is not None:
        latents = held.level(sigmas[0])  # the noise itself where the schedule begins with nothing else
    each = [steering.strengths((index + 1e-6) / total) for index in range(total)]
    trail = None
    if trails is not None:
        sides = (noise, steering.text, steering.canvas, steering.photos)
        held_by = (None, None) if held is None else (held.canvas, held.free)
        trail = trails.begin(content((*sides, *held_by, scheduler.sigmas)), [tuple(s) for s in each])
        if known := trail.states:
            last: FlowStep = known[-1]
            latents, first = last.latents, last.index + 1
            yield last
    for index in range(first, total):
        sigma, after = sigmas[index], sigmas[index + 1]
        strengths = each[index]
        with torch.inference_mode():
            # In float32, whatever the model answers in: steps of 4 leave no room for rounding.
            velocity = _velocity(transformer, steering, strengths, latents, ids, scheduler.timesteps[index])
            x0 = latents - sigma * velocity
            latents = latents + (after - sigma) * velocity
            if held is not None:
                latents = torch.where(held.free <= total - index - 1, held.level(after), latents)
        step = FlowStep(index, total, latents, x0)
        if trail is not None:
            trail.add(step)
        yield step


def _velocity(
    transformer: Any, steering: Steering, strengths: list[float], latents: Tensor, ids: Tensor, time: Tensor
) -> Tensor:
    """Predict the velocity (B, L, C) float32; one row for each sample and side that has a say."""
    import torch

    alone_rows = [i for i, s in enumerate(strengths) if s != 1]
    seen_rows = [i for i, s in enumerate(strengths) if s != 0]
    out = torch.zeros_like(latents)

    def call(rows: list[int], *, seen: bool) -> Tensor:
        at = torch.tensor(rows, device=latents.device)
        x, places = latents[at], ids[at]
        if steering.canvas is not None and steering.canvas_ids is not None:
            x = torch.cat([x, steering.canvas[at]], 1)
            places = torch.cat([places, steering.canvas_ids.expand(len(rows), -1, -1)], 1)
        if seen and steering.photos is not None and steering.photo_ids is not None:
            x = torch.cat([x, steering.photos.expand(len(rows), -1, -1)], 1)
            places = torch.cat([places, steering.photo_ids.expand(len(rows), -1, -1)], 1)
        answer: Tensor = transformer(
            hidden_states=x.to(steering.text.dtype),
            timestep=(time.to(x) / 1000).expand(len(rows)).to(steering.text.dtype),
            guidance=None,
            encoder_hidden_states=steering.text[at],
            txt_ids=steering.text_ids[at],
            img_ids=places,
            return_dict=False,
        )[0]
        return answer[:, : latents.shape[1]].float()

    if alone_rows:
        out[alone_rows] = call(alone_rows, seen=False)
    if seen_rows:
        answer = call(seen_rows, seen=True)
        s = torch.tensor([strengths[i] for i in seen_rows], device=out.device)[:, None, None]
        before = out[seen_rows]
        out[seen_rows] = torch.where(s == 1, answer, before + s * (answer - before))
    return out
