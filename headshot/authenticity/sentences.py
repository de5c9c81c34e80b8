"""The report's sentences: what a newcomer reads first. No jargon, no false certainty."""

from __future__ import annotations

from collections.abc import Sequence

from headshot.authenticity.measures.expression import Change
from headshot.language import Said, tr, tr_count
from headshot.types import Doubt, State

MOST_WORDS = 20  # of a sentence on the first level

SAME_PHOTO = Said(
    {
        "same photo": "Both pictures come from the same photo.",
        "another photo": "This is another photo, or was painted anew.",
        "same frame": "This keeps your photo's frame, but the face in it was painted anew.",
        "unsure": "Whether both pictures come from the same photo is unclear.",
    }
)
NOT_OWN_PIXELS = "This picture should be made of your photo's own pixels, but does not match it."
MIRRORED = (
    "This is your photo with left and right swapped: others know your face the other way round. "
    "All else was measured after swapping it back."
)
_EXPRESSION = {
    "mouth corners": (
        "The corners of your mouth are higher than in your photo. That is a note, not a fault.",
        "The corners of your mouth are lower than in your photo. That is a note, not a fault.",
    ),
    "mouth opening": (
        "Your mouth is more open than in your photo. That is a note, not a fault.",
        "Your mouth is more closed than in your photo. That is a note, not a fault.",
    ),
    "mouth width": (
        "Your smile is wider than in your photo. That is a note, not a fault.",
        "Your mouth is narrower, or smiles less, than in your photo. That is a note, not a fault.",
    ),
    "eye opening": (
        "Your eyes are more open than in your photo. That is a note, not a fault.",
        "Your eyes are more closed than in your photo. That is a note, not a fault.",
    ),
    "brows": (
        "Your brows are raised more than in your photo. That is a note, not a fault.",
        "Your brows are raised less than in your photo. That is a note, not a fault.",
    ),
}


def beyond_light(stops: float, state: State, lightness: float) -> str:
    """Say the change against lips and brows, stops; `lightness` in L* says whether the skin is lighter at all."""
    if state == State.GREEN:
        return "Your skin is no lighter or darker than light can explain."
    if stops * lightness < 0:
        return "Your skin's lightness changed otherwise than your lips and brows did."
    if stops > 0:
        return "Your skin is lighter than light explains: lips and brows did not change with it."
    return "Your skin is darker than light explains: lips and brows did not change with it."


def lightness(change: float, beyond: State) -> str:
    if abs(change) < 1.0:
        return "Your skin is about as light as in your photo."
    lighter = change > 0
    if beyond >= State.AMBER:
        words = (
            "Your skin is {size:.0f} lighter on a scale of 100, and light alone does not explain it."
            if lighter
            else "Your skin is {size:.0f} darker on a scale of 100, and light alone does not explain it."
        )
    elif beyond == State.GREY:
        words = (
            "Your skin is {size:.0f} lighter on a scale of 100. Whether light explains it could not be told."
            if lighter
            else "Your skin is {size:.0f} darker on a scale of 100. Whether light explains it could not be told."
        )
    else:
        words = (
            "Your skin is {size:.0f} lighter on a scale of 100: within what light does."
            if lighter
            else "Your skin is {size:.0f} darker on a scale of 100: within what light does."
        )
    return tr(words, size=abs(change))


def hue(change: float, state: State) -> str:
    if state == State.GREEN:
        return "No clear change of your skin's colour."
    words = (
        "Your skin turned towards yellow, by {size:.0f}° of the colour wheel."
        if change > 0
        else "Your skin turned towards red, by {size:.0f}° of the colour wheel."
    )
    return tr(words, size=abs(change))


def two_photos(_: float) -> str:
    return "Measured, but not judged: between two different photos light alone makes such differences."


def sharpness(blur: float, state: State) -> str:
    if state != State.GREEN:
        return "The whole picture is softer than your photo: fine detail is gone from eyes and lips as well as skin."
    if blur < 0.7:
        return "The picture is about as sharp as your photo."
    return "The whole picture is a little softer than your photo, as after making it smaller or saving it again."


def texture(ratio: float, state: State) -> str:
    if state == State.GREEN:
        return "Your skin's fine texture is still there."
    if ratio > 1.0:
        return tr("Your skin looks rougher: {more:.0f}% more fine texture.", more=(ratio - 1) * 100)
    return tr("Your skin was smoothed: {left:.0f}% of its fine texture is left.", left=ratio * 100)


