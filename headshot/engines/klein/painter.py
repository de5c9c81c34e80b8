"""klein's pictures: the canvas held as the ladder says, the person's photos as references, own pixels put back.

Nothing of a request is kept on the modules, so requests may interleave step by step.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from headshot.direction.ladder import allowances
from headshot.direction.prompt import Prompt
from headshot.engines.base import Batch, Done
from headshot.engines.diffusion import device, rates
from headshot.engines.diffusion.families import size_for
from headshot.engines.diffusion.finished_pictures import Darkroom, Painted, Painting, finished, previewed_over
from headshot.engines.diffusion.finite import check_finite
from headshot.engines.diffusion.offload import Offloader
from headshot.engines.diffusion.request import Request, Run, Task, duration_words, grouped
from headshot.engines.klein import pictures, schedule
from headshot.engines.klein.encode import Encoder, noise_for
from headshot.engines.klein.flow import FlowStep, denoise
from headshot.engines.klein.models import Models
from headshot.engines.klein.spec import Spec
from headshot.engines.klein.words import sentences
from headshot.engines.references import References
from headshot.language import tr
from headshot.types import U8, Canvas, Direction, Generate, Preview

if TYPE_CHECKING:
    from torch import Tensor


class KleinPainter:
    """Paints a headshot over the canvas with loaded `models`; on the top rung from the photos and the words alone."""

    def __init__(self, spec: Spec, models: Models, *, preview_every: float = 0.5) -> None:
        """Wrap loaded `models`. `preview_every`: seconds between two preview pictures; steps in between have none."""
        self.spec, self.models, self.name = spec, models, spec.name
        self._preview_every = preview_every
        plan = models.plan
        self._offloader = Offloader(plan.device, plan.offload, models.movable, models.transformer)

    def requests(self, batch: Batch, size: tuple[int, int] | None = None) -> list[Request]:
        """Work out what is asked for of each direction, without the model. `size` as in `render_many`."""
        asked: list[Request] = []
        for number, (canvas, direction) in enumerate(zip(batch.canvases, batch.directions, strict=True)):
            at = size or picture_size(self.spec, canvas, direction.generate)
            levels = schedule.noise_levels(self._scheduler(canvas, direction, at))
            asked.append(Request.of(number, canvas, direction, run(self.spec, direction.generate), at, levels))
        return asked

    def seconds(self, requests: Sequence[Request], photos: int) -> float:
        """Estimate the seconds that they take here: counted operations by this machine's measured rate."""
        flops = (flop(self.spec, r.direction.generate, r.size, len(r.noise), photos) for r in requests)
        plan = self.models.plan
        return rates.seconds(sum(flops), plan.device, plan.dtype, self.name)

    def render_many(
        self, batch: Batch, *, size: tuple[int, int] | None = None, paint: Painting | None = None
    ) -> Generator[Preview | Done, None, None]:
        """Paint several directions of one person, those that can in one batch; each equals its own picture.

        Pictures have the canvas's size; `size` (width, height), multiples of 16, is what is painted at. Closing the
        generator stops before the next call of the transformer. `paint`: where it is done, see lease. Raises Blocked,
        EngineUnavailable, NotFinite.
        """
        return finished(self.name, self.requests(batch, size), batch, paint or self.paint)

    def paint(self, task: Task) -> Generator[Preview | Painted, None, None]:
        """Paint what needs the models: previews on the way, then each candidate as it was decoded."""
        asked = task.requests
        try:
            kinds = (((r.noise, r.size, r.fully_generated), len(r.seeds)) for r in asked)
            for group in grouped(kinds, self.models.plan.rows):
                yield from self._group([asked[i] for i in group], task, shown=len(asked) == 1)
        finally:
            device.free_memory()

    def _group(self, group: list[Request], task: Task, *, shown: bool) -> Generator[Preview | Painted, None, None]:
        """Paint requests of one size and schedule, denoised together."""
        assert isinstance(task.identity, References)
        started, first, photos = time.perf_counter(), group[0], len(task.identity.pictures)
        expected, where = self.seconds(group, photos), self.models.plan.device
        note = tr("About {took} on this machine ({where}).", took=duration_words(expected), where=where)
        yield Preview(None, 0, len(first.noise), expected, note)
        notes: list[str] = []
        encoder = Encoder(self.spec, self.models, self._offloader, task.cache, notes)
        texts = [self._words(r.direction) for r in group]
        noise = noise_for([seed for r in group for seed in r.seeds], first.size, self.models)
        steps = denoise(
            self._offloader.bind(self.models.transformer),
            self._scheduler(first.canvas, first.direction, first.size),
            encoder.steering(group, texts, task.identity),
            pictures.packed(noise),
            pictures.positions(noise),
            held=encoder.held(group, noise),
            trails=task.cache.trails,
        )
        with closing(steps):
            each = sum(step_flop(self.spec, r.direction.generate, r.size, photos) for r in group)
            rows = yield from self._watch(steps, first, each, shown=shown)
        latents = pictures.unpacked(rows, *noise.shape[2:])
        darkroom = Darkroom(self.name, self._decode, self.name, self._allowed, task.cache)
        share, begin = (time.perf_counter() - started) / len(group), 0
        for request, text in zip(group, texts, strict=True):
            mine, begin = latents[begin : begin + len(request.seeds)], begin + len(request.seeds)
            cut = [tr("No room in the prompt for: {names}", names=" ".join(text.cut))] if text.cut else []
            all_notes = [*self.models.notes, request.run.note, *cut, *notes]
            yield from darkroom.pictures(mine, request, text, all_notes, share)

    def _scheduler(self, canvas: Canvas, direction: Direction, size: tuple[int, int]) -> Any:
        """Make the scheduler of a picture: its levels follow from the ladder and from the regions in the frame."""
        may = allowances(direction.change)
        shown = [may[name] for name, where in canvas.regions.items() if where.any()]
        steps = run(self.spec, direction.generate).steps
        return schedule.make(self.models.scheduler, size[0] * size[1] // 256, steps, shown)

    def _words(self, direction: Direction) -> Prompt:
        tokenizer = self.models.tokenizer
        room = self.spec.text_tokens - 16  # the chat's own tokens around the words take a dozen
        return sentences(direction, lambda text: len(tokenizer(text).input_ids), room)

    def _watch(
        self, steps: Generator[FlowStep, None, None], first: Request, flop: float, *, shown: bool
    ) -> Generator[Preview, None, Tensor]:
        """Yield a Preview for each step, of the first candidate where it is `shown`; returns the last latents.

        `flop` operations of a step: from what they really took the next estimates are made.
        """
        began, last, result, run, warm = time.perf_counter(), float("-inf"), None, -1, 0.0
        for step in steps:
            result, now, picture, run = step.latents, time.perf_counter(), None, run + 1
            warm = warm or now  # the first step loads libraries, and chooses kernels
            if shown and now - last >= self._preview_every:
                z = pictures.unpacked(step.x0[:1], first.size[1] // 16, first.size[0] // 16)[0]
                picture, last = previewed_over(self._decode(z, shrink=2), first), now
            left = (now - began) / (step.index + 1) * (step.total - step.index - 1)
            yield Preview(picture, step.index + 1, step.total, left)
        assert result is not None
        check_finite(result)  # and wait for the device
        plan = self.models.plan
        rates.learn(run * flop, time.perf_counter() - warm, plan.device, plan.dtype, self.name)
        return result

    def _decode(self, z: Tensor, *, shrink: int = 1) -> U8:
        models = self.models
        return self._offloader.run_with(lambda: pictures.decode_picture(models, z, shrink=shrink), models.vae)

    def _allowed(self, picture: U8) -> bool:
        safety = self.models.safety
        return safety is None or self._offloader.run_with(lambda: safety.allows(picture), safety.checker)


def run(spec: Spec, g: Generate) -> Run:
    """Work out the steps of `g`: a draft has as many as a final, and is smaller."""
    steps = min(g.steps, spec.most_steps) if g.mode == "full" else spec.steps
    cut = g.mode == "full" and steps < g.steps
    note = (
        tr("FLUX.2 klein takes {most_steps} steps at most: so many were run.", most_steps=spec.most_steps)
        if cut
        else ""
    )
    return Run("flow-match-euler", steps, 1.0, note=note)


def picture_size(spec: Spec, canvas: Canvas, g: Generate) -> tuple[int, int]:
    """Choose the (width, height) px to paint at: multiples of the model's step, near its area and the aspect."""
    native = spec.draft if g.mode == "draft" else spec.native
    return size_for(native, spec.multiple, canvas.picture.shape[1], canvas.picture.shape[0])


def flop(spec: Spec, g: Generate, size: tuple[int, int], steps: int, photos: int) -> float:
    """Count the operations of one request: its steps', and the VAE's."""
    vae = 1.5 * spec.vae_flop * size[0] * size[1] / spec.native**2
    return steps * step_flop(spec, g, size, photos) + g.candidates * vae


def step_flop(spec: Spec, g: Generate, size: tuple[int, int], photos: int) -> float:
    """Count the operations of a step of all candidates: two a parameter and token, on both sides where s needs them."""
    own = size[0] * size[1] / 256 + spec.text_tokens
    seen = own + photos * (spec.reference / 16) ** 2
    tokens = (own if g.identity != 1 or not photos else 0) + (seen if g.identity != 0 and photos else 0)
    return g.candidates * 2 * spec.parameters * tokens
