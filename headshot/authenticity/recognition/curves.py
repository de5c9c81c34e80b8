"""Read how a likeness stands among ordinary pairs of one person and among strangers.

Published curves where there are any (curves.toml); for the embedded judge, our own few pairs
(dlib_curve.toml, made by benchmarks/likeness_curve.py). Beyond the last point of a curve nothing is claimed.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from headshot.authenticity.line_up_answers import wilson
from headshot.language import tr

MOST = 10_000  # the public test sets hold duplicates: no rarer rate is known


@dataclass(frozen=True)
class Share:
    """A share 0..1 with its 95% interval (Wilson) and the number of pairs that it rests on."""

    share: float
    low: float
    high: float
    pairs: int


@lru_cache(maxsize=2)
def _read(name: str) -> dict[str, Any]:
    with Path(__file__).with_name(name).open("rb") as file:
        return tomllib.load(file)


def closer_than(distance: float) -> Share:
    """Read G of the embedded judge: the share of one person's ordinary pairs further apart than `distance`."""
    pairs = _read("dlib_curve.toml")["same_person"]
    k = sum(d > distance for d in pairs)
    return Share(k / len(pairs), *wilson(k, len(pairs)), len(pairs))


def strangers_as_close(distance: float) -> Share:
    """Read the share of pairs of different persons that the embedded judge puts at `distance` or closer."""
    pairs = _read("dlib_curve.toml")["different_persons"]
    k = sum(d <= distance for d in pairs)
    return Share(k / len(pairs), *wilson(k, len(pairs)), len(pairs))


def embedded_source() -> str:
    """Say where the embedded judge's own curve comes from, and how little it rests on."""
    data = _read("dlib_curve.toml")
    same, different = len(data["same_person"]), len(data["different_persons"])
    return tr(
        "Our own measurement, few: {same} pairs of one person and {different} of two, from {data} "
        "faces of {data2} persons in free photos.",
        same=same,
        different=different,
        data=data["faces"],
        data2=data["persons"],
    )


def source(judge: str) -> str:
    """Say where a judge's published curve comes from. KeyError where it has none."""
    return str(_read("curves.toml")[judge]["source"])


def same_below(judge: str, cosine: float) -> float | None:
    """Read G of a published judge: share 0..1 of same-person pairs that score lower than `cosine`.

    Linear between the published points; None outside them or where the judge has no curve.
    """
    value = _between(judge, "same_below", cosine)
    return None if value is None else value / 100.0


def same_below_bounds(judge: str, cosine: float) -> tuple[float, float] | None:
    """Read G of a published judge as (lowest, highest) share 0..1: equal between the published points.

    Beyond the first point only "at most its share" is known, beyond the last "at least its share". None where
    the judge has no curve.
    """
    points = _read("curves.toml").get(judge, {}).get("same_below")
    if not points:
        return None
    value = same_below(judge, cosine)
    if value is not None:
        return value, value
    return (0.0, points[0][1] / 100.0) if cosine < points[0][0] else (points[-1][1] / 100.0, 1.0)


def of_the_same_pairs(one: str, other: str) -> bool:
    """Tell whether two judges' curves count the same pairs of photos, so that their shares can be compared."""
    table = _read("curves.toml")
    return other in table and table[one]["of"] == table[other]["of"]


def one_in(judge: str, cosine: float) -> int | None:
    """Read N: one in N strangers of the worst group scores at least `cosine`, at most 10,000.

    Log-linear between the published points and never beyond the last one's N; None below the first point or
    where the judge has no curve.
    """
    points = _read("curves.toml").get(judge, {}).get("strangers")
    if not points or cosine < points[0][0]:
        return None
    x, n = np.array(points, np.float64).T
    return min(MOST, round(float(np.exp(np.interp(cosine, x, np.log(n))))))


def strangers_span(judge: str) -> tuple[int, int] | None:
    """Read N at the first and at the last published point of `one_in`; None where the judge has no such curve."""
    points = _read("curves.toml").get(judge, {}).get("strangers")
    return (int(points[0][1]), int(points[-1][1])) if points else None


def _between(judge: str, curve: str, at: float) -> float | None:
    points = _read("curves.toml").get(judge, {}).get(curve)
    if not points or not points[0][0] <= at <= points[-1][0]:
        return None
    x, y = np.array(points, np.float64).T
    return float(np.interp(at, x, y))
