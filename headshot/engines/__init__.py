"""What turns a canvas into a picture: own pixels, or a family of generators in its folder. Each loads at first use."""

from __future__ import annotations

from pkgutil import resolve_name

from headshot.direction.engine_table import GENERATORS, engine_info
from headshot.engines.base import Engine, EngineStatus, PaintingEngine

__all__ = ["Engine", "EngineStatus", "PaintingEngine", "get_engine", "load_best"]

_made: dict[str, Engine] = {}


def get_engine(name: str) -> Engine:
    """Return the engine of that name, the same one each time. Raises DirectionError for one that there is not."""
    info = engine_info(name)
    if name not in _made:
        _made[name] = resolve_name(info.factory)(name)
    return _made[name]


def load_best() -> None:
    """Load the best generator whose weights are here: ZeroGPU's workers have only what was loaded before.

    One alone: all that is loaded goes over to each new worker, 8 to 21 GB of FaceID's families, 16 of klein.
    """
    for engine in map(get_engine, reversed(GENERATORS)):
        if isinstance(engine, PaintingEngine) and engine.status().available:
            engine.load()
            return
