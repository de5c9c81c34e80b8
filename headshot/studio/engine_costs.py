"""What each engine costs, said before anything is fetched or painted: seconds, memory, terms, money where hosted."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import headshot.engines
from headshot.direction.engine_table import ENGINES, EngineInfo
from headshot.engines import get_engine
from headshot.engines.base import CostedEngine, EngineStatus
from headshot.types import Direction, Generate

# Half of a matrix product's speed, as everywhere here, and a matrix product reaches about 70% of the maker's figure.
_REACHED = 0.35


@dataclass(frozen=True)
class Hosted:
    """A GPU that somebody else runs: list price `dollars` an hour, read at `read` from `source`."""

    name: str
    memory_gb: float
    dollars: float
    tflops: float
    source: str
    read: str


@dataclass(frozen=True)
class EngineCost:
    """One engine. `seconds` on this machine and `hosted` dollars by GPU, each for a "picture" and a "draft" of nothing
    but the face; both are estimates, those of this machine calibrated by its own steps. `memory_gb` with all loaded and
    `offloaded_gb` with parts waiting in main memory; 0 where nothing is loaded. `device`: "" where it cannot run here.
    """

    info: EngineInfo
    status: EngineStatus
    seconds: dict[str, float]
    device: str
    memory_gb: float
    offloaded_gb: float
    hosted: dict[str, dict[str, float]]

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the page, programs and `--json`."""
        info, status = self.info, self.status
        return {
            "name": info.name,
            "title": info.title,
            "kind": info.kind,
            "available": status.available,
            "why_not": status.reason,
            "licence": info.licence,
            "commercial": info.commercial,
            "steered_by": info.steered_by,
            "download_bytes": 0 if status.available else status.bytes,
            "device": self.device,
            "seconds": {what: round(s, 1) for what, s in self.seconds.items()},
            "memory_gb": self.memory_gb,
            "offloaded_gb": self.offloaded_gb,
            "hosted_dollars": {gpu: {k: round(v, 5) for k, v in row.items()} for gpu, row in self.hosted.items()},
        }


def engine_costs(*, measure: bool = True) -> list[EngineCost]:
    """The cost of each engine, in the table's order. `measure`: estimate seconds as well, which loads torch."""
    return [_cost(info, measure) for info in ENGINES.values()]


@cache
def hosted_gpus() -> tuple[Hosted, ...]:
    """The table of hosted GPUs with their prices' source."""
    file = Path(headshot.engines.__file__).with_name("hosted_gpus.toml")
    rows = tomllib.loads(file.read_text(encoding="utf-8"))["gpus"]
    return tuple(Hosted(**{**row, "read": str(row["read"])}) for row in rows)


def _cost(info: EngineInfo, measure: bool) -> EngineCost:
    engine = get_engine(info.name)
    status = engine.status()
    if not isinstance(engine, CostedEngine):
        return EngineCost(info, status, {}, "cpu", 0, 0, {})
    seconds: dict[str, float] = {}
    device = ""
    if measure and not status.needs_gpu:
        for what, mode in (("picture", "full"), ("draft", "draft")):
            wanted = Direction(change=1.0, generate=Generate(**{**info.numbers, "mode": mode}))
            seconds[what], device = engine.estimate(wanted)
    hosted: dict[str, dict[str, float]] = {}
    for gpu in hosted_gpus():
        if engine.offloaded_gb > gpu.memory_gb:
            continue
        hosted[gpu.name] = {}
        for what, mode in (("picture", "full"), ("draft", "draft")):
            wanted = Direction(change=1.0, generate=Generate(**{**info.numbers, "mode": mode}))
            hosted[gpu.name][what] = engine.flop(wanted) / (_REACHED * gpu.tflops * 1e12) / 3600 * gpu.dollars
    return EngineCost(info, status, seconds, device, engine.memory_gb, engine.offloaded_gb, hosted)
