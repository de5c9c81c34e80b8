"""Findings on what is painted most: hair, lips, beard, brows, teeth. They need no registration, so that they are asked
of a frame that was painted anew too. Amber at most: light, make-up and a shave are no other person.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from headshot.authenticity import sentences
from headshot.authenticity.findings import Findings
from headshot.authenticity.measures import light, teeth
from headshot.authenticity.measures.beard import ROUGH_EYE_PX, beard_change
from headshot.authenticity.measures.brows import brow_change
from headshot.authenticity.measures.hair_colour import hair_change
from headshot.authenticity.measures.head_view import HeadView
from headshot.authenticity.measures.lips import lips_change
from headshot.authenticity.pair import MIN_SHAPE_PX, Pair
from headshot.types import State

_LIGHT = " Only where light and pose are alike."


def add_colours(report: Findings, pair: Pair) -> None:
    """Add hair, lips, beard and brows, and where the mouth is open the teeth."""
    another = report.kind == "another photo"

    @cache
    def coloured(least: float = MIN_SHAPE_PX, even: bool = True) -> tuple[HeadView, HeadView]:
        """Give both heads, if their colours can be compared. Raises Unmeasurable."""
        pair.needs_colour()
        return toned(least, even)

    @cache
    def toned(least: float = MIN_SHAPE_PX, even: bool = True) -> tuple[HeadView, HeadView]:
        """Give both heads, if their tones can be compared, without colour where one has none. Raises Unmeasurable."""
        pair.needs(least)
        if even:
            light.needs_even(*pair.toneless)
        if pair.toneless is pair.heads:
            light.needs_white_light(*pair.heads)
        return pair.toneless

    def add(name: str, measure: Callable[[], float], words: Callable[[float, State], str], how: str) -> None:
        found = report.add(name, measure, words, how + ("" if another else _LIGHT))
        if another and found.value is not None:  # it may add to what two photos say; its absence takes nothing away
            report.deciding.add(name)

    add(
        "hair",
        lambda: hair_change(*coloured(even=not another))[1 if another else 0],
        lambda v, s: sentences.hair(s),
        "Colour difference of the hair (CIE 1976 ΔE; between two photos a* b* alone), beyond what light did to cheeks"
        " or brows.",
    )
    add(
        "lips",
        lambda: lips_change(*coloured()),
        lambda v, s: sentences.lips(s),
        "Change of log2 G/R and log2 B/R of the lips against the upper cheeks, linear light.",
    )
    add(
        "beard",
        lambda: beard_change(*toned(even=not another))[0],
        sentences.beard,
        "Change of upper lip and chin against the upper cheeks in stops; of both the smaller, 0 if they disagree.",
    )
    add(
        "stubble",
        lambda: beard_change(*toned(ROUGH_EYE_PX))[1],
        sentences.stubble,
        "Change of the fine detail (DoG 1.2 to 2.4 px at 160 px between the eyes) of upper lip and chin against the "
        "upper cheeks, log2; of both the smaller, 0 if they disagree.",
    )
    add(
        "brows",
        lambda: brow_change(*toned()),
        lambda v, s: sentences.brows(s),
        "Change of the brows' luminance against the upper cheeks', in stops.",
    )
    if all(teeth.is_open(head) for head in pair.heads):
        add(
            "teeth",
            lambda: teeth.teeth_change(*coloured(teeth.MIN_EYE_PX)),
            sentences.teeth,
            "Change of the teeth's L* minus b*, as seen and beyond the cheeks' light; the smaller, 0 if they disagree.",
        )
