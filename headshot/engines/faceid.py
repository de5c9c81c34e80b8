"""A FaceID family as an engine of this house: its weights looked up, loaded at first use, lent a GPU on ZeroGPU."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from headshot.direction.engine_table import engine_info
from headshot.engines.base import Done, EngineStatus
from headshot.engines.diffusion import device
from headshot.engines.diffusion.families import SPECS, EngineSpec
from headshot.engines.diffusion.request import ABSENT, Run, grouped
from headshot.engines.diffusion.weight_hashes import fingerprints
from headshot.engines.encode_cache import Shared
from headshot.errors import EngineUnavailable, UserError, WeightsMissing
from headshot.types import Canvas, Direction, Headshot, Preview
from headshot.weights import store as weights

if TYPE_CHECKING:
    from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
    from headshot.engines.diffusion.pipeline_parts import Parts
    from headshot.engines.identity import Identity

_LOADING = threading.Lock()  # one engine after the other: the next plans with what the one before leaves
_ALL: weakref.WeakSet[FaceIDGenerator] = weakref.WeakSet()


class FaceIDGenerator:
    """`name` is one of spec.SPECS. One loaded engine serves all requests; it keeps nothing of any.

    Where memory does not hold two families, the one that is loaded makes way for the other.
    """

    needs_identity = True

    def __init__(self, name: str) -> None:
        self.name = name
        self.spec: EngineSpec = SPECS[name]
        self.most_height: int | None = round(2.5 * self.spec.native)
        self._engine: FaceIDEngine | None = None
        self._made_of: dict[str, str] = {}
        _ALL.add(self)
        self._lent = device.lent_gpu(self._render, self._duration)

    def status(self) -> EngineStatus:
        """What of its weights is here, how large the rest is, and its licence."""
        here = {s.role: s for s in weights.status()}
        roles = weights.needed(self.name)
        missing = tuple(r for r in roles if not here[r].present)
        info = engine_info(self.name)
        title, licence = info.title, info.licence
        if not missing:
            size = weights.total_bytes(roles)
            return EngineStatus(self.name, title, True, bytes=size, licence=licence)
        # What the command below fetches, the safety checker among it.
        size = weights.total_bytes(r for r in weights.fetched(self.name) if not here[r].present)
        damaged = "; ".join(here[r].note for r in missing if here[r].note)
        what = f"{weights.size(size)} of weights are not on this machine ({', '.join(missing)})"
        if damaged:
            what = f"{weights.size(size)} of weights ({', '.join(missing)}) are missing or cannot be used ({damaged})"
        return EngineStatus(
            self.name,
            title,
            False,
            reason=f"{title}: {what}, licence: {licence}.",
            hint=f"To fetch them, type: python -m headshot weights --download {self.name}",
            missing=missing,
            bytes=size,
            licence=licence,
            damaged=damaged,
        )

    def load(self) -> FaceIDEngine:
        """The loaded engine; minutes the first time. Raises WeightsMissing, EngineUnavailable."""
        with _LOADING:
            if self._engine is None:
                status = self.status()
                if not status.available:
                    raise WeightsMissing(status.reason, status.hint)
                from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine

                with device.enough_memory():
                    engine = FaceIDEngine(self.spec, self._parts())
                # Of all that may go into a picture, here and not in a lent call, whose seconds are counted.
                self._made_of = fingerprints((*weights.needed(self.name), *engine.parts.speed_loras))
                if device.on_zero_gpu():
                    engine.prepare()
                self._engine = engine
            return self._engine

    def _parts(self) -> Parts:
        """Loaded as memory allows: the other family makes way, and at last encoders and VAE wait in main memory."""
        from headshot.engines.diffusion.memory_check import check_room
        from headshot.engines.diffusion.pipeline_parts import load_parts

        plan = self._plan(alone=False)
        try:
            check_room(self.spec, weights.locate, plan)
            tight = plan.offload
        except EngineUnavailable:
            tight = True
        if tight:
            self._release_others()
            plan = self._plan(alone=False)
            check_room(self.spec, weights.locate, plan)
        try:
            return load_parts(self.spec, weights.locate, plan)
        except (RuntimeError, MemoryError) as error:
            if plan.device != "cuda" or not device.is_out_of_memory(error):
                raise
        # Not in the handler: the error's traceback holds what had been loaded.
        self._release_others()
        parts = load_parts(self.spec, weights.locate, replace(plan, offload=True, rows=1))
        return replace(parts, notes=(*parts.notes, device.OFFLOADED))

    def _release_others(self) -> None:
        """Each goes when the last request that paints with it has ended."""
        for other in tuple(_ALL):
            if other is not self:
                other._engine = None
        device.free_memory()

    def estimate(self, direction: Direction) -> tuple[float, str]:
        """About how many seconds a picture takes here, and on what ("cuda", "mps", "cpu"). Loads torch alone."""
        spec, g = self.spec, direction.generate
        plan = self._plan()
        here = {s.role for s in weights.status() if s.present}
        run = Run.of(spec, g, lambda role: "" if role in here else ABSENT)
        share = g.guidance_end if run.guidance > 1 else 0.0
        decode = spec.taesd_flop if g.mode == "draft" and spec.taesd in here else spec.vae_flop
        flop = g.candidates * (run.steps * (1 + share) * spec.unet_flop + decode)
        return device.seconds(1.25 * flop, plan.device, plan.dtype), plan.device

    def batches(self, directions: Sequence[Direction]) -> list[list[int]]:
        """Those with the same mode, steps, scheduler and shape go together. Loads torch alone."""
        rows = self._plan().rows

        def asked(d: Direction) -> tuple[object, int]:
            g = d.generate
            steps = (g.steps, g.scheduler) if g.mode == "full" else ()
            return (g.mode, steps, d.crop.aspect), g.candidates * (2 if g.guidance > 1 else 1)

        return grouped(map(asked, directions), rows)

    def render(
        self, canvas: Canvas, identity: Identity | None, direction: Direction
    ) -> Generator[Preview | Headshot, None, None]:
        """See FaceIDEngine.render; the recipe names the engine, its settings and its weights."""
        with closing(self.render_many([canvas], identity, [direction])) as work:
            for item in work:
                if isinstance(item, Preview):
                    yield item
                elif item.fault is not None:
                    raise item.fault
                elif item.result is not None:
                    yield item.result

    def render_many(
        self,
        canvases: Sequence[Canvas],
        identity: Identity | None,
        directions: Sequence[Direction],
        shared: Shared | None = None,
    ) -> Generator[Preview | Done, None, None]:
        """See FaceIDEngine.render_many. Raises WeightsMissing, and EngineUnavailable where memory runs out."""
        with closing(self._lent(canvases, identity, directions, shared)) as work:
            for item in work:
                if isinstance(item, UserError):
                    raise item
                yield item

    def _render(
        self,
        canvases: Sequence[Canvas],
        identity: Identity | None,
        directions: Sequence[Direction],
        shared: Shared | None,
    ) -> Generator[Preview | Done | UserError, None, None]:
        """The lent call. A UserError is handed over as an item: raised in ZeroGPU's worker it would lose its words."""
        try:
            yield from self._painted(canvases, identity, directions, shared)
        except UserError as fault:
            yield fault

    def _painted(
        self,
        canvases: Sequence[Canvas],
        identity: Identity | None,
        directions: Sequence[Direction],
        shared: Shared | None,
    ) -> Generator[Preview | Done, None, None]:
        if identity is None:
            raise ValueError("this engine needs the identity of the person")
        if self._engine is None:
            steps = directions[0].generate.steps
            yield Preview(None, 0, steps, None, "Loading the models, some minutes the first time")
        with device.enough_memory(), closing(self.load().render_many(canvases, identity, directions, shared)) as work:
            for item in work:
                if isinstance(item, Done) and item.result is not None:
                    made = item.result
                    recipe = {**made.recipe, "engine": made.engine, "settings": made.direction.settings()}
                    roles = {*weights.needed(self.name), made.recipe.get("speed")}
                    recipe["weights"] = {k: v for k, v in self._made_of.items() if k.split("/")[0] in roles}
                    notes = (*made.canvas.notes, *made.notes)
                    item = replace(item, result=replace(made, recipe=recipe, notes=notes))
                yield item

    def _duration(
        self,
        canvases: Sequence[Canvas],
        identity: Identity | None,
        directions: Sequence[Direction],
        shared: Shared | None,
    ) -> int:
        return self.load().lease(canvases, directions)

    def _plan(self, *, alone: bool = True) -> device.Plan:
        """The loaded engine's, or else the one to load with; `alone` as in device.choose."""
        engine = self._engine
        if engine is not None:
            return engine.parts.plan
        return device.choose(resident_gb=self.spec.resident_gb, row_gb=self.spec.row_gb, alone=alone)