def marks(lost: int, new: int, found: int) -> str:
    if not lost and not new:
        return (
            "No clear mole or mark was lost or added; faint ones cannot be told."
            if found
            else "Your photo shows no clear mole or mark, and none was added; faint ones cannot be told."
        )
    if not lost:
        return tr_count("{count} spot like a mole or mark is new.", "{count} spots like moles or marks are new.", new)
    if found == 1:
        gone = tr("The one spot like a mole or mark is gone")
    else:
        gone = tr_count(
            "{count} of {found} spots like moles or marks is gone",
            "{count} of {found} spots like moles or marks are gone",
            lost,
            found=found,
        )
    if not new:
        return f"{gone}."
    return tr_count("{gone}, and {count} is new.", "{gone}, and {count} are new.", new, gone=gone)


def iris(state: State) -> str:
    return "No clear change of your eyes' colour." if state == State.GREEN else "Your eye colour may have changed."


def age(years: float, state: State) -> str:
    """Say a change of apparent age, years; never an age."""
    if state == State.GREEN:
        return "You look about as old as in your photo."
    words = (
        "You look older than in your photo, by about {years:.0f} years."
        if years > 0
        else "You look younger than in your photo, by about {years:.0f} years."
    )
    return tr(words, years=abs(years))


AGE_APART = 12.0  # years: 95% of one person's pairs of photos lie closer


def age_of_two_photos(years: float) -> str:
    """Say the same of two different photos, where it decides nothing."""
    if abs(years) < AGE_APART:
        return "No clear difference of apparent age between the two photos."
    words = (
        "You look about {years:.0f} years older here. Years between the photos, light and make-up do that too."
        if years > 0
        else "You look about {years:.0f} years younger here. Years between the photos, light and make-up do that too."
    )
    return tr(words, years=abs(years))


def glasses(change: float, state: State) -> str:
    if state == State.GREEN:
        return "No clear frame of glasses came or went; thin wire and rimless ones cannot be told."
    if change > 0:
        return "Something like the frame of glasses is across the nose in this picture only."
    return "Something like the frame of glasses is across the nose in your photo only."


def hair_outline(percent: float, state: State) -> str:
    if state == State.GREEN:
        return "No clear change of your hair's outline."
    if percent > 0:
        return "Your hair ends further out than in your photo: it may be repainted, or was not cut out cleanly."
    return "Your hair ends further in than in your photo: it may be repainted, or was not cut out cleanly."


SAME_EXPRESSION = "Your expression is the same, as far as can be told."


def expression(change: Change) -> str:
    if not change.noticed:
        return SAME_EXPRESSION
    more, less = _EXPRESSION[change.part]
    return more if change.percent > 0 else less


def kept(share: float) -> str:
    if share >= 0.9999:
        return "Every pixel of your face comes from your photo, at its own place."
    words = "{share:.0f}% of your face is made of your photo's own pixels, at their own place."
    return tr(words, share=min(share * 100, 99.0))  # not all of it is never said as 100%


def cutout(doubts: Sequence[Doubt], value: float, state: State) -> str:
    if state == State.GREEN:
        return "Nothing speaks against the cut-out."
    words = "The cut-out may be wrong: {reason}. Your own background, softly blurred, hides a fault."
    return tr(words, reason=tr(doubts[0].reason))


def quality(what: str, weakest: str, state: State) -> str:
    if state == State.GREEN:
        return tr("{what} is large enough and well lit, with the eyes open.", what=tr(what))
    words = "{what} has a weak point: {weakest}." if state == State.AMBER else "{what} has a fault: {weakest}."
    return tr(words, what=tr(what), weakest=tr(weakest))


def not_measured(reason: str) -> str:
    """Say why a finding has no figure."""
    return tr("Could not be measured: {reason}", reason=reason)


def scope(asked: Sequence[str], not_asked: Sequence[str]) -> list[str]:
    """Say what was looked at and what was not, in that order: two sentences, the second "" where all was."""
    return [
        _listed(asked, "Asked: {parts}.", "Asked too: {parts}."),
        _listed(not_asked, "Not asked: {parts}.", "Not asked either: {parts}.") if not_asked else "",
    ]


def _listed(parts: Sequence[str], first: str, then: str) -> str:
    """Say a list in a sentence, or in two where one would have more than MOST_WORDS words."""
    whole = tr(first, parts=", ".join(parts))
    if len(whole.split()) <= MOST_WORDS:
        return whole
    half = (len(parts) + 1) // 2
    return f"{tr(first, parts=', '.join(parts[:half]))} {tr(then, parts=', '.join(parts[half:]))}"
