"""Features of the face that can move: how far at most, in which unit, and what that is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from headshot.language import tr

_OF_THE_EYES = "% of the eye distance"


@dataclass(frozen=True)
class FeatureBound:
    """`most`: for a setting of 1, in `unit`; `up`, `down`: what a setting above and below 0 did."""

    most: float
    unit: str
    up: str
    down: str = ""


FEATURE_BOUNDS: Mapping[str, FeatureBound] = MappingProxyType(
    {
        "smile": FeatureBound(6.0, _OF_THE_EYES, "corners of the mouth up", "corners of the mouth down"),
        "eyes": FeatureBound(10.0, "%", "eyes more open", "eyes narrower"),
        "brows": FeatureBound(4.0, _OF_THE_EYES, "brows higher", "brows lower"),
        "level": FeatureBound(100.0, "%", "eyes brought nearer to one height"),
        "tilt": FeatureBound(3.0, "°", "head tilted to the right", "head tilted to the left"),
        "face": FeatureBound(6.0, "%", "face wider", "face narrower"),
        "jaw": FeatureBound(8.0, "%", "jaw wider", "jaw narrower"),
        "nose": FeatureBound(8.0, "%", "nose wider", "nose narrower"),
    }
)


def moved_words(moved: Mapping[str, float], *, figures: bool = True) -> str:
    """Say what moved and how far, "corners of the mouth up by 1.6% of the eye distance, nose narrower by 4%"."""
    parts = []
    for name, amount in moved.items():
        bound = FEATURE_BOUNDS[name]
        what = tr(bound.up if amount > 0 else bound.down)
        by = f"{abs(amount) * bound.most:.1f}".removesuffix(".0") + tr(bound.unit)
        parts.append(tr("{what} by {by}", what=what, by=by) if figures else what)
    return ", ".join(parts)
