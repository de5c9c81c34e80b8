"""Best of n: candidates in order of likeness by a judge that steers no generator, with a guard against copies.

The nearest candidate is not the best: a picture that is closer to the photo than another real photo of the person
would be has copied it, pose and expression with it (WithAnyone, 2025). With further
photos the yardstick is the person's own range; without, the range that other photos of one person have in general.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from headshot.authenticity.recognition.dlib_judge import distance as euclidean
from headshot.authenticity.recognition.own_range import MIN_FURTHER
from headshot.authenticity.thresholds import threshold
from headshot.language import tr
from headshot.types import F64

# The embedded judge's distance of two photos of one person: beyond what still passes as the same photo, and up to what
# still passes as another one.
USUAL = (threshold("likeness", "generator").edges[0], threshold("likeness", "another photo").edges[0])
Distance = Callable[[F64, F64], float]


@dataclass(frozen=True)
class Ranked:
    """`index` among the candidates; `value`: the distance that was ranked, None where no face was found; `off`: how far
    outside the range; `copied`: nearer to the photo than the person's other photos are; `figure`: the distance in
    words, "" where no face was found.
    """

    index: int
    value: float | None
    off: float
    copied: bool
    figure: str
    sentence: str


@dataclass(frozen=True)
class Ranking:
    """Best first. `reason`: the order in one line; `low`, `high`: the range that candidates were placed in."""

    order: tuple[Ranked, ...]
    low: float
    high: float
    reason: str

    @property
    def best(self) -> Ranked:
        return self.order[0]


def rank(
    candidates: Sequence[F64 | None],
    original: F64,
    further: Sequence[F64] = (),
    *,
    copies: bool = True,
    distance: Distance = euclidean,
) -> Ranking:
    """Order `candidates` (descriptors by one judge; None: no face found) for the person of `original`.

    With at least two `further` photos: by the median distance to these, candidates within the person's own range first,
    those nearer to the original than any of the person's own pairs last among them, as copies. Else by the distance to
    the original within USUAL. `copies` False: pictures that are meant to be the photo itself, own pixels or
    repainted in part (every rung below “fully generated”): there nearer is better. Ties keep their order. Raises
    ValueError without candidates.
    """
    if not candidates:
        raise ValueError("nothing to rank")
    own = [distance(a, b) for a, b in itertools.combinations([original, *further], 2)]
    known = len(further) >= MIN_FURTHER
    low, high = (min(own), max(own)) if known else USUAL
    if not copies:
        low = 0.0

    def place(index: int, candidate: F64 | None) -> Ranked:
        if candidate is None:
            return Ranked(index, None, float("inf"), False, "", tr("No face was found in it."))
        near = distance(candidate, original)
        value = float(np.median([distance(candidate, f) for f in further])) if known else near
        copied = copies and near < low
        off = max(value - high, 0.0)
        return Ranked(index, value, off, copied, *_words(value, near, off, copied, known))

    ranked = [place(i, c) for i, c in enumerate(candidates)]

    # A candidate that leaves the range upwards is another person; one below it at the original is a copy. Both stand
    # behind those within, and of copies the one that clings least stands first.
    def key(r: Ranked) -> tuple[int, float]:
        if r.value is None:
            return 3, 0.0
        if r.off > 0:
            return 2, r.off
        if r.copied:
            return 1, r.value if known else -r.value
        return 0, r.value

    order = tuple(sorted(ranked, key=key))
    return Ranking(order, low, high, _reason(order, known, copies, low, high))


def _words(value: float, near: float, off: float, copied: bool, known: bool) -> tuple[str, str]:
    """The figure, and the sentence that it begins."""
    away = "{value:.2f} from your other photos" if known else "{value:.2f} from your photo"
    figure = tr(away, value=value)
    if off > 0:
        return figure, tr("{figure}: farther than photos of one person are.", figure=figure)
    if copied:
        figure = tr("{value:.2f} from your photo", value=near)
        return figure, tr("{figure}: nearer than another photo of you would be. It is partly a copy.", figure=figure)
    return figure, tr("{figure}: as near as another photo of you.", figure=figure)


def _reason(order: Sequence[Ranked], known: bool, copies: bool, low: float, high: float) -> str:
    if all(r.value is None for r in order):
        return tr("No face was found in any of them, so they stand as they came.")
    if not copies:
        return tr("Nearest to your photo first.")
    text = tr(
        "Nearest first among those as far apart as your own photos lie ({low:.2f} to {high:.2f})"
        if known
        else "Nearest first among those as far apart as other photos of one person usually lie ({low:.2f} to "
        "{high:.2f})",
        low=low,
        high=high,
    )
    after = [
        tr(word)
        for word, there in (
            ("copies of the one photo", any(r.copied and r.off == 0 for r in order)),
            ("those that look like somebody else", any(r.value is not None and r.off > 0 for r in order)),
            ("those without a face", any(r.value is None for r in order)),
        )
        if there
    ]
    return tr("{first}; after them {rest}.", first=text, rest=tr(", then ").join(after)) if after else f"{text}."
