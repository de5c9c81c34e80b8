"""A FaceID family as an engine: finds and loads its weights, and asks ZeroGPU for a GPU where there is one."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from headshot.engines.base import Batch, Done, EngineStatus, Steered, single
from headshot.engines.diffusion import device, rates
from headshot.engines.diffusion.families import FAMILIES, Family, most_height
from headshot.engines.diffusion.finished_pictures import Painted
from headshot.engines.diffusion.finite import IN_FLOAT32, NotFinite
from headshot.engines.diffusion.lease import asked_seconds, leased, loading
from headshot.engines.diffusion.loaded import LOADING, register, unload_others
from headshot.engines.diffusion.request import ABSENT, Run, Task, grouped
from headshot.engines.diffusion.second_pass import second_flop, second_size
from headshot.engines.diffusion.weight_hashes import weight_hashes
from headshot.engines.diffusion.zero_gpu import on_zero_gpu
from headshot.engines.encode_cache import EncodeCache
from headshot.engines.weight_status import weight_status
from headshot.errors import EngineUnavailable, WeightsMissing
from headshot.types import Canvas, Direction, Headshot, Preview
from headshot.weights import store as weights

if TYPE_CHECKING:
    from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
    from headshot.engines.diffusion.pipeline_parts import Parts


class FaceIDGenerator:
    """Paints with the family `name` of families.FAMILIES. One loaded pipeline serves all requests and keeps nothing.

    Where memory does not hold two families, the loaded one is unloaded for the other.
    """

    needs_identity = True

    def __init__(self, name: str) -> None:
        self.name = name
        self.family: Family = FAMILIES[name]
        self.most_height: int | None = most_height(self.family.over_canvas, self.family.multiple)
        self.memory_gb = self.family.resident_gb
        self.offloaded_gb = round(device.STAYS * self.memory_gb + 2 * self.family.row_gb, 1)
        self._engine: FaceIDEngine | None = None
        self._made_of: dict[str, str] = {}
        self._in_float32 = False  # since half precision ran over here
        register(self)
        self._leased = leased(self._paint, self._lease_seconds)

    def status(self) -> EngineStatus:
        """Tell what of its weights is here, how large the rest is, and its licence."""
        return weight_status(self.name)

    def load(self) -> FaceIDEngine:
        """Return the loaded pipeline; minutes the first time. Raises WeightsMissing, EngineUnavailable."""
        with LOADING:
            if self._engine is None:
                status = self.status()
                if not status.available:
                    raise WeightsMissing(status.reason, status.hint)
                from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine

                with device.enough_memory():
                    engine = FaceIDEngine(self.family, self._parts())
                # Of all that may go into a picture, here and not in a ZeroGPU call, whose seconds are counted.
                self._made_of = weight_hashes((*weights.needed(self.name), *engine.parts.speed_loras))
                if on_zero_gpu():
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
            tight = plan.offload or on_zero_gpu()  # where all that is loaded goes over to each new worker
        except EngineUnavailable:
            tight = True
        if tight:
            unload_others(self)
            plan = self._plan(alone=False)
            check_room(self.family, weights.locate, plan)
        try:
            return load_parts(self.family, weights.locate, plan)
        except (RuntimeError, MemoryError) as error:
            if plan.device != "cuda" or not device.is_out_of_memory(error):
                raise
        # Not in the handler: the error's traceback holds what had been loaded.
        unload_others(self)
        parts = load_parts(self.family, weights.locate, replace(plan, offload=True, rows=1))
        return replace(parts, notes=(*parts.notes, device.OFFLOADED))

    def unload(self) -> None:
        """Forget the loaded pipeline."""
        self._engine = None

    def estimate(self, direction: Direction) -> tuple[float, str]:
        """Estimate the seconds that a picture takes, and name the device: "cuda", "mps" or "cpu". Loads torch alone."""
        plan = self._plan()
        return rates.seconds(self.flop(direction), plan.device, plan.dtype, self.name), plan.device

    def flop(self, direction: Direction) -> float:
        """Count the operations of a picture with the LoRAs that are here, a quarter added for all but UNet and VAE."""
        family, g = self.family, direction.generate
        here = {s.role for s in weights.status() if s.present}
        run = Run.of(family, g, lambda role: "" if role in here else ABSENT)
        flop = run.flop(family, g, run.steps, draft_decoder=g.mode == "draft" and family.taesd in here)
        first = family.side(g.mode, canvas=direction.change < 1)
        flop *= (first / family.native) ** 2
        side = family.over_canvas
        if direction.change >= 1 and second_size(family, g, (side, side)):
            noise = [1 - n / run.steps for n in range(run.steps)]  # as even steps have it: near enough to say seconds
            flop += second_flop(family, run, g, (side, side), noise)
        return 1.25 * flop

    def batches(self, directions: Sequence[Direction]) -> list[list[int]]:
        """Group those with the same mode, steps, scheduler and shape. Loads torch alone."""
        rows = self._plan().rows

        def asked(d: Direction) -> tuple[object, int]:
            g = d.generate
            steps = (g.steps, g.scheduler) if g.mode == "full" else ()
            return (g.mode, steps, d.crop.aspect), g.candidates * (2 if g.guidance > 1 else 1)

        return grouped(map(asked, directions), rows)

    def render(
        self, canvas: Canvas, identity: Steered, direction: Direction
    ) -> Generator[Preview | Headshot, None, None]:
        """Paint one picture (see FaceIDEngine.render); its recipe names the engine, its settings and its weights."""
        return single(self.render_many(Batch([canvas], identity, [direction])))

    def render_many(self, batch: Batch) -> Generator[Preview | Done, None, None]:
        """Paint `batch` (see FaceIDEngine.render_many). Raises WeightsMissing, and EngineUnavailable without memory."""
        if self._engine is None:
            yield loading(batch.directions[0].generate.steps)
        with device.enough_memory(), closing(self.load().render_many(batch, paint=self._leased)) as work:
            for item in work:
                yield self._signed(item) if isinstance(item, Done) else item

    def _lease_seconds(self, task: Task) -> int:
        """Estimate the seconds to ask ZeroGPU for."""
        return asked_seconds(sum(map(self.load().seconds, task.requests)), measured=rates.measured(self.name))

    def _paint(self, task: Task) -> Generator[Preview | Painted, None, None]:
        """Paint `task`; what ran over in half precision once more in float32, as all later pictures."""
        if task.identity is None:
            raise ValueError("this engine needs the identity of the person")
        done: set[int] = set()
        try:
            with device.enough_memory():
                for item in self.load().paint(task):
                    if isinstance(item, Painted):
                        done.add(item.number)
                    yield item
            return
        except NotFinite:
            if self._in_float32 or self._plan().dtype == "float32" or on_zero_gpu():
                raise
        self._in_float32, self._engine = True, None
        device.free_memory()
        left = [r for r in task.requests if r.number not in done]
        with device.enough_memory():  # with a cache of its own: what is in the other was encoded in half precision
            yield from self.load().paint(Task(left, task.identity, EncodeCache()))

    def _signed(self, done: Done) -> Done:
        """Add to a picture's recipe the engine, its settings and its weights' hashes."""
        if (made := done.result) is None:
            return done
        recipe = {**made.recipe, "engine": made.engine, "settings": made.direction.settings()}
        roles = {*weights.needed(self.name), made.recipe.get("speed")}
        recipe["weights"] = {k: v for k, v in self._made_of.items() if k.split("/")[0] in roles}
        notes = (*made.canvas.notes, *made.notes, *([IN_FLOAT32] if self._in_float32 else []))
        return replace(done, result=replace(made, recipe=recipe, notes=notes))

    def _plan(self, *, alone: bool = True) -> device.Plan:
        """Return the loaded pipeline's plan, or else the one to load with; `alone` as in device.choose."""
        engine = self._engine
        if engine is not None:
            return engine.parts.plan
        size = 2 if self._in_float32 else 1
        resident, row = size * self.family.resident_gb, size * self.family.row_gb
        plan = device.choose(resident_gb=resident, row_gb=row, alone=alone)
        return replace(plan, dtype="float32") if self._in_float32 else plan
