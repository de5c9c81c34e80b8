"""The best yardstick: the person's own other photos. One person's photos often differ more than two persons
do
(Jenkins et al. 2011, https://doi.org/10.1016/j.cognition.2011.08.001).

Works on distances (smaller is more alike), in memory only.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.thresholds import Cut, cut
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
    def cut(self) -> Cut:
        """Green up to the largest distance among the own photos; never red, because no range was calibrated."""
        rule = cut("own_range", "another photo")
        assert rule is not None
        largest = math.ceil(1000 * self.own[-1]) / 1000  # three digits are enough to show, and leave it inside
        return replace(rule, edges=(largest + rule.edges[0], *rule.edges[1:]))

    @property
    def state(self) -> State:
        return self.cut.state(self.median)

    @property
    def place(self) -> str:
        """Where the picture lies, in the words of the report and of the strip plot."""
        return f"{'inside' if self.state == 'green' else 'outside'} your own range"

    def sentence(self) -> str:
        return (
            f"For a face recogniser your own photos lie {self.own[0]:.2f} to {self.own[-1]:.2f} apart (only "
            f"{len(self.own)} pairs), and this picture lies {self.median:.2f} from them: {self.place}."
        )


def own_range(picture: F64, original: F64, further: Sequence[F64], distance: Distance) -> OwnRange:
    """Place the picture among the person's own pairs (the original counts as one of the own photos).

    Arguments are descriptors of one judge. Raises Unmeasurable with fewer than two further photos.
    """
    if len(further) < MIN_FURTHER:
        raise Unmeasurable(f"it needs at least {MIN_FURTHER} more photos of you.")
    own = sorted(distance(a, b) for a, b in itertools.combinations([original, *further], 2))
    return OwnRange(tuple(own), tuple(distance(picture, f) for f in further))


def copy_paste(picture: F64, original: F64, further: Sequence[F64], distance: Distance) -> float:
    """How far the picture clings to the original photo: 0 as free as a new photo, 1 a copy.

    (θ(out, other) − θ(out, in)) / θ(in, other), after WithAnyone (2025), with the judge's
    distance for θ and the mean over the further photos. Raises Unmeasurable without a further photo.
    """
    if not further:
        raise Unmeasurable("it needs another photo of you.")
    to_other = float(np.mean([distance(picture, f) for f in further]))
    between = float(np.mean([distance(original, f) for f in further]))
    return (to_other - distance(picture, original)) / max(between, 1e-6)
