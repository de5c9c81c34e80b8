"""The engines, each loaded only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from headshot.engines.base import Engine, EngineStatus
from headshot.errors import DirectionError

__all__ = ["DEFAULT", "ENGINES", "Engine", "EngineStatus", "get_engine"]

DEFAULT = "retouch"


def _retouch() -> Engine:
    from headshot.engines.retouch import RetouchEngine

    return RetouchEngine()


def _faceid(name: str) -> Callable[[], Engine]:
    def make() -> Engine:
        from headshot.engines.faceid import FaceIDGenerator

        return FaceIDGenerator(name)

    return make


ENGINES: dict[str, Callable[[], Engine]] = {
    "retouch": _retouch,
    **{name: _faceid(name) for name in ("faceid-sd15", "faceid-sdxl")},
}


@cache
def get_engine(name: str) -> Engine:
    """The engine of that name. Raises DirectionError for one that there is not."""
    if name not in ENGINES:
        raise DirectionError(f"There is no engine “{name[:40]}”.", f"There are: {', '.join(ENGINES)}.")
    return ENGINES[name]()
