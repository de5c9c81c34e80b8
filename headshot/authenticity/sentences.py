"""The report's sentences: what a newcomer reads first. No jargon, no false certainty."""

from __future__ import annotations

from collections.abc import Sequence

from headshot.authenticity.measures.expression import Change
from headshot.types import Doubt, State

SAME_PHOTO = {
    "same photo": "Both pictures come from the same photo.",
    "another photo": "This is another photo, or was painted anew.",
    "same frame": "This keeps your photo's frame, but the face in it was painted anew.",
    "unsure": "Whether both pictures come from the same photo is unclear.",
}
NOT_OWN_PIXELS = "This picture should be made of your photo's own pixels, but does not match it."
MIRRORED = (
    "This is your photo with left and right swapped: others know your face the other way round. "
    "All else was measured after swapping it back."
)
_EXPRESSION = {
    "mouth corners": ("The corners of your mouth are higher", "The corners of your mouth are lower"),
    "mouth opening": ("Your mouth is more open", "Your mouth is more closed"),
    "mouth width": ("Your smile is wider", "Your mouth is narrower, or smiles less,"),
    "eye opening": ("Your eyes are more open", "Your eyes are more closed"),
    "brows": ("Your brows are raised more", "Your brows are raised less"),
}
_SCALES = {
    "eye_size": ("Your eyes", "are", "keep their size", "larger", "smaller"),
    "nose_width": ("Your nose", "is", "keeps its width", "wider", "narrower"),
    "mouth_width": ("Your mouth", "is", "keeps its width", "wider", "narrower"),
    "jaw_width": ("Your jaw", "is", "keeps its width", "wider", "narrower"),
}


EYES_MOVED = "Your eyes keep their size; lids, brows or the glance moved, as an expression does."


def scale(measure: str, percent: float, state: State, within: float) -> str:
    """Say how a size changed. `within`: the per cents up to which the size counts as kept."""
    what, verb, same, more, less = _SCALES[measure]
    if state == State.GREEN:
        return f"{what} {same}, to within {within:g}%."
    return f"{what} {verb} {_changed(percent, more, less)}."


def eyes(right: float, left: float) -> str:
    """Say both eyes' change in %, at least one of them worth a word; right and left are the person's own."""
    (far, side), (near, other) = sorted(((right, "right"), (left, "left")), key=lambda e: -abs(e[0]))
    first = f"Your {side} eye is {_changed(far, 'larger', 'smaller')}"
    if far * near > 0 and abs(near) >= 0.75 * abs(far):
        return f"Your eyes are {_changed(far, 'larger', 'smaller')}."
    if far * near < 0 and abs(near) >= 0.5 * abs(far):
        return f"{first}, your {other} eye {_changed(near, 'larger', 'smaller')}."
    return f"{first}."


def _changed(percent: float, more: str, less: str) -> str:
    size = f"{abs(percent):.0f}%" if abs(percent) >= 1.95 else f"{abs(percent):.1f}%"
    return f"{size} {more if percent > 0 else less}"


def with_expression(sentence: str) -> str:
    """Say of a change that the expression may explain it."""
    return f"With another expression, {sentence[:1].lower()}{sentence[1:]}"


def shape(state: State) -> str:
    return {
        State.GREEN: "No change of your face's shape as a whole beyond what saving or repainting alone does.",
        State.AMBER: "Parts of your face moved a little.",
        State.RED: "The shape of your face changed.",
    }[state]


def asymmetry(kept: float, state: State) -> str:
    if state == State.GREEN:
        return "Your face is about as uneven as in your photo."
    if kept > 1.0:
        return f"Your face looks more uneven: its left and right differ by {(kept - 1) * 100:.0f}% more."
    return f"Your face was made more even: {max(0.0, kept) * 100:.0f}% of its natural unevenness is left."


def beyond_light(stops: float, state: State, lightness: float) -> str:
    """Say the change against lips and brows, stops; `lightness` in L* says whether the skin is lighter at all."""
    if state == State.GREEN:
        return "Your skin is no lighter or darker than light can explain."
    if stops * lightness < 0:
        return "Your skin's lightness changed otherwise than your lips and brows did."
    way = "lighter" if stops > 0 else "darker"
    return f"Your skin is {way} than light explains: lips and brows did not change with it."


