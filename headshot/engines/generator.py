"""A FaceID family as an engine of this house: its weights looked up, loaded at first use, lent a GPU on ZeroGPU."""

from __future__ import annotations

import threading
from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING

from headshot import weights
from headshot.engines import device
from headshot.engines.base import EngineStatus
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
            return EngineStatus(self.name, self.spec.title, True, licence=licence)
        size = weights.total_bytes(missing)
        return EngineStatus(
            self.name, self.spec.title, False,
            reason=f"{self.spec.title}: {weights.size(size)} of weights are not on this machine, licence: {licence}.",
            hint=f"To fetch them, type: python -m headshot weights --download {self.name}",
            missing=missing, bytes=size, licence=licence,
        )  # fmt: skip

    def load(self) -> FaceIDEngine:
        """The loaded engine; minutes the first time. Raises WeightsMissing."""
        with self._loading:
            if self._engine is None:
                status = self.status()
                if not status.available:
                    raise WeightsMissing(status.reason, status.hint)
                from headshot.engines.faceid import FaceIDEngine
                from headshot.engines.parts import load_parts

                self._engine = FaceIDEngine(self.spec, load_parts(self.spec, weights.locate))
            return self._engine

    def estimate(self, direction: Direction) -> tuple[float, str]:
        """About how many seconds a picture takes here, and on what ("cuda", "mps", "cpu"). Loads torch alone."""
        spec, g = self.spec, direction.generate
        plan = device.choose(resident_gb=spec.resident_gb, row_gb=spec.row_gb)
        here = {s.role for s in weights.status() if s.present}
        quick = next((s for s in spec.speeds(g.mode) if s.role in here), None)
        most = {"draft": spec.draft_steps, "fast": spec.fast_steps}.get(g.mode, g.steps)
        steps, guided = (quick.steps, quick.guidance[1] > 1) if quick else (min(g.steps, most), g.guidance > 1)
        share = g.guidance_end if guided else 0.0
        flop = g.candidates * (steps * (1 + share) * spec.unet_flop + spec.vae_flop)
        return device.seconds(1.25 * flop, plan.device, plan.dtype), plan.device

    def render(
        self, canvas: Canvas, identity: Identity | None, direction: Direction
    ) -> Generator[Preview | Headshot, None, None]:
        """See FaceIDEngine.render; the recipe names the engine and its settings."""
        yield from self._lent(canvas, identity, direction)

    def _render(
        self, canvas: Canvas, identity: Identity | None, direction: Direction
    ) -> Generator[Preview | Headshot, None, None]:
        if identity is None:
            raise ValueError("this engine needs the identity of the person")
        if self._engine is None:
            yield Preview(None, 0, direction.generate.steps, None, "Loading the models, some minutes the first time")
        for item in self.load().render(canvas, identity, direction):
            if isinstance(item, Headshot):
                recipe = {**item.recipe, "engine": self.name, "settings": direction.settings()}
                item = replace(item, recipe=recipe, notes=(*canvas.notes, *item.notes))
            yield item

    def _duration(self, canvas: Canvas, identity: Identity | None, direction: Direction) -> int:
        assert identity is not None
        return self.load().lease(canvas, identity, direction)
