"""What an engine is. Nothing heavy is loaded here."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from headshot.types import Canvas, Direction, Headshot, Preview

if TYPE_CHECKING:
    from headshot.identity import Identity


@dataclass(frozen=True)
class EngineStatus:
    """How an engine stands on this machine, in words for the page and the command line.

    `missing`: roles of the weights that are not here; `bytes`: of these; `licence`: of the weights, in one line.
    """

    name: str
    title: str
    available: bool
    reason: str = ""
    hint: str = ""
    missing: tuple[str, ...] = ()
    bytes: int = 0
    licence: str = ""


class Engine(Protocol):
    """Paints a headshot over the canvas; yields previews on the way, at last one Headshot for each candidate.

    `needs_identity`: whether `render` wants the face embedding; `most_height` px of a picture that it can
    fill with detail, or None. Closing the generator stops the work within one step.
    """

    name: str
    needs_identity: bool
    most_height: int | None

    def status(self) -> EngineStatus:
        """Whether it can run here, and what it needs. Quick: loads nothing."""
        ...

    def render(
        self, canvas: Canvas, identity: Identity | None, direction: Direction
    ) -> Generator[Preview | Headshot, None, None]:
        """See the class."""
        ...
