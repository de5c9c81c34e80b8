"""The report's sentences: what a newcomer reads first. No jargon, no false certainty."""

from __future__ import annotations

from headshot.authenticity.recognition.curves import Share
from headshot.types import State

TITLES = {
    "likeness": "Likeness",
    "likeness_second": "Likeness, second judge",
    "likeness_third": "Likeness, third judge",
    "steered": "The model that steers generators",
    "inflation": "Flattered by that model",
    "same_photo": "Same photo?",
    "eye_size": "Eyes",
    "nose_width": "Nose",
    "mouth_width": "Mouth",
    "jaw_width": "Jaw",
    "face_shape": "Face shape",
    "asymmetry": "Your asymmetry",
    "beyond_light": "Skin against the light",
    "skin_hue": "Skin colour",
    "skin_lightness": "Skin lightness",
    "sharpness": "Sharpness",
    "texture": "Skin texture",
    "marks": "Moles and marks",
    "iris": "Eye colour",
    "glasses": "Glasses",
    "hair": "Hair colour",
    "hair_outline": "Hair outline",
    "age": "Apparent age",
    "expression": "Expression",
    "kept_pixels": "Your own pixels",
    "closer_than": "Against ordinary photo pairs",
    "strangers": "Against strangers",
    "own_range": "Your own range",
    "copy_paste": "Clings to one photo",
    "quality_in": "Quality of your photo",
    "quality_out": "Quality of the picture",
}

_SCALES = {
    "eye_size": ("Your eyes", "are", "keep their size", "larger", "smaller"),
    "nose_width": ("Your nose", "is", "keeps its width", "wider", "narrower"),
    "mouth_width": ("Your mouth", "is", "keeps its width", "wider", "narrower"),
    "jaw_width": ("Your jaw", "is", "keeps its width", "wider", "narrower"),
}


def scale(measure: str, percent: float, state: State, within: float) -> str:
    """`within`: the per cents up to which the size counts as kept."""
    what, verb, same, more, less = _SCALES[measure]
    if state == State.GREEN:
        return f"{what} {same}, to within {within:g}%."
    return f"{what} {verb} {_changed(percent, more, less)}."


def eyes(right: float, left: float) -> str:
    """Both eyes' change in %, at least one of them worth a word; right and left are the person's own."""
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


def likeness(state: State, another: bool) -> str:
    if another:
        return {
            State.GREEN: "To a face recogniser this is as close to your photo as another photo of you would be.",
            State.AMBER: "To a face recogniser this is less like you than most other photos of you would be.",
            State.RED: "To a face recogniser this looks like another person.",
        }[state]
    return {
        State.GREEN: "To a face recogniser this is still you; small changes of one feature can escape it.",
        State.AMBER: "To a face recogniser you changed more than light and framing explain.",
        State.RED: "To a face recogniser you changed a lot: nearly as much as in a different photo, or more.",
    }[state]


def steered(painted: bool) -> str:
    """`painted`: one of our generators made the picture; else nobody knows what did."""
    if painted:
        return "The generator was steered by this model, so it does not judge: for information."
    return "This model steers this app's generators, so it never judges. It is shown for information."


def second(state: State, judge: str) -> str:
    return {
        State.GREEN: f"Another face recogniser ({judge}) takes this for the same person.",
        State.AMBER: f"Another face recogniser ({judge}) is less sure that this is you than with most photos.",
        State.RED: f"Another face recogniser ({judge}) takes this for another person.",
    }[state]


def disagree(one: str, other: str, state: State) -> str:
    """Two judges by name; `state` is that of `other`, and `one` says the contrary."""
    first, second = ("another person", "you") if state == State.GREEN else ("you", "another person")
    return (
        f"Two face recognisers disagree: {one} takes this for {first}, {other} for {second}. "
        "Trust neither; ask somebody who knows you."
    )


def inflation(points: float, painted: bool) -> str:
    model = "The model that steered the generator" if painted else "The model that steers this app's generators"
    if points < 0.5:
        return f"{model} thinks no better of this picture than an independent judge does."
    return (
        f"{model} rates this at least {points:.0f} points of 100 higher than an independent judge. "
        "Not judged: nobody has measured how far they differ on ordinary photos."
    )


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


def beyond_light(stops: float, state: State) -> str:
    if state == State.GREEN:
        return "Your skin is no lighter or darker than light can explain."
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


def texture(ratio: float, state: State, another: bool = False) -> str:
    if state == State.GREEN:
        about = "about as much fine texture as in your photo, as far as two different photos can tell"
        return f"Your skin shows {about}." if another else "Your skin's fine texture is still there."
    if another:
        size = f"{ratio * 100:.0f}% of the fine texture that it has in your photo"
        return f"Your skin shows {size}. Another lens or another light can do that too."
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


def iris(state: State, another: bool = False) -> str:
    if another:
        same, differs = "The eyes seem to have the same colour", "The eyes seem to have another colour"
        return f"{same if state == 'green' else differs}, as far as two different photos can tell."
    return "No clear change of your eyes' colour." if state == State.GREEN else "Your eye colour may have changed."


def kept(share: float) -> str:
    if share >= 0.995:
        return "Every pixel of your face comes from your photo, at its own place."
    return f"{share * 100:.0f}% of your face is made of your photo's own pixels, at their own place."


def closer_than(g: Share) -> str:
    """G in words, with how little it rests on."""
    return (
        f"Closer than {g.share:.0%} of the pairs of two ordinary photos of one person that we could measure "
        f"(only {g.pairs}, so between {g.low:.0%} and {g.high:.0%})."
    )


# Whether a picture between two photos is a camera's is never known here.
CAMERA = "That was counted on camera photos; faces made by AI resemble each other far more often."


def strangers(share: Share) -> str:
    if share.share == 0.0:
        said = f"None of {share.pairs} pairs of strangers was as close; up to {share.high:.0%} is not excluded."
    else:
        said = f"{share.share:.0%} of {share.pairs} pairs of strangers were as close or closer."
    return f"{said} {CAMERA}"


def closer_than_published(low: float, high: float) -> str:
    """G of a published curve, 0..1 each; where the curve ends only a bound is known."""
    pairs = "of the ordinary photo pairs of one person"
    if low == high:
        return f"Closer than {low:.0%} {pairs}."
    return f"Closer than at most {high:.0%} {pairs}." if low == 0.0 else f"Closer than at least {low:.0%} {pairs}."


def strangers_published(one_in: int | None, first: int, last: int) -> str:
    """1:N of the worst group; None: below the first published point, one in `first`."""
    if one_in is None:
        said = f"At least one in {first:,} strangers would be as close, perhaps many more."
    elif one_in >= last:
        said = f"At most one in {last:,} strangers would be as close; nothing rarer is known."
    else:
        said = f"About one in {one_in:,} strangers would be as close."
    return f"{said} {CAMERA}"


def copy_paste(value: float, state: State) -> str:
    if state == State.GREEN:
        return "It clings no more to your original photo than another photo of you would."
    if value <= 0.5:
        return "It clings somewhat to your original photo."
    return "It copies your original photo, more than it resembles you."


def quality(what: str, weakest: str, state: State) -> str:
    if state == State.GREEN:
        return f"{what} is large enough and well lit, with the eyes open."
    return f"{what} has {'a weak point' if state == State.AMBER else 'a fault'}: {weakest}."


def grey(reason: str) -> str:
    return f"Could not be measured: {reason}"
