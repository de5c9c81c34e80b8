"""Findings on the face's shape: eyes, nose, mouth, jaw, the whole, and the asymmetry. Same photo only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf

from headshot.authenticity import shape_sentences as sentences
from headshot.authenticity.findings import Findings
from headshot.authenticity.measures import geometry
from headshot.authenticity.measures.aligned_face import Aligned
from headshot.authenticity.measures.asymmetry import asymmetry_kept
from headshot.authenticity.measures.registration import Registration
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.pair import Pair
from headshot.authenticity.thresholds import Threshold
from headshot.types import State

_FLOW = "Dense registration (optical flow on locally normalised lightness, whole-face motion taken out)"


# % of the eye distance: from here on the expression moves what is measured. A smile alone made the nose 6.3% wider and
# the mouth 12.7%; the jaw it moved by up to 3.8%.
EXPRESSION = 8.0
JAW_EDGES = (5.0, 8.0)  # %, then
LIDS = 3.0  # % of an eye's width or height alone: planted squints, raised brows and glances move 3.5 to 10


def add_shape(report: Findings, pair: Pair) -> None:
    """Add the sizes of eyes, nose, mouth and jaw, the whole shape, and the asymmetry.

    With another expression nothing but the jaw is red, and each sentence begins with it.
    """
    smiles = abs(pair.expression.percent) >= EXPRESSION

    def add(
        name: str,
        of: Callable[[Aligned, Registration], float],
        sentence: Callable[[float, State], str],
        what: str,
    ) -> None:
        def measure() -> float:
            pair.needs_same_photo()
            return of(pair.a, pair.found)

        limit = report.threshold(name)
        if smiles and limit is not None:
            limit = replace(limit, edges=JAW_EDGES if name == "jaw_width" else _never_red(limit))

        def words(value: float, state: State) -> str:
            message = sentence(value, state)
            return sentences.with_expression(message) if smiles and state != State.GREEN else message

        report.add(name, measure, words, _FLOW + what, limit)

    def scale(name: str) -> Callable[[float, State], str]:
        limit = report.threshold(name)
        within = limit.edges[0] if limit else 0.0
        return lambda value, state: sentences.scale(name, value, state, within)

    eyes: list[geometry.EyeChange] = []

    def larger_eye(original: Aligned, found: Registration) -> float:
        eyes[:] = geometry.eye_changes(original, found)
        return max((e.size for e in eyes), key=abs)  # a mean would let opposite changes cancel

    def eye_words(value: float, state: State) -> str:
        if state != State.GREEN:
            return sentences.eyes(*(e.size for e in eyes))
        if max(e.expression for e in eyes) >= LIDS:
            return sentences.EYES_MOVED
        return scale("eye_size")(value, state)

    add(
        "eye_size",
        larger_eye,
        eye_words,
        ": width and height round each iris, of both the smaller, 0 if they disagree, as lids, brows and a glance move "
        "one alone; of the two eyes the one that changed most.",
    )
    add("nose_width", geometry.nose_width, scale("nose_width"), ": width over the nose below its bridge.")
    add("mouth_width", geometry.mouth_width, scale("mouth_width"), ": width over the lips.")
    add("jaw_width", geometry.jaw_width, scale("jaw_width"), ": left against right motion of the contour.")
    add("face_shape", geometry.face_shape, lambda v, s: sentences.shape(s), ": root mean square of what is left.")

    def evenness(original: Aligned, found: Registration) -> float:
        if len(eyes) == 2 and geometry.glanced(*eyes):
            raise Unmeasurable("the eyes look another way, which makes any face more or less even.")
        return asymmetry_kept(original, found)

    add(
        "asymmetry",
        evenness,
        sentences.asymmetry,
        ", projected on the photo's own left-right differences.",
    )


def _never_red(limit: Threshold) -> tuple[float, ...]:
    """Give the threshold's edges without its red."""
    return (*limit.edges[:2], -inf, inf) if limit.reads == "band" else (limit.edges[0], inf)
