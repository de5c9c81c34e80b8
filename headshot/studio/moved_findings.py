"""The report's lines on what was moved by the wish of whoever made the picture.

What moved is information, with the figures. How the head is carried and how open the eyes are decide too: the report
lays both faces over each other before it compares them, so no other measure sees a turn of the head, and it takes lids
that move alone for an expression, which they are not in the same photo.
"""

from __future__ import annotations

from typing import cast

from headshot.authenticity.findings import Findings
from headshot.authenticity.thresholds import Kind
from headshot.direction.feature_table import moved_words
from headshot.language import tr
from headshot.studio.head_carriage import eyes_levelled, eyes_opened, head_tilt
from headshot.types import F32, Finding, Headshot, State

_METHOD = "By the points of the face in the photo and in the picture, which are framed alike."


def moved_findings(result: Headshot, kind: str, landmarks: F32 | None) -> tuple[Finding, ...]:
    """Say which features moved and how far, and judge how the head is carried; nothing where none did.

    `landmarks` (478, 3) px of the face in the picture, None where there is none.
    """
    moved = result.canvas.moved
    if not moved:
        return ()
    report, before = Findings(cast(Kind, kind)), result.canvas.original_landmarks
    report.note(
        "moved",
        lambda: float(len(moved)),
        lambda _: tr("Moved as you asked: {what}.", what=moved_words(moved)),
        "As it was asked for and carried out; what the report measures of it stands in the rows of shape and likeness.",
        "The picture's own settings.",
    )
    if landmarks is not None and kind in ("own pixels", "generator"):
        if "tilt" in moved:
            report.add("head_tilt", lambda: head_tilt(before, landmarks), _tilted, _METHOD)
        if "level" in moved:
            report.add("eye_line", lambda: eyes_levelled(before, landmarks), _levelled, _METHOD)
        # A generator paints lids anew: points that are searched there are too coarse for an eye's height.
        if "eyes" in moved and kind == "own pixels":
            report.add("eye_opening", lambda: eyes_opened(before, landmarks), _opened, _METHOD)
    return tuple(report.found)


def _tilted(degrees: float, state: State) -> str:
    if state == State.GREEN:
        return "You carry your head as in your photo."
    return tr("Your head is tilted by {size:.1f}° against your photo.", size=abs(degrees))


def _opened(percent: float, state: State) -> str:
    if state == State.GREEN:
        return "Your eyes are about as open as in your photo."
    message = "Your eyes are {size:.0f}% more open than in your photo."
    if percent < 0:
        message = "Your eyes are {size:.0f}% narrower than in your photo."
    return tr(message, size=abs(percent))


def _levelled(percent: float, state: State) -> str:
    if state == State.GREEN:
        return "Your eyes lie as high as in your photo."
    return tr(
        "Your eyes were brought to one height: in your photo one lies lower, by {size:.1f}% of the eye distance.",
        size=percent,
    )
