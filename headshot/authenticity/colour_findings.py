"""Findings on what is painted most: hair, lips, beard, brows, teeth. They need no registration, so that they are asked
of a frame that was painted anew too. Amber at most: light, make-up and a shave are no other person.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from headshot.authenticity import colour_sentences as sentences
from headshot.authenticity.findings import Findings
from headshot.authenticity.measures import light, teeth
from headshot.authenticity.measures.aligned_face import Aligned, Mask
from headshot.authenticity.measures.beard import ROUGH_EYE_PX, beard_change
from headshot.authenticity.measures.brows import brow_change
from headshot.authenticity.measures.hair_colour import hair_change
from headshot.authenticity.measures.head_view import HeadView
from headshot.authenticity.measures.lips import lips_change
from headshot.authenticity.pair import MIN_SHAPE_PX, Pair
from headshot.imaging.landmarks import LEFT_BROW, LIPS, RIGHT_BROW
from headshot.types import State

_LIGHT = " Only where light and pose are alike."


def add_colours(report: Findings, pair: Pair) -> None:
    """Add hair, lips, beard and brows, and where the mouth is open the teeth."""
    another = report.kind == "another photo"

    @cache
    def coloured(least: float = MIN_SHAPE_PX, even: bool = True) -> None:
        """Raise Unmeasurable unless both heads' colours can be compared."""
        pair.needs_colour()
        toned(least, even)

    @cache
    def toned(least: float = MIN_SHAPE_PX, even: bool = True) -> None:
        """Raise Unmeasurable unless both heads' tones can be compared, without colour where one has none."""
        pair.needs(least)
        if even:
            light.needs_even(*pair.toneless)
        if pair.toneless is pair.heads:
            pair.needs_white_light()

    def add(name: str, measure: Callable[[], float], words: Callable[[float, State], str], how: str) -> None:
        found = report.add(name, measure, words, how + ("" if another else _LIGHT))
        if another and found.state >= State.AMBER:  # it may add to what two photos say; its absence takes nothing away
            report.deciding.add(name)

    def beyond(name: str, measure: Callable[[HeadView, HeadView], float], around: Callable[[Aligned], Mask]) -> float:
        return report.beyond_grading(name, pair, measure, around)

    def hair() -> float:
        coloured(even=not another)
        return beyond("hair", lambda a, b: hair_change(a, b)[1 if another else 0], lambda face: ~face.face)

    def lips() -> float:
        coloured()
        return beyond("lips", lips_change, lambda face: face.around(LIPS))

    def beard(which: int, name: str, least: float, even: bool) -> float:
        toned(least, even)
        return beyond(name, lambda a, b: beard_change(a, b)[which], lambda face: face.below_nose)

    def brows() -> float:
        toned()
        return beyond("brows", brow_change, lambda face: face.around(RIGHT_BROW) | face.around(LEFT_BROW))

    def whiter() -> float:
        coloured(teeth.MIN_EYE_PX)
        return beyond("teeth", teeth.teeth_change, lambda face: face.around(LIPS))

    add(
        "hair",
        hair,
        lambda v, s: sentences.hair(s, vivid=another),
        "Colour difference of the hair (CIE 1976 ΔE; between two photos a* b* alone), beyond what light did to cheeks"
        " or brows.",
    )
    add(
        "lips",
        lips,
        lambda v, s: sentences.lips(s),
        "Change of log2 G/R and log2 B/R of the lips against the upper cheeks, linear light.",
    )
    add(
        "beard",
        lambda: beard(0, "beard", MIN_SHAPE_PX, not another),
        sentences.beard,
        "Change of upper lip and chin against the upper cheeks in stops, as seen and beyond the light over the face; "
        "of all the smallest, 0 if they disagree.",
    )
    add(
        "stubble",
        lambda: beard(1, "stubble", ROUGH_EYE_PX, True),
        sentences.stubble,
        "Change of the fine detail (DoG 1.2 to 2.4 px at 160 px between the eyes) of upper lip and chin against the "
        "upper cheeks, and by itself, log2; of all the smallest, 0 if they disagree.",
    )
    add(
        "brows",
        brows,
        lambda v, s: sentences.brows(s),
        "Change of the brows' luminance against the upper cheeks', in stops, as seen and beyond the light over the "
        "face; the smaller.",
    )
    if all(teeth.is_open(head) for head in pair.heads):
        add(
            "teeth",
            whiter,
            sentences.teeth,
            "Change of the teeth's L* minus b*, as seen and beyond the cheeks' light; the smaller, 0 if they disagree.",
        )