def lightness(change: float, beyond: State) -> str:
    if abs(change) < 1.0:
        return "Your skin is about as light as in your photo."
    words = f"Your skin is {abs(change):.0f} {'lighter' if change > 0 else 'darker'} on a scale of 100"
    if beyond >= State.AMBER:
        return f"{words}, and light alone does not explain it."
    if beyond == State.GREY:
        return f"{words}. Whether light explains it could not be told."
    return f"{words}: within what light does."


def hue(change: float, state: State) -> str:
    if state == State.GREEN:
        return "No clear change of your skin's colour."
    return f"Your skin turned towards {'yellow' if change > 0 else 'red'}, by {abs(change):.0f}° of the colour wheel."


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
        return f"Your skin looks rougher: {(ratio - 1) * 100:.0f}% more fine texture."
    return f"Your skin was smoothed: {ratio * 100:.0f}% of its fine texture is left."


def marks(lost: int, new: int, found: int) -> str:
    if not lost and not new:
        return (
            "No clear mole or mark was lost or added; faint ones cannot be told."
            if found
            else "Your photo shows no clear mole or mark, and none was added; faint ones cannot be told."
        )
    parts = []
    if lost:
        which = "the one spot like a mole or mark" if found == 1 else f"{lost} of {found} spots like moles or marks"
        parts.append(f"{which} {'is' if lost == 1 else 'are'} gone")
    if new:
        noun = "" if lost else " spot like a mole or mark" if new == 1 else " spots like moles or marks"
        parts.append(f"{new}{noun} {'is' if new == 1 else 'are'} new")
    text = ", and ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def iris(state: State) -> str:
    return "No clear change of your eyes' colour." if state == State.GREEN else "Your eye colour may have changed."


def age(years: float, state: State) -> str:
    """Say a change of apparent age, years; never an age."""
    if state == State.GREEN:
        return "You look about as old as in your photo."
    return f"You look {'older' if years > 0 else 'younger'} than in your photo, by about {abs(years):.0f} years."


AGE_APART = 12.0  # years: 95% of one person's pairs of photos lie closer


def age_of_two_photos(years: float) -> str:
    """Say the same of two different photos, where it decides nothing."""
    if abs(years) < AGE_APART:
        return "No clear difference of apparent age between the two photos."
    way = "older" if years > 0 else "younger"
    return f"You look about {abs(years):.0f} years {way} here. Years between the photos, light and make-up do that too."


def glasses(change: float, state: State) -> str:
    if state == State.GREEN:
        return "No clear frame of glasses came or went; thin wire and rimless ones cannot be told."
    where = "this picture" if change > 0 else "your photo"
    return f"Something like the frame of glasses is across the nose in {where} only."


def hair_outline(percent: float, state: State) -> str:
    if state == State.GREEN:
        return "No clear change of your hair's outline."
    way = "further out" if percent > 0 else "further in"
    return f"Your hair ends {way} than in your photo: it may be repainted, or was not cut out cleanly."


SAME_EXPRESSION = "Your expression is the same, as far as can be told."


def expression(change: Change) -> str:
    if not change.noticed:
        return SAME_EXPRESSION
    more, less = _EXPRESSION[change.part]
    return f"{more if change.percent > 0 else less} than in your photo. That is a note, not a fault."


def kept(share: float) -> str:
    if share >= 0.995:
        return "Every pixel of your face comes from your photo, at its own place."
    return f"{share * 100:.0f}% of your face is made of your photo's own pixels, at their own place."


def cutout(doubts: Sequence[Doubt], value: float, state: State) -> str:
    if state == State.GREEN:
        return "Nothing speaks against the cut-out."
    return f"The cut-out may be wrong: {doubts[0].reason}. Your own background, softly blurred, hides a fault."


def quality(what: str, weakest: str, state: State) -> str:
    if state == State.GREEN:
        return f"{what} is large enough and well lit, with the eyes open."
    return f"{what} has {'a weak point' if state == State.AMBER else 'a fault'}: {weakest}."


def not_measured(reason: str) -> str:
    """Say why a finding has no figure."""
    return f"Could not be measured: {reason}"


def scope(asked: Sequence[str], not_asked: Sequence[str]) -> list[str]:
    """Say what was looked at and what was not, in that order."""
    said = [f"Asked: {', '.join(asked)}."]
    return [*said, f"Not asked: {', '.join(not_asked)}."] if not_asked else said
