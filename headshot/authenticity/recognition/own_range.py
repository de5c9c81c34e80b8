"""Place a picture among the person's own photos: one person's photos often differ more than two persons do.

Jenkins et al. 2011, https://doi.org/10.1016/j.cognition.2011.08.001.

Works on distances (smaller is more alike), in memory only.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.thresholds import Threshold, threshold
from headshot.language import tr
from headshot.types import F64, State

MIN_FURTHER, MAX_FURTHER = 2, 4

Distance = Callable[[F64, F64], float]


@dataclass(frozen=True)
class OwnRange:
    """`own`: distances of the person's own pairs, sorted; `to_picture`: to each further photo."""

    own: tuple[float, ...]
    to_picture: tuple[float, ...]

    @property
    def median(self) -> float:
        return float(np.median(self.to_picture))

    @property
    def threshold(self) -> Threshold:
        """Green up to the largest distance among the own photos; never red, because no range was calibrated."""
        rule = threshold("own_range", "another photo")
        largest = math.ceil(1000 * self.own[-1]) / 1000  # three digits are enough to show, and leave it inside
        return replace(rule, edges=(largest + rule.edges[0], *rule.edges[1:]))

    @property
    def state(self) -> State:
        return self.threshold.state(self.median)

    @property
    def place(self) -> str:
        """Where the picture lies, in the words of the report and of the strip plot."""
        return tr("inside your own range") if self.state == "green" else tr("outside your own range")

    def sentence(self) -> str:
        return tr(
            "For a face recogniser your own photos lie {own:.2f} to {own2:.2f} apart (only {count} "
            "pairs), and this picture lies {median:.2f} from them: {place}.",
            own=self.own[0],
            own2=self.own[-1],
            count=len(self.own),
            median=self.median,
            place=self.place,
        )


@dataclass(frozen=True)
class Placed:
    """The picture among the person's own photos: distances of the embedded judge, smaller is more alike.

    `range`: None with a single further photo. `copying`: see `copy_paste`, 0 as free as a new photo, 1 a copy of the
    original.
    """

    range: OwnRange | None
    copying: float

    @property
    def clings(self) -> bool:
        """Whether a picture that is another photo is too near to the original, by the report's own threshold."""
        return threshold("copy_paste", "another photo").state(max(0.0, self.copying)) != State.GREEN


def own_range(picture: F64, original: F64, further: Sequence[F64], distance: Distance) -> OwnRange:
    """Place the picture among the person's own pairs (the original counts as one of the own photos).

    Arguments are descriptors of one judge. Raises Unmeasurable with fewer than two further photos.
    """
    if len(further) < MIN_FURTHER:
        raise Unmeasurable(tr("it needs at least {min_further} more photos of you.", min_further=MIN_FURTHER))
    own = sorted(distance(a, b) for a, b in itertools.combinations([original, *further], 2))
    return OwnRange(tuple(own), tuple(distance(picture, f) for f in further))


def copy_paste(picture: F64, original: F64, further: Sequence[F64], distance: Distance) -> float:
    """Measure how far the picture clings to the original photo: 0 as free as a new photo, 1 a copy.

    (θ(out, other) − θ(out, in)) / θ(in, other), after WithAnyone (2025), with the judge's
    distance for θ and the mean over the further photos. Raises Unmeasurable without a further photo.
    """
    if not further:
        raise Unmeasurable("it needs another photo of you.")
    to_other = float(np.mean([distance(picture, f) for f in further]))
    between = float(np.mean([distance(original, f) for f in further]))
    return (to_other - distance(picture, original)) / max(between, 1e-6)
