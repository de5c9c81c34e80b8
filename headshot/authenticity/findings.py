"""Collect the findings of a pair: measure, judge by the kind's threshold, put into words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import partial

from headshot.authenticity import sentences
from headshot.authenticity.measures.aligned_face import Aligned, Mask
from headshot.authenticity.measures.head_view import HeadView
from headshot.authenticity.measures.same_photo import OTHER, SAME, SURE, TURNED
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.pair import OTHER_PHOTO, REPAINTED, Pair
from headshot.authenticity.thresholds import Kind, Threshold, measures
from headshot.language import tr
from headshot.types import Finding, State

SMALL_PX = 70.0  # px between the eyes
FINE_PX = 107.0  # px between the eyes of the faces that the cuts of painted pictures are measured on


class Findings:
    """The findings of one pair of one kind.

    `deciding`: ids that decide besides the kind's own, because this machine could measure them. `eye_px`: px between
    the eyes. Under SMALL_PX own pixels are judged by the wider thresholds, because there JPEG and scaling alone move
    what the strict ones forbid. In a painted face what is `fine` is some px wide, so its cuts widen below FINE_PX.
    """

    def __init__(self, kind: Kind, eye_px: float = math.inf) -> None:
        self.kind = kind
        self.judged_as: Kind = "generator" if eye_px < SMALL_PX and kind == "own pixels" else kind
        self.coarse = max(1.0, FINE_PX / eye_px) if kind in ("generator", "same frame") else 1.0
        self.found: list[Finding] = []
        self.deciding: set[str] = set()

    def take(self, others: Findings) -> None:
        """Add what others found of the same pair, after one's own."""
        self.found += others.found
        self.deciding |= others.deciding

    def threshold(self, name: str) -> Threshold | None:
        """Give the threshold of a measure for this pair; None where it draws no verdict."""
        row = measures()[name]
        limit = row.threshold(self.judged_as)
        return limit.widened(self.coarse) if limit is not None and row.fine and self.coarse > 1.0 else limit

    def beyond_grading(
        self,
        name: str,
        pair: Pair,
        measure: Callable[[HeadView, HeadView], float],
        without: Callable[[Aligned], Mask] | None,
    ) -> float:
        """Measure a change; where it strikes, in the same photo's other `readings` too, and give the smallest.

        `without`: the part of the original's crop that the measure looks at; None: the skin. Raises Unmeasurable.
        """
        readings = pair.readings(None if without is None else without(pair.a))
        return self.unexplained(name, measure(*pair.toneless), (partial(measure, *heads) for heads in readings))

    def unexplained(self, name: str, plain: float, others: Iterable[Callable[[], float]]) -> float:
        """Give the smallest of a change as it is and read in other ways, each asked only while all before strike."""
        limit = self.threshold(name)
        if limit is None:
            return plain
        # Where less is better the smaller; within a band nothing but a better state.
        size = abs if limit.reads == "low" else lambda _: 0.0
        best, others = plain, iter(others)
        while limit.state(best) != State.GREEN and (other := next(others, None)) is not None:
            try:
                best = min(best, other(), key=lambda value: (limit.state(value), size(value)))
            except Unmeasurable:
                continue
        return best

    def add(
        self,
        name: str,
        measure: Callable[[], float],
        sentence: Callable[[float, State], str],
        method: str,
        by: Threshold | None = None,
    ) -> Finding:
        """Add a measure that is judged by the table's threshold for `name`, or by `by`.

        Unmeasurable makes it grey with the reason; anything else is a bug.
        """
        limit = by or self.threshold(name)
        if limit is None:
            if self.kind == "same frame":
                return self._put(name, None, "", REPAINTED, method, "no verdict where a frame was painted anew", "")
            reason, no_verdict = OTHER_PHOTO, tr("No such measure told a person from strangers in other photos.")
            return self._put(name, None, "", reason, method, "no verdict between two different photos", no_verdict)
        value, text, reason, step = None, "", "", ""
        try:
            value = measure()
            text = sentence(value, limit.state(value))
        except Unmeasurable as why:
            reason, step = str(why), why.step
        state = State.GREY if value is None else limit.state(value)
        return self._put(name, value, text, reason, method, limit.words(), tr(limit.source), state, limit.unit, step)

    def note(
        self,
        name: str,
        measure: Callable[[], float],
        sentence: Callable[[float], str],
        method: str,
        source: str = "",
        threshold: str = "information only",
    ) -> Finding:
        """Add information: grey with a figure, shown and never deciding."""
        value, text, reason = None, "", ""
        try:
            value = measure()
            text = sentence(value)
        except Unmeasurable as why:
            reason = str(why)
        return self._put(name, value, text, reason, method, threshold, source)

    def _put(
        self,
        name: str,
        value: float | None,
        text: str,
        reason: str,
        method: str,
        threshold: str,
        source: str,
        state: State = State.GREY,
        unit: str = "",
        step: str = "",
    ) -> Finding:
        row = measures()[name]
        text = sentences.not_measured(tr(reason)) if reason else tr(text)
        reason, method, threshold, source = tr(reason), tr(method), tr(threshold), tr(source)
        unit, title = unit or row.unit, tr(row.title)
        found = Finding(name, value, unit, state, text, method, threshold, source, title, reason, step=tr(step))
        self.found.append(found)
        return found


def add_same_photo(report: Findings, pair: Pair, own_pixels: bool, mirrored: bool = False) -> None:
    """Add which kind of pair it is: information, unless the picture claims to be what it is not, or is mirrored."""
    state, sentence = State.GREY, sentences.SAME_PHOTO[pair.same_photo]
    if own_pixels:
        states = {"same photo": State.GREEN, "same frame": State.AMBER, "unsure": State.AMBER}
        state = states.get(pair.same_photo, State.RED)
        if not pair.same:
            sentence = sentences.NOT_OWN_PIXELS
    if mirrored:
        state, sentence = State.AMBER, sentences.MIRRORED
        report.deciding.add("same_photo")
    report._put(
        "same_photo",
        pair.correlation,
        sentence,
        "",
        tr("Median local correlation of coarse lightness over the face after dense registration."),
        tr(
            "same photo from {sure:g}, or from {same:g} with the head turned by {turned:g}° at most; "
            "another photo up to {other:g}; between, and below in the same frame, painted anew",
            sure=SURE,
            same=SAME,
            turned=TURNED,
            other=OTHER,
        ),
        tr("Our measurement: same photo from .94, another photo .42 to .88, strangers up to .76."),
        state,
    )
