"""The report's sentences on sizes and form: eyes, nose, mouth, jaw, the face as a whole, its own unevenness."""

from __future__ import annotations

from headshot.language import tr
from headshot.types import State

# Kept, more and less of each size.
_SCALES = {
    "eye_size": (
        "Your eyes keep their size, to within {within:g}%.",
        "Your eyes are {size} larger.",
        "Your eyes are {size} smaller.",
    ),
    "nose_width": (
        "Your nose keeps its width, to within {within:g}%.",
        "Your nose is {size} wider.",
        "Your nose is {size} narrower.",
    ),
    "mouth_width": (
        "Your mouth keeps its width, to within {within:g}%.",
        "Your mouth is {size} wider.",
        "Your mouth is {size} narrower.",
    ),
    "jaw_width": (
        "Your jaw keeps its width, to within {within:g}%.",
        "Your jaw is {size} wider.",
        "Your jaw is {size} narrower.",
    ),
}


EYES_MOVED = "Your eyes keep their size; lids, brows or the glance moved, as an expression does."


def scale(measure: str, percent: float, state: State, within: float) -> str:
    """Say how a size changed. `within`: the per cents up to which the size counts as kept."""
    same, more, less = _SCALES[measure]
    if state == State.GREEN:
        return tr(same, within=round(within, 1))
    return tr(more if percent > 0 else less, size=_size(percent))


def eyes(right: float, left: float) -> str:
    """Say both eyes' change in %, at least one of them worth a word; right and left are the person's own."""
    (far, side), (near, other) = sorted(((right, "right"), (left, "left")), key=lambda e: -abs(e[0]))
    if far * near > 0 and abs(near) >= 0.75 * abs(far):
        return tr(_SCALES["eye_size"][1 if far > 0 else 2], size=_size(far))
    if far * near < 0 and abs(near) >= 0.5 * abs(far):
        return tr(_EYES[side, other, far > 0], size=_size(far), second=_size(near))
    return tr(_EYE[side, far > 0], size=_size(far))


_EYE = {
    ("right", True): "Your right eye is {size} larger.",
    ("right", False): "Your right eye is {size} smaller.",
    ("left", True): "Your left eye is {size} larger.",
    ("left", False): "Your left eye is {size} smaller.",
}
_EYES = {
    ("right", "left", True): "Your right eye is {size} larger, your left eye {second} smaller.",
    ("right", "left", False): "Your right eye is {size} smaller, your left eye {second} larger.",
    ("left", "right", True): "Your left eye is {size} larger, your right eye {second} smaller.",
    ("left", "right", False): "Your left eye is {size} smaller, your right eye {second} larger.",
}


def _size(percent: float) -> str:
    size = abs(percent)
    return tr("{size:.0f}%", size=size) if size >= 1.95 else tr("{size:.1f}%", size=size)


def with_expression(sentence: str) -> str:
    """Say of a change that the expression may explain it."""
    return tr("With another expression, {change}", change=f"{sentence[:1].lower()}{sentence[1:]}")


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
        return tr("Your face looks more uneven: its left and right differ by {more:.0f}% more.", more=(kept - 1) * 100)
    left = max(0.0, kept) * 100
    return tr("Your face was made more even: {left:.0f}% of its natural unevenness is left.", left=left)
