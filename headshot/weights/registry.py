"""The table of weights, read from weights.toml: what each model is, where it lives, and on what terms."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from headshot.errors import UserError

TABLE = Path(__file__).with_name("weights.toml")


@dataclass(frozen=True)
class WeightFile:
    """One file. `path` is relative to the root; `bytes` is exact unless `about`; `sha256` "" if unknown.

    `pinned`: the hash is not the table's, but that of the file which was downloaded here first.
    """

    path: str
    bytes: int = 0
    sha256: str = ""
    about: bool = False
    pinned: bool = False


@dataclass(frozen=True)
class Mirror:
    """Another repository with the same files under other names: our path → path there."""

    repository: str
    files: Mapping[str, str]
    revision: str = "main"


@dataclass(frozen=True)
class Weight:
    """One model. `kind`: "file" resolves to the file, "folder" to the directory that holds `files`.

    `also` are patterns of small files taken along where they exist. `commercial`: yes, no or unclear.
    """

    role: str
    title: str
    repository: str
    licence: str
    commercial: Literal["yes", "no", "unclear"]
    kind: Literal["file", "folder"]
    files: tuple[WeightFile, ...]
    revision: str = "main"
    root: str = ""
    also: tuple[str, ...] = ()
    mirrors: tuple[Mirror, ...] = ()

    @property
    def bytes(self) -> int:
        """Of the whole, near enough for a progress bar and a free-space check."""
        return sum(f.bytes for f in self.files)

    def inside(self, path: str) -> str:
        """`path` as the repository has it."""
        return f"{self.root}/{path}" if self.root else path


@dataclass(frozen=True)
class Zoo:
    """`weights` by role; by engine the roles that are `required`, fetched with these (`usual`), and `optional`."""

    weights: Mapping[str, Weight]
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    usual: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    optional: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def zoo() -> Zoo:
    """The table: the project's own, or the one that the environment's HEADSHOT_WEIGHTS_TABLE names."""
    return _read(Path(os.environ.get("HEADSHOT_WEIGHTS_TABLE", "") or TABLE))


@cache
def _read(path: Path) -> Zoo:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        weights = [_weight(dict(entry)) for entry in data["weights"]]
        engines = data.get("engines", {})
        required = {name: tuple(e["required"]) for name, e in engines.items()}
        usual = {name: tuple(e.get("usual", ())) for name, e in engines.items()}
        optional = {name: tuple(e["optional"]) for name, e in engines.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"The table of weights {path.name} cannot be used: {error}.", "See HEADSHOT_WEIGHTS_TABLE."
        ) from None
    return Zoo(MappingProxyType({w.role: w for w in weights}), required, usual, optional)


def _weight(entry: dict[str, object]) -> Weight:
    files: Iterable[dict[str, object]] = entry.pop("files")  # type: ignore[assignment]
    mirrors: Iterable[dict[str, object]] = entry.pop("mirrors", ())  # type: ignore[assignment]
    also: Iterable[str] = entry.pop("also", ())  # type: ignore[assignment]
    return Weight(
        files=tuple(WeightFile(**f) for f in files),  # type: ignore[arg-type]
        mirrors=tuple(Mirror(**m) for m in mirrors),  # type: ignore[arg-type]
        also=tuple(also),
        **entry,  # type: ignore[arg-type]
    )
