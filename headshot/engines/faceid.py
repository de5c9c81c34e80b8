"""FaceID: a headshot of the same person by IP-Adapter FaceID over the person's own canvas, without training.

One class for both families; what differs between them is `spec.EngineSpec`. Nothing of a request is kept on
the modules, so requests may interleave step by step.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from headshot.engines import device, ladder, latents, preview, seam
from headshot.engines.conditioning import condition
from headshot.engines.denoise import Step, denoise, noise_for
from headshot.engines.parts import Identity, Parts, with_speed_lora
from headshot.engines.prompt import words
from headshot.engines.residence import Residence
from headshot.engines.safety import BLOCKED, Blocked
from headshot.engines.schedulers import levels, make
from headshot.engines.spec import EngineSpec, size_for
from headshot.types import F32, U8, Canvas, Direction, Generate, Headshot, Preview

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Run:
    """What a mode comes to on this machine. `speed`: the role of the LoRA that makes it quick, or None."""

    scheduler: str
    steps: int
    guidance: float
    spacing: str | None = None
    speed: str | None = None
    note: str = ""


class FaceIDEngine:
    """Paints a headshot over the canvas; at the top of the ladder from the face alone."""

    def __init__(self, spec: EngineSpec, parts: Parts, *, preview_every: float = 0.1) -> None:
        """`preview_every`: seconds at least between two preview pictures; steps in between come without one."""
        self._preview_every = preview_every
        self.spec, self.parts, self.name = spec, parts, spec.name
        plan = parts.plan
        self._residence = Residence(plan.device, plan.offload, parts.visitors, parts.unet)
        self._making = threading.Lock()
        self._quick: tuple[str, Any] | None = None  # the last quick UNet that was made; it is never changed

    def run(self, g: Generate) -> Run:
        """Scheduler, steps and guidance of `g.mode`, with the LoRAs that are here."""
        missing = "on this machine"
        for speed in self.spec.speeds(g.mode):
            if speed.role in self.parts.speed_loras:
                if not self._can_make(speed.role):
                    missing = "in use, for want of memory"
                    continue
                low, high = speed.guidance
                guidance = min(max(g.guidance, low), high)
                return Run(speed.scheduler, speed.steps, guidance, speed.spacing, speed.role)
        if g.mode in ("draft", "fast"):
            steps = min(g.steps, self.spec.draft_steps if g.mode == "draft" else self.spec.fast_steps)
            note = f"No LoRA for {g.mode} mode is {missing}: {steps} steps of DPM++ instead."
            return Run("dpm++", steps, g.guidance, note=note)
        return Run(g.scheduler, g.steps, g.guidance)

    def seconds(self, canvas: Canvas, direction: Direction, size: tuple[int, int] | None = None) -> float:
        """About how long `render` takes here: counted operations by this machine's measured rate."""
        g, run, spec = direction.generate, self.run(direction.generate), self.spec
        most = float(ladder.allowance_map(canvas.regions, direction.change).max())
        steps = int(most * run.steps + 1e-4)
        if steps == 0:
            return 0.0
        width, height = size or size_for(spec, canvas.picture.shape[1], canvas.picture.shape[0])
        rows = steps * (1 + (min(g.guidance_end, 1.0) if run.guidance > 1 else 0.0))
        flop = g.candidates * (rows * spec.unet_flop + (spec.taesd_flop if self._rough(g) else spec.vae_flop))
        if direction.change < 1:
            flop += spec.vae_flop / 2  # encoding costs about half of decoding
        share = width * height / spec.native**2
        return device.seconds(flop * share, self.parts.plan.device, self.parts.plan.dtype)

    def lease(self, canvas: Canvas, identity: Identity, direction: Direction, **more: Any) -> int:
        """Seconds to ask ZeroGPU for, for `device.lent_gpu(engine.render, engine.lease)`: 5 to 120."""
        return int(np.clip(1.5 * self.seconds(canvas, direction, more.get("size")) + 3, 5, 120))

    def render(
        self, canvas: Canvas, identity: Identity, direction: Direction, *, size: tuple[int, int] | None = None
    ) -> Generator[Preview | Headshot, None, None]:
        """Yields a Preview with the time it will take, one after each step, then each candidate's Headshot.

        Pictures have the canvas's size; `size` (width, height), multiples of 8, is what is generated at.
        Closing the generator stops before the next UNet call. Raises Blocked where the safety checker lets
        no candidate through, EngineUnavailable where memory does not suffice.
        """
        started, g, run = time.perf_counter(), direction.generate, self.run(direction.generate)
        allowance = ladder.allowance_map(canvas.regions, direction.change)
        own = ladder.own_pixels(allowance, run.steps)
        recipe: dict[str, Any] = {"change": direction.change}
        if own.all():
            note = "At this setting nothing is generated: these are your own pixels."
            yield Headshot(canvas.picture, canvas, direction, self.name, 1.0, recipe, (note,))
            return
        size = size or size_for(self.spec, canvas.picture.shape[1], canvas.picture.shape[0])
        expected = self.seconds(canvas, direction, size)
        where = self.parts.plan.device
        yield Preview(None, 0, run.steps, expected, f"About {spoken(expected)} on this machine ({where}).")
        try:
            text = words(direction, self.parts.tokenizers)
            notes = [*self.parts.notes, run.note]
            notes += [f"No room in the prompt for: {'; '.join(text.cut)}."] if text.cut else []
            recipe |= asdict(g) | asdict(run) | {"size": size, "prompt": text.text, "negative": text.negative}
            seeds = [direction.seed + i for i in range(g.candidates)]
            noise = noise_for(seeds, (4, size[1] // 8, size[0] // 8)).to(where)
            cond = condition(
                self.parts, self._residence, identity, text, replace(g, guidance=run.guidance), size
            )
            scheduler = make(run.scheduler, self.parts.scheduler, run.steps, spacing=run.spacing)
            hold = None
            if direction.change < 1:
                z0 = self._encode(latents.resized(canvas.picture, *size)).to(noise)
                free = ladder.to_latent(allowance, *noise.shape[2:])
                hold = ladder.hold(z0.expand_as(noise), noise, free, levels(scheduler))
            unet = self._residence.call(self._unet(run.speed))
            budget = device.RowBudget(self.parts.plan.rows, self._residence.relieve, notes)
            steps = denoise(
                unet, scheduler, cond, noise, hold=hold, budget=budget, generators=_generators(seeds)
            )
            with closing(steps):
                result = yield from self._watch(steps, canvas, own)
            if result is None and hold is not None:  # no whole latent may move, though single pixels might
                result = hold.canvas
            assert result is not None
            yield from self._headshots(result, canvas, direction, own, recipe, notes, started)
        finally:
            device.free_memory()

    # -------------------------------------------------------------- stages

    def _watch(
        self, steps: Generator[Step, None, None], canvas: Canvas, own: F32
    ) -> Generator[Preview, None, Tensor | None]:
        """A Preview for each step, of the first candidate; returns the last latents."""
        began, first, result, shown = time.perf_counter(), 0, None, float("-inf")
        for n, step in enumerate(steps):
            first, result = (step.index if n == 0 else first), step.latents
            now, picture = time.perf_counter(), None
            if now - shown >= self._preview_every:
                picture, shown = self._preview(step.x0[0], canvas, own), now
            left = (now - began) / (n + 1) * (step.total - step.index - 1)
            yield Preview(picture, n + 1, step.total - first, left)
        return result

    def _preview(self, x0: Tensor, canvas: Canvas, own: F32) -> U8:
        if self.parts.taesd is None:
            picture = preview.by_matrix(x0, self.spec.family)
        else:
            picture = preview.by_taesd(x0, self.parts.taesd, half=self.parts.plan.device == "cpu")
        height, width = picture.shape[:2]
        keep = latents.resized((own * 255).astype(np.uint8), width, height)[..., None] / 255
        mixed: U8 = (keep * latents.resized(canvas.picture, width, height) + (1 - keep) * picture).astype(np.uint8)
        return mixed

    def _headshots(
        self,
        result: Tensor,
        canvas: Canvas,
        direction: Direction,
        own: F32,
        recipe: dict[str, Any],
        notes: list[str],
        started: float,
    ) -> Iterator[Headshot]:
        height, width = canvas.picture.shape[:2]
        share = ladder.held_share(canvas.regions, direction.change, self.run(direction.generate).steps)
        blocked = 0
        for i, z in enumerate(result):
            generated = latents.resized(self._decode(z, direction.generate), width, height)
            picture = seam.blend(
                canvas.picture, generated, own, canvas.eye_distance, person=canvas.own, share=share
            )
            if not self._allowed(picture):
                blocked += 1
                continue
            said = tuple(dict.fromkeys(n for n in (*notes, BLOCKED if blocked else "") if n))
            made = recipe | {"seed": direction.seed + i, "candidate": i}
            seconds = time.perf_counter() - started
            yield Headshot(picture, canvas, direction, self.name, kept(canvas, own), made, said, seconds)
        if blocked == len(result):
            raise Blocked

    def _unet(self, role: str | None) -> Any:
        """The base's UNet, or one of its own with the LoRA of `role`; a request keeps the one it began with."""
        if role is None:
            return self.parts.unet
        with self._making:
            if self._quick is None or self._quick[0] != role:
                self._quick = None
                with self._residence.cleared():
                    made = with_speed_lora(self.parts.unet, self.parts.speed_loras[role], self.spec.family)
                if self.parts.plan.compile:
                    made.compile_repeated_blocks(dynamic=True)
                self._quick = (role, made)
            return self._quick[1]

    def _can_make(self, role: str) -> bool:
        """Whether the quick UNet of `role` is here, or there is room for it: it is a second UNet."""
        if self._quick is not None:  # this one, or one that will make way
            return True
        weights = sum(p.numel() * p.element_size() for p in self.parts.unet.parameters())
        return device.has_room(weights, "cpu" if self._residence.offload else self.parts.plan.device)

    def _encode(self, picture: U8) -> Tensor:
        with self._residence.visiting(self.parts.vae):
            return latents.encode(self.parts.vae, picture)

    def _decode(self, z: Tensor, g: Generate) -> U8:
        if self._rough(g):
            return preview.by_taesd(z, self.parts.taesd)
        with self._residence.visiting(self.parts.vae):
            return latents.decode(self.parts.vae, z)

    def _allowed(self, picture: U8) -> bool:
        if self.parts.safety is None:
            return True
        with self._residence.visiting(self.parts.safety.checker):
            return self.parts.safety.allows(picture)

    def _rough(self, g: Generate) -> bool:
        return g.mode == "draft" and self.parts.taesd is not None


def kept(canvas: Canvas, own: F32) -> float:
    """The share 0..1 of the face's pixels that are the person's own."""
    face = canvas.regions["face"]
    total = float(face.sum())
    return float((face * own).sum()) / total if total > 0 else 0.0


def spoken(seconds: float) -> str:
    """A duration in words, no more exact than an estimate is."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _generators(seeds: list[int]) -> list[Any]:
    """For schedulers that draw noise in their steps: apart from the starting noise, and one a candidate."""
    import torch

    return [torch.Generator().manual_seed(seed ^ 0x5EED) for seed in seeds]


