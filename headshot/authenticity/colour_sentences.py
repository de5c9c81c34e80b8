"""The report's sentences on what is painted or graded: hair, lips, beard, brows, teeth, light, what else changed."""

from __future__ import annotations

from collections.abc import Sequence

from headshot.language import tr
from headshot.types import State

SAME_LIGHT = "The light is as in your photo."


def hair(state: State, *, vivid: bool = False) -> str:
    """Say a change of the hair's colour. `vivid`: of two photos, between which nothing else is told."""
    if vivid:
        if state == State.GREEN:
            return "No vivid hair colour in one photo alone; other changes are not told between two photos."
        return "A vivid hair colour is in one of the photos alone."
    if state == State.GREEN:
        return "No clear change of your hair's colour."
    return "Your hair has another colour, beyond what the light explains."


def lips(state: State) -> str:
    if state == State.GREEN:
        return "No clear change of your lips' colour."
    return "Your lips have another colour against your skin."


def beard(stops: float, state: State) -> str:
    if state == State.GREEN:
        return "No clear change round mouth and chin, where a beard grows; white ones cannot be told."
    if stops < 0:
        return "Upper lip and chin are darker against your cheeks, as by a beard."
    return "Upper lip and chin are lighter against your cheeks, as by a beard."


def stubble(rougher: float, state: State) -> str:
    if state == State.GREEN:
        return "Upper lip and chin are about as rough as in your photo."
    if rougher > 0:
        return "Upper lip and chin look rougher, as by stubble."
    return "Upper lip and chin look smoother, as shaved."


def brows(state: State) -> str:
    return "No clear change of your brows." if state == State.GREEN else "Your brows look different."


def teeth(whiter: float, state: State) -> str:
    if state == State.GREEN:
        return "No clear change of your teeth's colour."
    if whiter > 0:
        return "Your teeth are whiter, beyond what the light explains."
    return "Your teeth are darker or yellower, beyond what the light explains."


def light(lighter: float, warmer: float, contrast: float) -> str:
    """Say what light and grading did: L*, b* and contrast as in tone.change."""
    named = [
        tr(more if size > 0 else less)
        for size, least, more, less in ((lighter, 1.5, "brighter", "darker"), (warmer, 1.5, "warmer", "cooler"))
        if abs(size) >= least
    ]
    hard = abs(contrast - 1.0) >= 0.06
    if not named:
        if not hard:
            return tr(SAME_LIGHT)
        if contrast > 1:
            return tr("The light has more contrast: allowed for, no change of you.")
        return tr("The light has less contrast: allowed for, no change of you.")
    if not hard:
        words = "The light is {ways}: allowed for, no change of you."
    elif contrast > 1:
        words = "The light is {ways}, with more contrast: allowed for, no change of you."
    else:
        words = "The light is {ways}, with less contrast: allowed for, no change of you."
    return tr(words, ways=listed(named))


def changed_here(places: Sequence[str], state: State) -> str:
    """Say of places whether anything changed there."""
    words = "No clear change of your {places}." if state == State.GREEN else "Something changed here: your {places}."
    return tr(words, places=listed([tr(place) for place in places]))


def listed(words: Sequence[str]) -> str:
    """Join words as people do; the last may hold an "and" already."""
    if len(words) == 1 or tr(" and ") in words[-1]:
        return ", ".join(words)
    return ", ".join(words[:-1]) + tr(" and ") + words[-1]
