"""A FaceID family as an engine of this house: its weights looked up, loaded at first use, lent a GPU on ZeroGPU."""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from headshot import weights
from headshot.engines import device
from headshot.engines.base import Done, EngineStatus
from headshot.engines.fingerprints import fingerprints
from headshot.engines.request import grouped
from headshot.engines.shared import Shared
from headshot.engines.spec import SPECS, EngineSpec
from headshot.errors import WeightsMissing
from headshot.types import Canvas, Direction, Headshot, Preview

if TYPE_CHECKING:
    from headshot.engines.faceid import FaceIDEngine
    from headshot.identity import Identity


class FaceIDGenerator:
    """`name` is one of spec.SPECS. One loaded engine serves all requests; it keeps nothing of any."""

    needs_identity = True

    def __init__(self, name: str) -> None:
        self.name = name
        self.spec: EngineSpec = SPECS[name]
        self.most_height: int | None = round(2.5 * self.spec.native)
        self._loading = threading.Lock()
        self._engine: FaceIDEngine | None = None
        self._lent = device.lent_gpu(self._render, self._duration)

    def status(self) -> EngineStatus:
        """What of its weights is here, how large the rest is, and its licence."""
        here = {s.role: s for s in weights.status()}
        roles = weights.needed(self.name)
        missing = tuple(r for r in roles if not here[r].present)
        licence = "for non-commercial research only (IP-Adapter FaceID, InsightFace)"
        if not missing:
            size = weights.total_bytes(roles)
            return EngineStatus(self.name, self.spec.title, True, bytes=size, licence=licence)
        size = weights.total_bytes(missing)
        damaged = "; ".join(here[r].note for r in missing if here[r].note)
        what = f"{weights.size(size)} of weights are not on this machine"
        if damaged:
            what = f"{weights.size(size)} of weights are missing or cannot be used ({damaged})"
        return EngineStatus(
            self.name, self.spec.title, False,
            reason=f"{self.spec.title}: {what}, licence: {licence}.",
            hint=f"To fetch them, type: python -m headshot weights --download {self.name}",
            missing=missing, bytes=size, licence=licence, damaged=damaged,
        )  # fmt: skip

    def load(self) -> FaceIDEngine:
        """The loaded engine; minutes the first time. Raises WeightsMissing, EngineUnavailable."""
        with self._loading:
            if self._engine is None:
                status = self.status()
                if not status.available:
                    raise WeightsMissing(status.reason, status.hint)
                from headshot.engines.faceid import FaceIDEngine
                from headshot.engines.footprint import check_room
                from headshot.engines.parts import load_parts

                with device.enough_memory():
                    check_room(self.spec, weights.locate, self._plan())
                    self._engine = FaceIDEngine(self.spec, load_parts(self.spec, weights.locate))
            return self._engine

    def estimate(self, direction: Direction) -> tuple[float, str]:
        """About how many seconds a picture takes here, and on what ("cuda", "mps", "cpu"). Loads torch alone."""
        spec, g = self.spec, direction.generate
        plan = self._plan()
        here = {s.role for s in weights.status() if s.present}
        quick = next((s for s in spec.speeds(g.mode) if s.role in here), None)
        most = {"draft": spec.draft_steps, "fast": spec.fast_steps}.get(g.mode, g.steps)
        steps, guided = (quick.steps, quick.guidance[1] > 1) if quick else (min(g.steps, most), g.guidance > 1)
        share = g.guidance_end if guided else 0.0
        decode = spec.taesd_flop if g.mode == "draft" and spec.taesd in here else spec.vae_flop
        flop = g.candidates * (steps * (1 + share) * spec.unet_flop + decode)
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
            yield from work

    def _render(
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
                    recipe = {**made.recipe, "engine": self.name, "settings": made.direction.settings()}
                    recipe["weights"] = self._made_of(made.recipe.get("speed"))
                    notes = (*made.canvas.notes, *made.notes)
                    item = replace(item, result=replace(made, recipe=recipe, notes=notes))
                yield item

    def _made_of(self, speed: str | None) -> dict[str, str]:
        """The hashes of what a picture was made with; `speed`: the role of the LoRA that saved steps, if any."""
        roles = (*weights.needed(self.name), *((speed,) if speed else ()))
        return fingerprints(roles)

    def _duration(
        self,
        canvases: Sequence[Canvas],
        identity: Identity | None,
        directions: Sequence[Direction],
        shared: Shared | None,
    ) -> int:
        return self.load().lease(canvases, directions)

    def _plan(self) -> device.Plan:
        return device.choose(resident_gb=self.spec.resident_gb, row_gb=self.spec.row_gb)
