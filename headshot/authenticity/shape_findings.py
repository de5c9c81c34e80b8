"""Findings on the face's shape: eyes, nose, mouth, jaw, the whole, and the asymmetry. Same photo only."""

from __future__ import annotations

from collections.abc import Callable

from headshot.authenticity import sentences
from headshot.authenticity.findings import Findings
from headshot.authenticity.measures import geometry
from headshot.authenticity.measures.aligned_face import Aligned
from headshot.authenticity.measures.asymmetry import asymmetry_kept
from headshot.authenticity.measures.registration import Registration
from headshot.authenticity.pair import Pair
from headshot.types import State

_FLOW = "Dense registration (optical flow on locally normalised lightness, whole-face motion taken out)"


def add_shape(report: Findings, pair: Pair) -> None:
    """Add the sizes of eyes, nose, mouth and jaw, the whole shape, and the asymmetry."""

    def add(
        name: str,
        of: Callable[[Aligned, Registration], float],
        sentence: Callable[[float, State], str],
        what: str,
    ) -> None:
        def measure() -> float:
            pair.needs_same_photo()
            return of(pair.a, pair.found)

        report.add(name, measure, sentence, _FLOW + what)

    def scale(name: str) -> Callable[[float, State], str]:
        limit = report.threshold(name)
        within = limit.edges[0] if limit else 0.0
        return lambda value, state: sentences.scale(name, value, state, within)

    eyes: list[float] = []

    def larger_eye(original: Aligned, found: Registration) -> float:
        eyes[:] = geometry.eye_scales(original, found)
        return max(eyes, key=abs)  # a mean would let opposite changes cancel

    def eye_words(value: float, state: State) -> str:
        return scale("eye_size")(value, state) if state == State.GREEN else sentences.eyes(*eyes)

    add("eye_size", larger_eye, eye_words, ": scale round each iris; of the two eyes the one that changed most.")
    add("nose_width", geometry.nose_width, scale("nose_width"), ": width over the nose below its bridge.")
    add("mouth_width", geometry.mouth_width, scale("mouth_width"), ": width over the lips.")
    add("jaw_width", geometry.jaw_width, scale("jaw_width"), ": left against right motion of the contour.")
    add("face_shape", geometry.face_shape, lambda v, s: sentences.shape(s), ": root mean square of what is left.")
    add(
        "asymmetry",
        asymmetry_kept,
        sentences.asymmetry,
        ", projected on the photo's own left-right differences.",
    )
