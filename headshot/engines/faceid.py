"""A FaceID family as an engine: finds and loads its weights, and asks ZeroGPU for a GPU where there is one."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from headshot.direction.engine_table import engine_info
from headshot.engines.base import Batch, Done, EngineStatus, single
from headshot.engines.diffusion import device
from headshot.engines.diffusion.families import FAMILIES, Family
from headshot.engines.diffusion.request import ABSENT, Run, grouped
from headshot.engines.diffusion.weight_hashes import weight_hashes
from headshot.errors import EngineUnavailable, UserError, WeightsMissing
from headshot.types import Canvas, Direction, Headshot, Preview
from headshot.weights import store as weights

if TYPE_CHECKING:
    from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
    from headshot.engines.diffusion.pipeline_parts import Parts
    from headshot.engines.identity import Identity


class FaceIDGenerator:
    """Paints with the family `name` of families.FAMILIES. One loaded pipeline serves all requests and keeps nothing.

    Where memory does not hold two families, the loaded one is unloaded for the other.
    """

    needs_identity = True
    _loading = threading.Lock()  # one after the other: the next plans with the memory that the one before leaves
    _all: ClassVar[weakref.WeakSet[FaceIDGenerator]] = weakref.WeakSet()

    def __init__(self, name: str) -> None:
        self.name = name
        self.family: Family = FAMILIES[name]
        self.most_height: int | None = round(2.5 * self.family.native)
        self._engine: FaceIDEngine | None = None
        self._made_of: dict[str, str] = {}
        self._all.add(self)
        self._on_gpu = device.with_zero_gpu(self._render, lambda batch: self.load().gpu_seconds(batch))

    def status(self) -> EngineStatus:
        """Tell what of its weights is here, how large the rest is, and its licence."""
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
        """Return the loaded pipeline; minutes the first time. Raises WeightsMissing, EngineUnavailable."""
        with self._loading:
            if self._engine is None:
                status = self.status()
                if not status.available:
                    raise WeightsMissing(status.reason, status.hint)
                from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine

                with device.enough_memory():
                    engine = FaceIDEngine(self.family, self._parts())
                # Of all that may go into a picture, here and not in a ZeroGPU call, whose seconds are counted.
                self._made_of = weight_hashes((*weights.needed(self.name), *engine.parts.speed_loras))
                if device.on_zero_gpu():
                    engine.prepare()
                self._engine = engine
            return self._engine

    def _parts(self) -> Parts:
        """Load as memory allows: the other family is unloaded, and at last encoders and VAE stay in main memory."""
        from headshot.engines.diffusion.memory_check import check_room
        from headshot.engines.diffusion.pipeline_parts import load_parts

        plan = self._plan(alone=False)
        try:
            check_room(self.family, weights.locate, plan)
            tight = plan.offload
        except EngineUnavailable:
            tight = True
        if tight:
            self._release_others()
            plan = self._plan(alone=False)
            check_room(self.family, weights.locate, plan)
        try:
            return load_parts(self.family, weights.locate, plan)
        except (RuntimeError, MemoryError) as error:
            if plan.device != "cuda" or not device.is_out_of_memory(error):
                raise
        # Not in the handler: the error's traceback holds what had been loaded.
        self._release_others()
        parts = load_parts(self.family, weights.locate, replace(plan, offload=True, rows=1))
        return replace(parts, notes=(*parts.notes, device.OFFLOADED))

    def _release_others(self) -> None:
        """Unload the other families; each is freed when the last request that paints with it has ended."""
        for other in tuple(self._all):
            if other is not self:
                other._engine = None
        device.free_memory()

    def estimate(self, direction: Direction) -> tuple[float, str]:
        """Estimate the seconds that a picture takes, and name the device: "cuda", "mps" or "cpu". Loads torch alone."""
        family, g = self.family, direction.generate
        plan = self._plan()
        here = {s.role for s in weights.status() if s.present}
        run = Run.of(family, g, lambda role: "" if role in here else ABSENT)
        flop = run.flop(family, g, run.steps, draft_decoder=g.mode == "draft" and family.taesd in here)
        return device.seconds(1.25 * flop, plan.device, plan.dtype), plan.device

    def batches(self, directions: Sequence[Direction]) -> list[list[int]]:
        """Group those with the same mode, steps, scheduler and shape. Loads torch alone."""
        rows = self._plan().rows

        def asked(d: Direction) -> tuple[object, int]:
            g = d.generate
            steps = (g.steps, g.scheduler) if g.mode == "full" else ()
            return (g.mode, steps, d.crop.aspect), g.candidates * (2 if g.guidance > 1 else 1)

        return grouped(map(asked, directions), rows)

    def render(
        self, canvas: Canvas, identity: Identity | None, direction: Direction
    ) -> Generator[Preview | Headshot, None, None]:
        """Paint one picture (see FaceIDEngine.render); its recipe names the engine, its settings and its weights."""
        return single(self.render_many(Batch([canvas], identity, [direction])))

    def render_many(self, batch: Batch) -> Generator[Preview | Done, None, None]:
        """Paint `batch` (see FaceIDEngine.render_many). Raises WeightsMissing, and EngineUnavailable without memory."""
        with closing(self._on_gpu(batch)) as work:
            for item in work:
                if isinstance(item, UserError):
                    raise item
                yield item

    def _render(self, batch: Batch) -> Generator[Preview | Done | UserError, None, None]:
        """Paint within ZeroGPU's call. A UserError comes as an item: raised in its worker it would lose its words."""
        try:
            yield from self._paint(batch)
        except UserError as fault:
            yield fault

    def _paint(self, batch: Batch) -> Generator[Preview | Done, None, None]:
        if batch.identity is None:
            raise ValueError("this engine needs the identity of the person")
        if self._engine is None:
            steps = batch.directions[0].generate.steps
            yield Preview(None, 0, steps, None, "Loading the models, some minutes the first time")
        with device.enough_memory(), closing(self.load().render_many(batch)) as work:
            for item in work:
                if isinstance(item, Done) and item.result is not None:
                    made = item.result
                    recipe = {**made.recipe, "engine": made.engine, "settings": made.direction.settings()}
                    roles = {*weights.needed(self.name), made.recipe.get("speed")}
                    recipe["weights"] = {k: v for k, v in self._made_of.items() if k.split("/")[0] in roles}
                    notes = (*made.canvas.notes, *made.notes)
                    item = replace(item, result=replace(made, recipe=recipe, notes=notes))
                yield item

    def _plan(self, *, alone: bool = True) -> device.Plan:
        """Return the loaded pipeline's plan, or else the one to load with; `alone` as in device.choose."""
        engine = self._engine
        if engine is not None:
            return engine.parts.plan
        return device.choose(resident_gb=self.family.resident_gb, row_gb=self.family.row_gb, alone=alone)
