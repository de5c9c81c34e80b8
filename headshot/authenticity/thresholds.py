"""The table of measures, read from thresholds.toml: titles and units, what decides, where green ends and red begins."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, get_args

from headshot.language import tr
from headshot.types import State

Kind = Literal["own pixels", "relit", "generator", "same frame", "another photo"]


@dataclass(frozen=True)
class Threshold:
    """Where one measure's green ends and its red begins. `reads`: "low" | "high" | "band"; `edges` in `unit`."""

    unit: str
    reads: str
    edges: tuple[float, ...]
    source: str

    def state(self, value: float) -> State:
        """Judge a value: green, amber or red. Where less is better signs do not matter: −9% is as far as +9%."""
        if self.reads == "low":
            green, red = self.edges
            size = abs(value)
            return State.GREEN if size <= green else State.AMBER if size <= red else State.RED
        if self.reads == "high":
            green, red = self.edges
            return State.GREEN if value >= green else State.AMBER if value >= red else State.RED
        low, high, below, above = self.edges
        return State.RED if value < below or value > above else State.GREEN if low <= value <= high else State.AMBER

    def widened(self, times: float) -> Threshold:
        """Give the threshold of a face that is smaller by `times`: what a generator leaves undecided is some px wide,
        whatever the size of the face.
        """
        if self.reads == "band":
            inner = tuple(1.0 + (edge - 1.0) * times for edge in self.edges[:2])
            return replace(self, edges=(*inner, *self.edges[2:]))
        return replace(self, edges=tuple(edge * times for edge in self.edges))

    def words(self) -> str:
        """Say the threshold in one line for people."""
        unit = self.unit if self.unit in "%°" else f" {tr(self.unit)}"
        if self.reads == "low":
            green, red = self.edges
            if math.isinf(red):
                return tr("green up to {green:g}{unit}, amber above; never red", green=green, unit=unit)
            return tr("green up to {green:g}, amber up to {red:g}{unit}, red above", green=green, red=red, unit=unit)
        if self.reads == "high":
            if self.edges[0] == self.edges[1]:
                return tr("green from {green:g}{unit}, red below", green=self.edges[0], unit=unit)
            green, red = self.edges
            return tr("green from {green:g}, amber from {red:g}{unit}, red below", green=green, red=red, unit=unit)
        low, high, below, above = self.edges
        values = {"low": low, "high": high, "unit": unit, "below": below, "above": above}
        if math.isfinite(below) and math.isfinite(above):
            ends = "green from {low:g} to {high:g}{unit}, red below {below:g} and above {above:g}, amber otherwise"
        elif math.isfinite(below):
            ends = "green from {low:g} to {high:g}{unit}, red below {below:g}, amber otherwise"
        elif math.isfinite(above):
            ends = "green from {low:g} to {high:g}{unit}, red above {above:g}, amber otherwise"
        else:
            ends = "green from {low:g} to {high:g}{unit}, amber otherwise; never red"
        return tr(ends, **values)


@dataclass(frozen=True)
class Measure:
    """A row of thresholds.toml, whose head says what each column means."""

    id: str
    title: str
    unit: str
    decides: frozenset[str]
    locks: frozenset[str]
    thresholds: Mapping[str, Threshold]
    part: str = ""
    good: str = ""
    colour: bool = False
    hidden_with: frozenset[str] = frozenset()
    region: str = ""
    fine: bool = False

    def threshold(self, kind: Kind) -> Threshold | None:
        """Give the threshold for a kind of pair; None where the measure draws no verdict there."""
        return self.thresholds.get(kind, self.thresholds.get("any"))


@lru_cache(maxsize=1)
def measures() -> Mapping[str, Measure]:
    """Read the table, once; by id."""
    with Path(__file__).with_name("thresholds.toml").open("rb") as file:
        table = tomllib.load(file)
    found = {}
    for name, row in table.items():
        limits = {
            kind: Threshold(row["unit"], row["reads"], tuple(float(e) for e in row[kind]), row["source"])
            for kind in (*get_args(Kind), "any")
            if kind in row
        }
        decides, locks = frozenset(row.get("decides", ())), frozenset(row.get("locks", ()))
        found[name] = Measure(
            name,
            row.get("title", ""),
            row["unit"],
            decides,
            locks,
            MappingProxyType(limits),
            row.get("part", ""),
            row.get("good", ""),
            row.get("colour", False),
            frozenset(row.get("hidden_with", ())),
            row.get("region", ""),
            row.get("fine", False),
        )
    return MappingProxyType(found)


def threshold(measure: str, kind: Kind) -> Threshold:
    """Give the threshold of a measure that has one for this kind of pair. KeyError for another measure or kind."""
    found = measures()[measure].threshold(kind)
    if found is None:
        raise KeyError(f"{measure} has no threshold for {kind}")
    return found


def deciding(kind: Kind) -> frozenset[str]:
    """List the ids of the measures that may decide the verdict on such a pair."""
    pair = kind if kind in ("another photo", "same frame") else "same photo"
    return frozenset(m.id for m in measures().values() if pair in m.decides)


def of_colour() -> frozenset[str]:
    """List the ids of the measures that look at colours alone."""
    return frozenset(m.id for m in measures().values() if m.colour)


def measures_of_lock(lock: str) -> tuple[str, ...]:
    """List the ids of the measures that see the loss of a lock's thing, by the name in direction/locks.py."""
    return tuple(m.id for m in measures().values() if lock in m.locks)


# What no measure looks at, in any kind of pair but where `changed_here` could.
UNSEEN = ("ears", "neck", "shoulders and clothes", "make-up")
# Parts that have one name where all of them were asked, or none.
_FEATURES = ("eyes", "nose", "mouth", "jaw", "face shape")
_SKIN, _HAIR = ("skin colour", "skin texture"), ("hair colour", "hair outline")


def parts(asked: Collection[str], places: Collection[str] = ()) -> tuple[list[str], list[str]]:
    """List what the measures `asked` (ids) look at, with `places` of theirs, and what of a person nothing looked at."""
    every = dict.fromkeys(m.part for m in measures().values() if m.part)
    seen = {m.part for m in measures().values() if m.id in asked}
    seen |= {"hair outline" if place == "hair" else place for place in places}
    names = [*every, *UNSEEN]
    return _named([p for p in names if p in seen]), _named([p for p in names if p not in seen])


def _named(chosen: Sequence[str]) -> list[str]:
    """Name the parts, some as one where all of them are there."""
    name = {part: tr(part) for part in chosen}
    for together, members in ((tr("features"), _FEATURES), (tr("skin"), _SKIN), (tr("hair"), _HAIR)):
        if name.keys() >= set(members):
            name |= dict.fromkeys(members, together)
    return list(dict.fromkeys(name.values()))
