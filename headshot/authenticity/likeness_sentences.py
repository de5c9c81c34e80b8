"""The report's sentences on likeness: what the recognisers say, and how little a figure rests on."""

from __future__ import annotations

from headshot.authenticity.recognition.curves import Share
from headshot.language import tr
from headshot.types import State


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


def further_judge(state: State, judge: str) -> str:
    words = {
        State.GREEN: "Another face recogniser ({judge}) takes this for the same person.",
        State.AMBER: "Another face recogniser ({judge}) is less sure that this is you than with most photos.",
        State.RED: "Another face recogniser ({judge}) takes this for another person.",
    }[state]
    return tr(words, judge=judge)


def disagree(one: str, other: str, state: State) -> str:
    """Say that two judges disagree, by name; `state` is that of `other`, and `one` says the contrary."""
    words = (
        "Two face recognisers disagree: {one} takes this for another person, {other} for you. "
        "Trust neither; ask somebody who knows you."
        if state == State.GREEN
        else "Two face recognisers disagree: {one} takes this for you, {other} for another person. "
        "Trust neither; ask somebody who knows you."
    )
    return tr(words, one=one, other=other)


def steered(painted: bool) -> str:
    """Say what the steering model is. `painted`: one of our generators made the picture; else nobody knows what did."""
    if painted:
        return "The generator was steered by this model, so it does not judge: for information."
    return "This model steers this app's generators, so it never judges. It is shown for information."


def inflation(points: float, painted: bool) -> str:
    model = "The model that steered the generator" if painted else "The model that steers this app's generators"
    if points < 0.5:
        return tr("{model} thinks no better of this picture than an independent judge does.", model=tr(model))
    return tr(
        "{model} rates this at least {points:.0f} points of 100 higher than an independent judge. "
        "Not judged: nobody has measured how far they differ on ordinary photos.",
        model=tr(model),
        points=points,
    )


FEW = 30  # pairs: fewer say little about a share


def closer_than(g: Share) -> str:
    """Say G in words, with how little it rests on."""
    if g.share == 0.0:
        words = "All {pairs} photo pairs of one person that were measured are closer together than these two."
    elif g.share == 1.0:
        words = "These two are closer together than all {pairs} photo pairs of one person that were measured."
    else:
        words = "These two are closer together than {count} of {pairs} measured photo pairs of one person."
    message = tr(words, pairs=g.pairs, count=round(g.share * g.pairs))
    return f"{message} {tr('So few pairs say little.')}" if g.pairs < FEW else message


# Whether a picture between two photos is a camera's is never known here.
CAMERA = "That was counted on camera photos; faces made by AI resemble each other far more often."


def strangers(share: Share) -> str:
    if share.share == 0.0:
        words = "None of {pairs} pairs of strangers was as close; up to {high:.0f}% is not excluded."
    else:
        words = "{share:.0f}% of {pairs} pairs of strangers were as close or closer."
    return f"{tr(words, pairs=share.pairs, high=100 * share.high, share=100 * share.share)} {tr(CAMERA)}"


def closer_than_published(low: float, high: float) -> str:
    """Say G of a published curve, 0..1 each; where the curve ends only a bound is known."""
    if low == high:
        words = "These two are closer together than {low:.0f} in 100 ordinary photo pairs of one person."
    elif low == 0.0:
        words = "These two are further apart than at least {apart:.0f} in 100 ordinary photo pairs of one person."
    else:
        words = "These two are closer together than at least {low:.0f} in 100 ordinary photo pairs of one person."
    return tr(words, low=100 * low, apart=100 * (1 - high))


def strangers_published(one_in: int | None, first: int, last: int) -> str:
    """Say 1:N of the worst group; None: below the first published point, one in `first`."""
    if one_in is None:
        message = tr("At least one in {many:,} strangers would be as close, perhaps many more.", many=first)
    elif one_in >= last:
        message = tr("At most one in {many:,} strangers would be as close; nothing rarer is known.", many=last)
    else:
        message = tr("About one in {many:,} strangers would be as close.", many=one_in)
    return f"{message} {tr(CAMERA)}"


def copy_paste(value: float, state: State) -> str:
    if state == State.GREEN:
        return "It clings no more to your original photo than another photo of you would."
    if value <= 0.5:
        return "It clings somewhat to your original photo."
    return "It copies your original photo, more than it resembles you."
