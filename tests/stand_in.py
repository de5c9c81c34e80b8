"""Engines without weights for the tests: a plain colour for each seed, at once."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import pytest

from headshot import engines
from headshot.engines.base import EngineStatus
from headshot.errors import UserError
from headshot.types import Canvas, Direction, Headshot, Preview


class PlainEngine:
    """Paints all of the picture in (40 · seed, 100, 200); seed 3 is refused; counts the pictures and the closings."""

    name = "plain"
    needs_identity = False
    most_height: int | None = None

    def __init__(self) -> None:
        self.made: list[Direction] = []

    def status(self) -> EngineStatus:
        return EngineStatus(self.name, "Plain", True)

    def render(self, canvas: Canvas, identity: Any, direction: Direction) -> Generator[Preview | Headshot, None, None]:
        yield Preview(None, 1, 2)
        if direction.seed == 3:
            raise UserError("Three is refused.", "Take another number.")
        picture = np.empty_like(canvas.picture)
        picture[:] = (40 * direction.seed % 256, 100, 200)
        self.made.append(direction)
        yield Headshot(picture, canvas, direction, self.name, 0.0, {"engine": self.name})


def install(monkeypatch: pytest.MonkeyPatch) -> PlainEngine:
    """A PlainEngine that `get_engine("plain")` gives during the test."""
    engine = PlainEngine()
    real = engines.get_engine
    names = {**engines.ENGINES, "plain": lambda: engine}
    monkeypatch.setattr(engines, "ENGINES", names)

    def get_engine(name: str) -> Any:
        return engine if name == "plain" else real(name)

    for module in (
        "headshot.engines",
        "headshot.studio.sheet.sheet",
        "headshot.studio.batch",
        "headshot.studio.sheet.axis",
        "headshot.studio.session",
    ):
        monkeypatch.setattr(f"{module}.get_engine", get_engine)
    monkeypatch.setattr("headshot.studio.sheet.axis.ENGINES", names)
    return engine
