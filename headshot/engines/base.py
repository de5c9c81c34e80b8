"""What an engine is, and the list of them. Nothing heavy is loaded here."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol

from headshot.types import Canvas, Direction, Headshot, Preview


@dataclass(frozen=True)
class EngineStatus:
    """How an engine stands on this machine, in words for the page.

    `bytes`: of the weights that are still missing; `seconds`: estimated for one picture, None where unknown.
    """

    name: str
    title: str
    available: bool
    reason: str = ""
    bytes: int = 0
    licence: str = ""
    seconds: float | None = None


class Engine(Protocol):
    """Paints a headshot over the canvas; yields previews on the way, at last one Headshot for each candidate.

    Closing the generator stops the work within one step.
    """

    name: str

    def status(self) -> EngineStatus:
        """Whether it can run here, and what it needs."""
        ...

    def render(self, canvas: Canvas, direction: Direction) -> Generator[Preview | Headshot, None, None]:
        """See the class."""
        ...
