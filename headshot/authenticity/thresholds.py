"""The cuts, read from cuts.toml: what is ordinary, what wants a look, what is a change."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from headshot.types import State

Regime = Literal["own pixels", "generator", "another photo"]


@dataclass(frozen=True)
class Cut:
    """One measure in one regime. `reads`: "low" | "high" | "band" (see cuts.toml); `edges` in `unit`."""

    unit: str
    reads: str
    edges: tuple[float, ...]
    source: str

    def state(self, value: float) -> State:
        """Green, amber or red. Signs do not matter where less is better: −9% is as far as +9%."""
        if self.reads == "low":
            green, red = self.edges
            size = abs(value)
            return State.GREEN if size <= green else State.AMBER if size <= red else State.RED
        if self.reads == "high":
            green, red = self.edges
            return State.GREEN if value >= green else State.AMBER if value >= red else State.RED
        low, high, below, above = self.edges
        return State.RED if value < below or value > above else State.GREEN if low <= value <= high else State.AMBER

    def words(self) -> str:
        """The cut as one line for people."""
        unit = self.unit if self.unit in "%°" else f" {self.unit}"
        if self.reads == "low":
            green, red = self.edges
            if math.isinf(red):
                return f"green up to {green:g}{unit}, amber above; never red"
            return f"green up to {green:g}, amber up to {red:g}{unit}, red above"
        if self.reads == "high":
            if self.edges[0] == self.edges[1]:
                return f"green from {self.edges[0]:g}{unit}, red below"
            return f"green from {self.edges[0]:g}, amber from {self.edges[1]:g}{unit}, red below"
        low, high, below, above = self.edges
        ends = [f"{word} {edge:g}" for word, edge in (("below", below), ("above", above)) if math.isfinite(edge)]
        beyond = f"red {' and '.join(ends)}, amber otherwise" if ends else "amber otherwise; never red"
        return f"green from {low:g} to {high:g}{unit}, {beyond}"


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, Any]]:
    with Path(__file__).with_name("thresholds.toml").open("rb") as file:
        return tomllib.load(file)


def cut(measure: str, regime: Regime) -> Cut | None:
    """The cut of a measure in a regime; None where that one draws no verdict. KeyError: no such measure."""
    row = _table()[measure]
    edges = row.get(regime, row.get("any"))
    if edges is None:
        return None
    return Cut(str(row["unit"]), str(row["reads"]), tuple(float(e) for e in edges), str(row["source"]))


def unit(measure: str) -> str:
    """The measure's unit, as cuts.toml has it."""
    return str(_table()[measure]["unit"])
