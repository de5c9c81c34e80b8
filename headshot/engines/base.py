"""What an engine is. Nothing heavy is loaded here."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

from headshot.engines.encode_cache import EncodeCache
from headshot.errors import UserError
from headshot.types import Canvas, Direction, Headshot, Preview

if TYPE_CHECKING:
    from headshot.engines.identity import Identity
    from headshot.engines.references import References

# Who is to be painted: the face embedding, the photos themselves, or nothing for own pixels.
Steered: TypeAlias = "Identity | References | None"


@dataclass(frozen=True)
class EngineStatus:
    """What an engine has and needs on this machine, in words for the page and the command line.

    `missing`: roles of the weights that are not here, or cannot be used (`damaged` says why); `bytes`: of the
    download that brings them, or of all where none is missing; `licence`: of the weights, in one line; `needs_gpu`:
    it is no engine for this machine.
    """

    name: str
    title: str
    available: bool
    reason: str = ""
    hint: str = ""
    missing: tuple[str, ...] = ()
    bytes: int = 0
    licence: str = ""
    damaged: str = ""
    needs_gpu: bool = False


class Engine(Protocol):
    """Paints a headshot over the canvas; yields previews on the way, at last one Headshot for each candidate.

    `needs_identity`: whether `render` wants the face embedding; `most_height` px of a picture that it can
    fill with detail, or None. Closing the generator stops the work within one step.
    """

    name: str
    needs_identity: bool
    most_height: int | None

    def status(self) -> EngineStatus:
        """Tell whether it can run here, and what it needs. Quick: loads nothing."""
        ...

    def render(
        self, canvas: Canvas, identity: Steered, direction: Direction
    ) -> Generator[Preview | Headshot, None, None]:
        """Paint `direction` over `canvas`; `identity` is what the engine's row in the table asks for."""
        ...


@dataclass(frozen=True, eq=False)
class Done:
    """One of several pictures: `number` from 0 in the order asked for; its `result`, or what prevented it."""

    number: int
    result: Headshot | None
    fault: UserError | None = None


@dataclass(frozen=True, eq=False)
class Batch:
    """Several directions of one person to paint together. `cache`: what its groups have in common, encoded once."""

    canvases: Sequence[Canvas]
    identity: Steered
    directions: Sequence[Direction]
    cache: EncodeCache = field(default_factory=EncodeCache)


def single(work: Generator[Preview | Done, None, None]) -> Generator[Preview | Headshot, None, None]:
    """Yield the previews and pictures of a batch of one direction; raises its fault."""
    with closing(work):
        for item in work:
            if isinstance(item, Preview):
                yield item
            elif item.result is not None:
                yield item.result
            elif item.fault is not None:
                raise item.fault


@runtime_checkable
class PaintingEngine(Engine, Protocol):
    """An engine that loads a model: its loading can be done beforehand, and its time can be estimated."""

    def load(self) -> object:
        """Load the model, minutes the first time. Raises WeightsMissing, EngineUnavailable."""
        ...

    def estimate(self, direction: Direction) -> tuple[float, str]:
        """Estimate the seconds that a picture takes on this machine, and name what it runs on."""
        ...


@runtime_checkable
class CostedEngine(PaintingEngine, Protocol):
    """An engine that says beforehand what it costs. `memory_gb` with all on the GPU, `offloaded_gb` with parts in main
    memory.
    """

    memory_gb: float
    offloaded_gb: float

    def flop(self, direction: Direction) -> float:
        """Count the operations of a picture. Loads nothing."""
        ...


@runtime_checkable
class BatchEngine(Engine, Protocol):
    """An engine that paints several directions of one person together; each picture equals its own `render`."""

    def batches(self, directions: Sequence[Direction]) -> list[list[int]]:
        """Group the numbers of `directions` that can be painted together, as many as memory allows. Loads nothing."""
        ...

    def render_many(self, batch: Batch) -> Generator[Preview | Done, None, None]:
        """Paint all of `batch`: previews on the way, then a Done for each picture."""
        ...
