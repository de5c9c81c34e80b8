"""One side of a contact sheet: a setting and the values that it takes along the sheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from headshot.direction.engine_table import ENGINES, engine_info
from headshot.direction.labels import name_of, value_of
from headshot.direction.parse import parse
from headshot.direction.presets import load_presets
from headshot.direction.settings import SETTINGS
from headshot.errors import DirectionError, UserError
from headshot.language import suggest, tr

KEYS: tuple[str, ...] = (
    "preset",
    "engine",
    *(k for k, s in SETTINGS.items() if k != "generate.candidates" and s.kind != "places"),
)
MOST_CELLS = 64
_LONGEST = 20_000  # characters of an axis as text


@dataclass(frozen=True)
class Axis:
    """`key` is one of KEYS, `values` parsed and each there once. Make one with `Axis.of` or `Axis.parse`."""

    key: str
    values: tuple[Any, ...]

    @classmethod
    def of(cls, key: str, values: Iterable[Any]) -> Axis:
        """Checked against `SETTINGS`, the presets or the engines. Raises DirectionError."""
        if key == "generate.candidates":
            raise DirectionError("A cell of a sheet is one picture.", "Use seed=1,2,3,… for several of one setting.")
        if key not in KEYS:
            raise DirectionError(tr("{key}: there is no such setting.", key=key[:60]), suggest(key, KEYS))
        given = list(islice(values, MOST_CELLS * MOST_CELLS + 1))
        if len(given) > MOST_CELLS * MOST_CELLS:  # before each is read: a value may stand there more than once
            raise DirectionError(
                tr("{key} has too many values.", key=key),
                tr("A sheet has at most {most_cells} cells.", most_cells=MOST_CELLS),
            )
        kept = tuple(dict.fromkeys(_value(key, v) for v in given))
        if not kept:
            raise DirectionError(tr("{key} has no values.", key=key), tr("Write it like {key}=A,B,C.", key=key))
        if len(kept) > MOST_CELLS:
            raise DirectionError(
                tr("{key} has {count} values.", key=key, count=len(kept)),
                tr("A sheet has at most {most_cells} cells.", most_cells=MOST_CELLS),
            )
        return cls(key, kept)

    @classmethod
    def parse(cls, text: str) -> Axis:
        """From "KEY=a,b,c". Values that hold commas themselves are parted by "|"; "*" means all that there are."""
        if len(text) > _LONGEST:
            raise UserError("An axis is too long.", tr("It may have {longest} characters.", longest=_LONGEST))
        key, sign, rest = text.partition("=")
        key = key.strip()
        if not sign or not key:
            raise UserError(
                tr("“{text}” is not KEY=a,b,…", text=text[:60]), "Write it like light.key_side=left,right,none"
            )
        return cls.of(key, split(key, rest))

    @property
    def title(self) -> str:
        return name_of(self.key)

    @property
    def labels(self) -> tuple[str, ...]:
        """The values in plain words."""
        return tuple(value_of(self.key, v) for v in self.values)


def split(key: str, text: str) -> list[str]:
    """The values in "a,b,c" or "a|b|c"; "*" stands for all presets, engines or choices."""
    if text.strip() == "*":
        return list(everything(key))
    parts = (p.strip() for p in text.split("|" if "|" in text else ","))
    return [p for p in parts if p]


def everything(key: str) -> tuple[str, ...]:
    """All values of a setting that has a list of them, else ()."""
    if key == "preset":
        return tuple(load_presets())
    if key == "engine":
        return tuple(ENGINES)
    return SETTINGS[key].choices if key in SETTINGS else ()


def _value(key: str, value: Any) -> Any:
    if key == "preset":
        presets = load_presets()
        if value not in presets:
            raise DirectionError(
                tr("There is no preset called {value!r}.", value=str(value)[:60]), suggest(str(value), presets)
            )
        return value
    if key == "engine":
        engine_info(str(value))
        return str(value)
    return parse(key, value)
