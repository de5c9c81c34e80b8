"""klein as an engine: whether it can run here, loading, and ZeroGPU's call where there is one."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from headshot.engines.base import Batch, Done, EngineStatus, Steered, single
from headshot.engines.diffusion import device, rates
from headshot.engines.diffusion.families import most_height
from headshot.engines.diffusion.gpu import gpu_likely
from headshot.engines.diffusion.lease import asked_seconds, leased, loading
from headshot.engines.diffusion.loaded import LOADING, register, unload_others
from headshot.engines.diffusion.request import Task, grouped
from headshot.engines.diffusion.weight_hashes import weight_hashes
from headshot.engines.diffusion.zero_gpu import on_zero_gpu
from headshot.engines.klein.spec import KLEIN
from headshot.engines.references import References
from headshot.engines.weight_status import weight_status
from headshot.errors import WeightsMissing
from headshot.language import tr
from headshot.types import Canvas, Direction, Headshot, Preview
from headshot.weights import store as weights

if TYPE_CHECKING:
    from headshot.engines.klein.painter import KleinPainter

_LARGE = 1_000_000_000  # bytes of weights; smaller ones (a test's) run on a processor as well


class KleinGenerator:
    """Paints with FLUX.2 klein 4B. One loaded model serves all requests and keeps nothing of them."""

    needs_identity = False

    def __init__(self, name: str) -> None:
        self.name, self.spec = name, KLEIN
        self.most_height: int | None = most_height(self.spec.native, self.spec.multiple)
        self.memory_gb = self.spec.resident_gb
        self.offloaded_gb = self.spec.offloaded_gb
        self._painter: KleinPainter | None = None
        self._made_of: dict[str, str] = {}
        register(self)
        self._leased = leased(lambda task: self.load().paint(task), self._lease_seconds)

    def status(self) -> EngineStatus:
        """Tell what is here and what is missing; without a GPU that it is no engine for this machine."""
        status = weight_status(self.name)
        if weights.total_bytes(weights.needed(self.name)) < _LARGE or gpu_likely():
            return status
        reason = tr(
            "{title} needs a GPU with 12 GB: on a processor one picture would take from 15 minutes to an hour.",
            title=status.title,
        )
        return replace(status, available=False, reason=reason, hint=tr("Choose another engine here"), needs_gpu=True)

    def load(self) -> KleinPainter:
        """Return the loaded model; minutes the first time. Raises WeightsMissing, EngineUnavailable."""
        with LOADING:
            if self._painter is None:
                status = self.status()
                if not status.available:
                    raise WeightsMissing(status.reason, status.hint)
                from headshot.engines.klein.models import load_models
                from headshot.engines.klein.painter import KleinPainter

                if (plan := self._plan()).offload or on_zero_gpu():
                    unload_others(self)
                    plan = self._plan()
                with device.enough_memory():
                    painter = KleinPainter(self.spec, load_models(self.spec, weights.locate, plan))
                self._made_of = weight_hashes(weights.needed(self.name))
                self._painter = painter
            return self._painter

    def estimate(self, direction: Direction) -> tuple[float, str]:
        """Estimate the seconds that a picture takes, and name the device: "cuda", "mps" or "cpu". Loads torch alone."""
        plan = self._plan()
        return rates.seconds(self.flop(direction), plan.device, plan.dtype, self.name), plan.device

    def batches(self, directions: Sequence[Direction]) -> list[list[int]]:
        """Group those of one mode, number of steps, place on the ladder and shape. Loads torch alone."""

        def asked(d: Direction) -> tuple[object, int]:
            g = d.generate
            return (g.mode, g.steps, d.change, d.crop.aspect), g.candidates

        return grouped(map(asked, directions), self._plan().rows)

    def render(
        self, canvas: Canvas, identity: Steered, direction: Direction
    ) -> Generator[Preview | Headshot, None, None]:
        """Paint one picture (see KleinPainter.render_many); `identity` is the person's References."""
        return single(self.render_many(Batch([canvas], identity, [direction])))

    def render_many(self, batch: Batch) -> Generator[Preview | Done, None, None]:
        """Paint `batch` (see KleinPainter.render_many). Raises WeightsMissing, and EngineUnavailable without memory."""
        if self._painter is None:
            yield loading(batch.directions[0].generate.steps)
        with device.enough_memory(), closing(self.load().render_many(batch, paint=self._leased)) as work:
            for item in work:
                yield self._signed(item) if isinstance(item, Done) else item

    def _signed(self, done: Done) -> Done:
        """Add to a picture's recipe the engine, its settings and its weights' hashes."""
        made = done.result
        if made is None:
            return done
        recipe: dict[str, Any] = {**made.recipe, "engine": made.engine, "settings": made.direction.settings()}
        recipe["weights"] = self._made_of
        return replace(done, result=replace(made, recipe=recipe, notes=(*made.canvas.notes, *made.notes)))

    def _lease_seconds(self, task: Task) -> int:
        """Estimate the seconds to ask ZeroGPU for."""
        photos = len(task.identity.pictures) if isinstance(task.identity, References) else 0
        return asked_seconds(self.load().seconds(task.requests, photos), measured=rates.measured(self.name))

    def unload(self) -> None:
        """Forget the loaded model."""
        self._painter = None

    def flop(self, direction: Direction) -> float:
        """Count the operations of a picture of one photo."""
        from headshot.engines.klein.painter import flop, run

        g, spec = direction.generate, self.spec
        side = spec.draft if g.mode == "draft" else spec.native
        return flop(spec, g, (side, side), run(spec, g).steps, 1)

    def _plan(self) -> device.Plan:
        if self._painter is not None:
            return self._painter.models.plan
        return device.choose(resident_gb=self.spec.resident_gb, row_gb=self.spec.row_gb)
