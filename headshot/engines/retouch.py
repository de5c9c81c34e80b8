"""The embedded default: the canvas itself, finished. Own pixels only, no download, no GPU, always there."""

from __future__ import annotations

import time
from collections.abc import Generator

from headshot.engines.base import EngineStatus
from headshot.engines.finish import finish
from headshot.types import Canvas, Direction, Headshot, Preview


class RetouchEngine:
    """Own pixels: framed, lit, on the backdrop, lightly finished. The face's geometry is never touched."""

    name = "retouch"

    def status(self) -> EngineStatus:
        """Always available."""
        return EngineStatus(
            self.name, "Your own pixels (retouch)", True, licence="your photo, no AI model paints", seconds=1.0
        )

    def render(self, canvas: Canvas, direction: Direction) -> Generator[Preview | Headshot, None, None]:
        """One Headshot, at once."""
        began = time.perf_counter()
        picture = finish(canvas, direction.retouch)
        yield Headshot(
            picture=picture, canvas=canvas, direction=direction, engine=self.name, kept=1.0,
            recipe={"engine": self.name, "settings": direction.settings()}, notes=canvas.notes,
            seconds=time.perf_counter() - began,
        )  # fmt: skip
