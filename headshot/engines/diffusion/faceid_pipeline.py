"""FaceID: a headshot of the same person by IP-Adapter FaceID over the person's own canvas, without training.

One class for both families; what differs between them is `families.Family`. Nothing of a request is kept on
the modules, so requests may interleave step by step.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from headshot.canvas import change_map
from headshot.direction.prompt import Prompt
from headshot.engines.base import Batch, Done, single
from headshot.engines.diffusion import device, rates
from headshot.engines.diffusion.codec import Codec
from headshot.engines.diffusion.conditioning import join
from headshot.engines.diffusion.denoise import Step, denoise, generators_for, noise_for
from headshot.engines.diffusion.encode import condition
from headshot.engines.diffusion.families import Family, size_for
from headshot.engines.diffusion.fast_unets import FastUnets
from headshot.engines.diffusion.finished_pictures import Darkroom, Painted, Painting, finished, previewed_over
from headshot.engines.diffusion.finite import check_finite
from headshot.engines.diffusion.hold import Hold, to_latent
from headshot.engines.diffusion.offload import Offloader
from headshot.engines.diffusion.pipeline_parts import Parts
from headshot.engines.diffusion.request import ABSENT, NO_ROOM, Request, Run, Task, duration_words, together
from headshot.engines.diffusion.schedulers import make, noise_shares
from headshot.engines.diffusion.second_pass import begin_second, second_flop, second_size
from headshot.engines.diffusion.text_encoding import words
from headshot.engines.encode_cache import EncodeCache
from headshot.engines.identity import Identity
from headshot.engines.references import References
from headshot.imaging.resize import resized
from headshot.language import tr
from headshot.types import Canvas, Direction, Generate, Headshot, Preview

if TYPE_CHECKING:
    from torch import Tensor


class FaceIDEngine:
    """Paints a headshot over the canvas; at the highest strength from the face alone."""

    def __init__(self, family: Family, parts: Parts, *, preview_every: float = 0.1) -> None:
        """Wrap loaded `parts`. `preview_every`: seconds between two preview pictures; steps in between have none."""
        self._preview_every = preview_every
        self.family, self.parts, self.name = family, parts, family.name
        plan = parts.plan
        self._offloader = Offloader(plan.device, plan.offload, parts.movable, parts.unet)
        self.codec = Codec(parts, self._offloader, family.architecture)
        self.fast_unets = FastUnets(parts, family.architecture, self._offloader)

    def run(self, g: Generate) -> Run:
        """Work out scheduler, steps and guidance of `g.mode`, with the LoRAs that are here."""

        def why_not(role: str) -> str:
            if role not in self.parts.speed_loras:
                return ABSENT
            return "" if self.fast_unets.has_room() else NO_ROOM

        return Run.of(self.family, g, why_not)

    def prepare(self) -> None:
        """Make the fast UNet of each mode, for ZeroGPU: made within its call it would be lost with the worker."""
        for mode in ("draft", "fast"):
            self.fast_unets.unet(self.run(Generate(mode=mode)).speed)

    def requests(self, batch: Batch, size: tuple[int, int] | None = None) -> list[Request]:
        """Work out what is asked for of each direction, without a model. `size` as in `render`."""
        asked = []
        for number, (canvas, direction) in enumerate(zip(batch.canvases, batch.directions, strict=True)):
            first, second = (size, None) if size else self._sizes(canvas, direction)
            run = self.run(direction.generate)
            asked.append(Request.of(number, canvas, direction, run, first, noise_shares(self._scheduler(run)), second))
        return asked

    def seconds(self, request: Request) -> float:
        """Estimate the seconds that it takes here: counted operations by this machine's measured rate."""
        g, run, family = request.direction.generate, request.run, self.family
        steps = int(change_map.free_steps(request.allowance.max(), request.noise))
        if steps == 0:
            return 0.0
        flop = run.flop(family, g, steps, draft_decoder=self.codec.decoder(g.mode) == "taesd")
        if not request.fully_generated:
            flop += family.vae_flop / 2  # encoding costs about half of decoding
        flop *= request.size[0] * request.size[1] / family.native**2
        if request.second is not None:
            flop += second_flop(family, run, g, request.second, request.noise)
        return rates.seconds(flop, self.parts.plan.device, self.parts.plan.dtype, self.name)

    def render(
        self, canvas: Canvas, identity: Identity, direction: Direction, *, size: tuple[int, int] | None = None
    ) -> Generator[Preview | Headshot, None, None]:
        """Paint one picture: a Preview with the time it will take, one after each step, then each candidate's Headshot.

        Pictures have the canvas's size; `size` (width, height), multiples of 8, is what is generated at.
        Closing the generator stops before the next UNet call. Raises Blocked where the safety checker lets
        no candidate through, EngineUnavailable where memory does not suffice.
        """
        return single(self.render_many(Batch([canvas], identity, [direction]), size=size))

    def render_many(
        self, batch: Batch, *, size: tuple[int, int] | None = None, paint: Painting | None = None
    ) -> Generator[Preview | Done, None, None]:
        """Paint several directions of one person, those that can in one UNet batch; each equals its own `render`.

        Yields previews (with pictures only where there is one direction), then a Done for each picture. What the
        directions have in common is encoded once, and kept in `batch.cache` for the next call. `paint`: where it is
        done, see lease.
        """
        return finished(self.name, self.requests(batch, size), batch, paint or self.paint)

    def paint(self, task: Task) -> Generator[Preview | Painted, None, None]:
        """Paint what needs the models: previews on the way, then each candidate as it was decoded."""
        try:
            for group in together(task.requests, self.parts.plan.rows):
                yield from self._group(group, task, pictures=len(task.requests) == 1)
        finally:
            device.free_memory()

    def _group(self, group: list[Request], task: Task, *, pictures: bool) -> Generator[Preview | Painted, None, None]:
        """Paint requests of one kind, denoised together."""
        started, run = time.perf_counter(), group[0].run
        expected = sum(map(self.seconds, group))
        where = self.parts.plan.device
        message = tr("About {took} on this machine ({where}).", took=duration_words(expected), where=where)
        yield Preview(None, 0, run.steps, expected, message)
        texts = [words(r.direction, self.parts.tokenizers) for r in group]
        memory_notes: list[str] = []
        result = yield from self._pass(group, task, texts, memory_notes, shown=pictures)
        if group[0].second is not None:
            result = yield from self._pass(group, task, texts, memory_notes, shown=pictures, over=result)
        share, first = (time.perf_counter() - started) / len(group), 0
        for request, text in zip(group, texts, strict=True):
            latent, first = result[first : first + len(request.seeds)], first + len(request.seeds)
            notes = [*self.parts.notes, request.run.note, *memory_notes]
            if request.direction.generate.mode == "draft" and self.parts.taesd is None:
                missing = "{taesd} is not on this machine: the draft was decoded by the VAE."
                notes.append(tr(missing, taesd=self.family.taesd))
            cut = (*text.cut, *(tr("avoid: {phrase}", phrase=phrase) for phrase in text.cut_negative))
            notes += [tr("No room in the prompt for: {names}.", names="; ".join(cut))] if cut else []
            mode = request.direction.generate.mode
            decode = partial(self.codec.decode, mode=mode, notes=notes)
            decoder = f"{self.name} {self.codec.decoder(mode)}"
            darkroom = Darkroom(self.name, decode, decoder, self.codec.allowed, task.cache)
            yield from darkroom.pictures(latent, request, text, notes, share)

    def _pass(
        self,
        group: list[Request],
        task: Task,
        texts: list[Prompt],
        notes: list[str],
        *,
        shown: bool,
        over: Tensor | None = None,
    ) -> Generator[Preview, None, Tensor]:
        """Denoise `group` at its size; or once more, `over` what the first pass left, at its second size."""
        run, size = group[0].run, (None if over is None else group[0].second) or group[0].size
        seeds = [seed for r in group for seed in r.seeds]
        noise = noise_for(seeds, (4, size[1] // 8, size[0] // 8)).to(self.parts.plan.device)
        assert task.identity is not None and not isinstance(task.identity, References)
        encode = partial(condition, self.parts, self._offloader, task.identity, cache=task.cache, notes=notes)
        guided = [replace(r.direction.generate, guidance=r.run.guidance) for r in group]
        cond = join([encode(text, g, size) for text, g in zip(texts, guided, strict=True)])
        scheduler = self._scheduler(run)
        if over is None:
            hold = self._hold(group, noise, scheduler, task.cache, notes)
        else:
            hold = begin_second(over, noise, scheduler, self.codec, task.cache, notes)
        steps = denoise(
            self._offloader.bind(self.fast_unets.unet(run.speed, notes)),
            scheduler,
            cond,
            noise,
            hold=hold,
            budget=device.RowBudget(self.parts.plan.rows, self._offloader.start_offloading, notes),
            generators=generators_for(seeds),
            trails=task.cache.trails,
            made_by=(self.name, run.speed, self.parts.plan.dtype),
        )
        with closing(steps):
            result = yield from self._watch(steps, group, shown=shown, second=over is not None)
        if result is None and hold is not None:  # no whole latent may move, though single pixels might
            result = hold.canvas
        assert result is not None
        return result

    def _hold(
        self, group: list[Request], noise: Tensor, scheduler: Any, cache: EncodeCache, notes: list[str]
    ) -> Hold | None:
        """Encode the canvases, and how far each may change; None where all of it is free."""
        import torch

        if all(r.fully_generated for r in group):
            return None
        canvases, free = [], []
        for r in group:
            empty = torch.zeros_like(noise[:1])
            z0 = empty if r.fully_generated else self.codec.encode(resized(r.canvas.picture, r.size), cache, notes)
            canvases.append(z0.to(noise).expand(len(r.seeds), -1, -1, -1))
            free.append(to_latent(r.allowance, *noise.shape[2:]).expand(len(r.seeds), -1, -1, -1))
        return Hold.of(torch.cat(canvases), noise, torch.cat(free), scheduler)

    def _sizes(self, canvas: Canvas, direction: Direction) -> tuple[tuple[int, int], tuple[int, int] | None]:
        """Choose the sizes (width, height) px of the first pass and of a second one, or None."""
        (height, width), g = canvas.picture.shape[:2], direction.generate
        guided = direction.change < 1 or canvas.locked is not None
        first = size_for(self.family.side(g.mode, canvas=guided), self.family.multiple, width, height)
        return first, None if guided else second_size(self.family, g, (width, height))

    def _scheduler(self, run: Run) -> Any:
        return make(run.scheduler, self.parts.scheduler, run.steps, spacing=run.spacing)

    def _watch(
        self, steps: Generator[Step, None, None], group: list[Request], *, shown: bool, second: bool = False
    ) -> Generator[Preview, None, Tensor | None]:
        """Yield a Preview for each step, of the first candidate where it is `shown`; returns the last latents."""
        before, after, dearer = group[0].around(second=second)
        began, first, result, last, warm = time.perf_counter(), 0, None, float("-inf"), 0.0
        for n, step in enumerate(steps):
            first, result = (step.index if n == 0 else first), step.latents
            now, picture = time.perf_counter(), None
            warm = warm or now  # the first step loads libraries, and chooses kernels
            if shown and now - last >= self._preview_every:
                picture, last = previewed_over(self.codec.preview(step.x0[0]), group[0]), now
            left = (now - began) / (n + 1) * (step.total - step.index - 1 + dearer * after)
            yield Preview(picture, before + n + 1, before + step.total - first + after, left)
        if result is not None:
            check_finite(result)  # and wait for the device
            width, height = (group[0].second if second else None) or group[0].size
            share = width * height / self.family.native**2
            flop = sum(r.run.step_flop(self.family, r.direction.generate) for r in group)
            took, plan = time.perf_counter() - warm, self.parts.plan
            rates.learn(n * share * flop, took, plan.device, plan.dtype, self.name)
        return result
