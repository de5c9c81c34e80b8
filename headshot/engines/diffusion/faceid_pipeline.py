"""FaceID: a headshot of the same person by IP-Adapter FaceID over the person's own canvas, without training.

One class for both families; what differs between them is `spec.EngineSpec`. Nothing of a request is kept on
the modules, so requests may interleave step by step.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from headshot.canvas import change_map
from headshot.direction.engine_table import OWN_PIXELS
from headshot.direction.prompt import Prompt
from headshot.engines.base import Done
from headshot.engines.diffusion import blend as seam
from headshot.engines.diffusion import device, latents
from headshot.engines.diffusion import hold as ladder
from headshot.engines.diffusion import latent_preview as preview
from headshot.engines.diffusion.conditioning import join
from headshot.engines.diffusion.denoise import Step, denoise, noise_for
from headshot.engines.diffusion.encode import condition
from headshot.engines.diffusion.families import EngineSpec, size_for
from headshot.engines.diffusion.fast_unets import QuickUnets
from headshot.engines.diffusion.offload import Residence
from headshot.engines.diffusion.pipeline_parts import Identity, Parts
from headshot.engines.diffusion.request import ABSENT, NO_ROOM, Request, Run, spoken, together
from headshot.engines.diffusion.safety import BLOCKED, Blocked
from headshot.engines.diffusion.schedulers import levels, make
from headshot.engines.diffusion.text_encoding import words
from headshot.engines.encode_cache import Shared, digest
from headshot.engines.finish import developed, finish, finish_painted, toned
from headshot.types import U8, Canvas, Direction, Generate, Headshot, Preview

if TYPE_CHECKING:
    from torch import Tensor


class FaceIDEngine:
    """Paints a headshot over the canvas; at the top of the ladder from the face alone."""

    def __init__(self, spec: EngineSpec, parts: Parts, *, preview_every: float = 0.1) -> None:
        """`preview_every`: seconds at least between two preview pictures; steps in between come without one."""
        self._preview_every = preview_every
        self.spec, self.parts, self.name = spec, parts, spec.name
        plan = parts.plan
        self._residence = Residence(plan.device, plan.offload, parts.visitors, parts.unet)
        self.quick = QuickUnets(parts, spec.family, self._residence)

    def run(self, g: Generate) -> Run:
        """Scheduler, steps and guidance of `g.mode`, with the LoRAs that are here."""

        def why_not(role: str) -> str:
            if role not in self.parts.speed_loras:
                return ABSENT
            return "" if self.quick.has_room() else NO_ROOM

        return Run.of(self.spec, g, why_not)

    def prepare(self) -> None:
        """Makes the quick UNet of each mode, for ZeroGPU: made within a lent call it would go with the worker."""
        for mode in ("draft", "fast"):
            self.quick.unet(self.run(Generate(mode=mode)).speed)

    def seconds(self, canvas: Canvas, direction: Direction, size: tuple[int, int] | None = None) -> float:
        """About how long `render` takes here: counted operations by this machine's measured rate."""
        g, run, spec = direction.generate, self.run(direction.generate), self.spec
        most = float(change_map.allowance_map(canvas.regions, direction.change, canvas.held).max())
        steps = int(most * run.steps + 1e-4)
        if steps == 0:
            return 0.0
        width, height = size or size_for(spec, canvas.picture.shape[1], canvas.picture.shape[0])
        rows = steps * (1 + (min(g.guidance_end, 1.0) if run.guidance > 1 else 0.0))
        flop = g.candidates * (rows * spec.unet_flop + (spec.taesd_flop if self._rough(g) else spec.vae_flop))
        if direction.change < 1 or canvas.held is not None:
            flop += spec.vae_flop / 2  # encoding costs about half of decoding
        share = width * height / spec.native**2
        return device.seconds(flop * share, self.parts.plan.device, self.parts.plan.dtype)

    def lease(self, canvases: Sequence[Canvas], directions: Sequence[Direction]) -> int:
        """Seconds to ask ZeroGPU for, for `device.lent_gpu`: 5 to 120."""
        seconds = sum(self.seconds(c, d) for c, d in zip(canvases, directions, strict=True))
        return int(np.clip(1.5 * seconds + 3, 5, 120))

    def render(
        self, canvas: Canvas, identity: Identity, direction: Direction, *, size: tuple[int, int] | None = None
    ) -> Generator[Preview | Headshot, None, None]:
        """Yields a Preview with the time it will take, one after each step, then each candidate's Headshot.

        Pictures have the canvas's size; `size` (width, height), multiples of 8, is what is generated at.
        Closing the generator stops before the next UNet call. Raises Blocked where the safety checker lets
        no candidate through, EngineUnavailable where memory does not suffice.
        """
        with closing(self.render_many([canvas], identity, [direction], size=size)) as work:
            for item in work:
                if isinstance(item, Preview):
                    yield item
                elif item.result is not None:
                    yield item.result
                elif item.fault is not None:
                    raise item.fault

    def render_many(
        self,
        canvases: Sequence[Canvas],
        identity: Identity,
        directions: Sequence[Direction],
        shared: Shared | None = None,
        *,
        size: tuple[int, int] | None = None,
    ) -> Generator[Preview | Done, None, None]:
        """Several directions of one person, those that go together in one batch; each equals its own `render`.

        Yields previews (with pictures only where there is one direction), then a Done for each picture. What the
        directions have in common is worked out once, and kept in `shared` for the next call.
        """
        shared = shared or Shared()
        try:
            asked = []
            for number, (canvas, direction) in enumerate(zip(canvases, directions, strict=True)):
                at = size or size_for(self.spec, canvas.picture.shape[1], canvas.picture.shape[0])
                request = Request.of(number, canvas, direction, self.run(direction.generate), at)
                if request.own.all():
                    note = "At this setting nothing is generated: these are your own pixels."
                    recipe, picture = {"change": direction.change}, finish(canvas, direction.retouch)
                    yield Done(number, Headshot(picture, canvas, direction, OWN_PIXELS, 1.0, recipe, (note,)))
                else:
                    asked.append(request)
            for group in together(asked, self.parts.plan.rows):
                yield from self._batch(group, identity, shared, pictures=len(directions) == 1)
        finally:
            device.free_memory()

    # -------------------------------------------------------------- stages

    def _batch(
        self, group: list[Request], identity: Identity, shared: Shared, *, pictures: bool
    ) -> Generator[Preview | Done, None, None]:
        """Requests of one kind, denoised together."""
        started, run, size = time.perf_counter(), group[0].run, group[0].size
        expected = sum(self.seconds(r.canvas, r.direction, size) for r in group)
        where = self.parts.plan.device
        yield Preview(None, 0, run.steps, expected, f"About {spoken(expected)} on this machine ({where}).")
        texts = [words(r.direction, self.parts.tokenizers) for r in group]
        said: list[str] = []
        seeds = [seed for r in group for seed in r.seeds]
        noise = noise_for(seeds, (4, size[1] // 8, size[0] // 8)).to(where)
        cond = join(
            [
                condition(self.parts, self._residence, identity, text, _guided(r), size, shared, said)
                for r, text in zip(group, texts, strict=True)
            ]
        )
        scheduler = make(run.scheduler, self.parts.scheduler, run.steps, spacing=run.spacing)
        hold = self._hold(group, noise, levels(scheduler), shared, said)
        unet = self._residence.call(self.quick.unet(run.speed, said))
        budget = device.RowBudget(self.parts.plan.rows, self._residence.relieve, said)
        steps = denoise(unet, scheduler, cond, noise, hold=hold, budget=budget, generators=_generators(seeds))
        with closing(steps):
            result = yield from self._watch(steps, group[0] if pictures else None)
        if result is None and hold is not None:  # no whole latent may move, though single pixels might
            result = hold.canvas
        assert result is not None
        share, first = (time.perf_counter() - started) / len(group), 0
        for request, text in zip(group, texts, strict=True):
            latent, first = result[first : first + len(request.seeds)], first + len(request.seeds)
            notes = [*self.parts.notes, request.run.note]
            if request.direction.generate.mode == "draft" and self.parts.taesd is None:
                notes.append(f"{self.spec.taesd} is not on this machine: the draft was decoded by the VAE.")
            cut = (*text.cut, *(f"avoid: {phrase}" for phrase in text.cut_negative))
            notes += [f"No room in the prompt for: {'; '.join(cut)}."] if cut else []
            yield from self._pictures(latent, request, text, notes + said, share)

    def _hold(
        self, group: list[Request], noise: Tensor, table: Tensor, shared: Shared, said: list[str]
    ) -> ladder.Hold | None:
        """The canvases, and how far each may change; None where all of it is free."""
        import torch

        if all(r.free for r in group):
            return None
        canvases, free = [], []
        for r in group:
            empty = torch.zeros_like(noise[:1])
            z0 = empty if r.free else self._encode(r, shared, said).to(noise)
            canvases.append(z0.expand(len(r.seeds), -1, -1, -1))
            free.append(ladder.to_latent(r.allowance, *noise.shape[2:]).expand(len(r.seeds), -1, -1, -1))
        return ladder.hold(torch.cat(canvases), noise, torch.cat(free), table)

    def _watch(
        self, steps: Generator[Step, None, None], shown: Request | None
    ) -> Generator[Preview, None, Tensor | None]:
        """A Preview for each step, of the first candidate of `shown`; returns the last latents."""
        began, first, result, last = time.perf_counter(), 0, None, float("-inf")
        for n, step in enumerate(steps):
            first, result = (step.index if n == 0 else first), step.latents
            now, picture = time.perf_counter(), None
            if shown is not None and now - last >= self._preview_every:
                picture, last = self._preview(step.x0[0], shown), now
            left = (now - began) / (n + 1) * (step.total - step.index - 1)
            yield Preview(picture, n + 1, step.total - first, left)
        return result

    def _preview(self, x0: Tensor, shown: Request) -> U8:
        if self.parts.taesd is None:
            picture = preview.by_matrix(x0, self.spec.family)
        else:
            picture = preview.by_taesd(x0, self.parts.taesd, half=self.parts.plan.device == "cpu")
        height, width = picture.shape[:2]
        keep = latents.resized((shown.own * 255).astype(np.uint8), width, height)[..., None] / 255
        canvas = latents.resized(shown.canvas.picture, width, height)
        mixed: U8 = (keep * canvas + (1 - keep) * _lit(picture, shown.direction)).astype(np.uint8)
        return developed(mixed, shown.direction.retouch)

    def _pictures(
        self, result: Tensor, request: Request, text: Prompt, notes: list[str], share: float
    ) -> Iterator[Done]:
        """The finished candidates of one request; its share of the batch's seconds is counted to each."""
        canvas, direction = request.canvas, request.direction
        height, width = canvas.picture.shape[:2]
        held = change_map.held_share(canvas.regions, direction.change, request.run.steps, canvas.held)
        began, blocked = time.perf_counter(), 0
        for i, z in enumerate(result):
            generated = _lit(latents.resized(self._decode(z, direction.generate, notes), width, height), direction)
            picture = seam.blend(
                canvas.picture, generated, request.own, canvas.eye_distance, person=canvas.own, share=held
            )
            if not self._allowed(picture):
                blocked += 1
                continue
            said = tuple(dict.fromkeys(n for n in (*notes, BLOCKED if blocked else "") if n))
            picture = finish_painted(picture, canvas, direction, request.own)
            recipe, seconds = request.recipe(text, i), share + time.perf_counter() - began
            made = Headshot(picture, canvas, direction, self.name, request.kept(), recipe, said, seconds)
            yield Done(request.number, made)
        if blocked == len(result):
            yield Done(request.number, None, Blocked())

    def _encode(self, r: Request, shared: Shared, said: list[str]) -> Tensor:
        def encoded() -> Tensor:
            vae = self.parts.vae
            return self._residence.visit(lambda: latents.encode(vae, picture, said), vae, said=said)

        picture = latents.resized(r.canvas.picture, *r.size)
        return shared.once(("canvas", digest(picture)), encoded)

    def _decode(self, z: Tensor, g: Generate, said: list[str]) -> U8:
        if self._rough(g):
            return self._residence.visit(lambda: preview.by_taesd(z, self.parts.taesd), said=said)
        vae = self.parts.vae
        return self._residence.visit(lambda: latents.decode(vae, z, said), vae, said=said)

    def _allowed(self, picture: U8) -> bool:
        safety = self.parts.safety
        return safety is None or self._residence.visit(lambda: safety.allows(picture), safety.checker)

    def _rough(self, g: Generate) -> bool:
        return g.mode == "draft" and self.parts.taesd is not None


def _lit(generated: U8, direction: Direction) -> U8:
    """Where all is painted anew the canvas's light is lost, and with it the wish for warmth and exposure."""
    return toned(generated, direction.light) if direction.change >= 1 else generated


def _guided(r: Request) -> Generate:
    """The request's settings with the guidance that its run is held to."""
    return replace(r.direction.generate, guidance=r.run.guidance)


def _generators(seeds: list[int]) -> list[Any]:
    """For schedulers that draw noise in their steps: apart from the starting noise, and one a candidate."""
    import torch

    return [torch.Generator().manual_seed(seed ^ 0x5EED) for seed in seeds]
