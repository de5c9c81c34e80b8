"""The report's sentences on what is painted or graded: hair, lips, beard, brows, teeth, light, what else changed."""

from __future__ import annotations

from collections.abc import Sequence

from headshot.types import State

SAME_LIGHT = "The light is as in your photo."


def hair(state: State) -> str:
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
    return f"Upper lip and chin are {'darker' if stops < 0 else 'lighter'} against your cheeks, as by a beard."


def stubble(rougher: float, state: State) -> str:
    if state == State.GREEN:
        return "Upper lip and chin are about as rough as in your photo."
    return f"Upper lip and chin look {'rougher, as by stubble' if rougher > 0 else 'smoother, as shaved'}."


def brows(state: State) -> str:
    return "No clear change of your brows." if state == State.GREEN else "Your brows look different."


def teeth(whiter: float, state: State) -> str:
    if state == State.GREEN:
        return "No clear change of your teeth's colour."
    return f"Your teeth are {'whiter' if whiter > 0 else 'darker or yellower'}, beyond what the light explains."


def light(lighter: float, warmer: float, contrast: float) -> str:
    """Say what light and grading did: L*, b* and contrast as in tone.change."""
    said = [
        more if size > 0 else less
        for size, least, more, less in ((lighter, 1.5, "brighter", "darker"), (warmer, 1.5, "warmer", "cooler"))
        if abs(size) >= least
    ]
    hard = f"{'more' if contrast > 1 else 'less'} contrast" if abs(contrast - 1.0) >= 0.06 else ""
    if not said:
        return f"The light has {hard}: allowed for, no change of you." if hard else SAME_LIGHT
    return f"The light is {' and '.join(said)}{f', with {hard}' if hard else ''}: allowed for, no change of you."


def changed_here(places: Sequence[str], state: State) -> str:
    """Say of places whether anything changed there."""
    return f"{'No clear change of' if state == State.GREEN else 'Something changed here:'} your {listed(places)}."


def listed(words: Sequence[str]) -> str:
    """Join words as people do; the last may hold an "and" already."""
    if len(words) == 1 or " and " in words[-1]:
        return ", ".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
