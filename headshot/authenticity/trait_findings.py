"""Findings on what people are told by at a glance: glasses, hair, age, expression."""

from __future__ import annotations

from headshot.authenticity.findings import Findings
from headshot.authenticity.measures import geometry as regions
from headshot.authenticity.measures.expression import FLOOR, expression_change
from headshot.authenticity.measures.glasses import MIN_EYE_PX, glasses_change
from headshot.authenticity.measures.hair_colour import hair_change
from headshot.authenticity.measures.hair_outline import outline_change
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.pair import Pair, in_grey, is_grey
from headshot.authenticity.thresholds import cut
from headshot.types import State

_EXPRESSION = {
    "mouth opening": ("Your mouth is more open", "Your mouth is more closed"),
    "mouth width": ("Your smile is wider", "Your mouth is narrower, or smiles less,"),
    "eye opening": ("Your eyes are more open", "Your eyes are more closed"),
    "brows": ("Your brows are raised more", "Your brows are raised less"),
}


def add_traits(report: Findings, pair: Pair) -> None:
    """Glasses and hair (amber at most), age (no model, so grey), and the expression as a note."""

    def glasses() -> float:
        pair.needs(MIN_EYE_PX)
        change = glasses_change(pair.a, pair.b)
        rule = cut("glasses", report.cuts)
        if pair.same and rule and rule.state(change) == State.GREEN:
            # Lenses without a bridge hide the eyes and draw no line: then "no frame" cannot be said.
            regions.needs_eyes(pair.a, pair.found)
        return change

    report.add(
        "glasses",
        glasses,
        _glasses,
        "Change of the strongest level line across the bridge of the nose (DoG of L*, averaged over its width). "
        "Thin wire and rimless glasses are hardly seen.",
    )

    def hair() -> float:
        pair.needs_colour()
        pair.needs_same_photo()
        return hair_change(pair.a, pair.carried)

    report.add(
        "hair",
        hair,
        lambda v, s: _hair(s),
        "Colour difference (CIE 1976 ΔE) of the band above the forehead, beyond what light did to skin or brows.",
    )

    def around() -> float:
        pair.needs_same_photo()
        original = in_grey(pair.original) if is_grey(pair.picture) else pair.original
        return outline_change(original, pair.original_landmarks, pair.picture, pair.picture_landmarks)

    report.add(
        "hair_outline",
        around,
        _outline,
        "Where MediaPipe's selfie segmentation ends along rays upwards from the eyes; the largest median of left, top "
        "and right, as % of the eye distance.",
    )

    def age() -> float:
        raise Unmeasurable("no model of it that everybody may use is part of this app.")

    report.note("age", age, "years", str, "None: no permissively licensed model of apparent age was found.")
    change = expression_change(pair.a, pair.b)
    report.note(
        "expression",
        lambda: change.percent,
        "% of the eye distance",
        lambda v: _expression(change.part, v),
        "Largest change in the face mesh among mouth opening, mouth width, eye opening and brows "
        f"(here {change.part}); under {FLOOR:g}% the mesh itself moves as much.",
    )


def _glasses(change: float, state: State) -> str:
    if state == State.GREEN:
        return "No clear frame of glasses came or went; thin wire and rimless ones cannot be told."
    where = "this picture" if change > 0 else "your photo"
    return f"Something like the frame of glasses is across the nose in {where} only."


def _outline(percent: float, state: State) -> str:
    if state == State.GREEN:
        return "No clear change of your hair's outline."
    way = "further out" if percent > 0 else "further in"
    return f"Your hair ends {way} than in your photo: it may be repainted, or was not cut out cleanly."


def _hair(state: State) -> str:
    if state == State.GREEN:
        return "No clear change of your hair's colour."
    return "Your hair may have another colour, beyond what the light explains."


def _expression(part: str, percent: float) -> str:
    if abs(percent) < FLOOR:
        return "Your expression is the same, as far as can be told."
    more, less = _EXPRESSION[part]
    return f"{more if percent > 0 else less} than in your photo. That is a note, not a fault."
