"""The embedded default: the canvas itself, finished. Own pixels only, no download, no GPU, always there."""

from __future__ import annotations

import time
from collections.abc import Generator

from headshot.canvas.retouching.heal import unhealed_share
from headshot.direction.engine_table import OWN_PIXELS, engine_info
from headshot.engines.base import EngineStatus, Steered
from headshot.engines.finish import finish
from headshot.types import Canvas, Direction, Headshot, Preview


class RetouchEngine:
    """Own pixels: framed, lit, on the backdrop, lightly finished. Only the crop's camera moves the face."""

    needs_identity = False
    most_height: int | None = None

    def __init__(self, name: str = OWN_PIXELS) -> None:
        self.name = name

    def status(self) -> EngineStatus:
        """Tell that it is always available."""
        info = engine_info(self.name)
        return EngineStatus(self.name, info.title, True, licence=info.licence)

    def render(
        self, canvas: Canvas, identity: Steered, direction: Direction
    ) -> Generator[Preview | Headshot, None, None]:
        """Finish the canvas: one Headshot, at once. The identity is not used."""
        began = time.perf_counter()
        picture = finish(canvas, direction.retouch)
        yield Headshot(
            picture=picture,
            canvas=canvas,
            direction=direction,
            engine=self.name,
            kept=unhealed_share(canvas, direction.retouch.heal),
            recipe={"engine": self.name, "settings": direction.settings()},
            notes=canvas.notes,
            seconds=time.perf_counter() - began,
        )
