"""The normal case that something cannot be measured: it becomes a grey finding, with the reason and what helps."""

from __future__ import annotations

import math

from headshot.language import tr

# What a person can do, for reasons that several measures have.
LARGER = "Use the original file instead of a small copy or screenshot, or a photo taken from closer."
WHOLE = "Use pictures that show the whole face, from the hair to the chin."
UNCOVERED = "Use a photo in which nothing covers your eyes or mouth."
FACING = "Use a photo in which the face looks towards the camera."
LIGHT = "Use a photo taken in even, ordinary light, such as daylight from a window."
ANOTHER = "Try another photo of you: sharp, from the front, in even light."


class Unmeasurable(Exception):
    """A measure's precondition fails. The message, said in the current language, ends the sentence "Could not be
    measured: …". `step`: what the person can do about it, a sentence; "" where nothing helps.
    """

    def __init__(self, reason: str, step: str = "") -> None:
        super().__init__(reason)
        self.step = step

    def __str__(self) -> str:
        return tr(str(self.args[0]))


def too_small(eye_px: float, least: float) -> Unmeasurable:
    """Say that a face of `eye_px` px between the eyes is too small where `least` px are needed."""
    words = "the face is too small: its eyes are {eye_px:.0f} pixels apart, and {least:.0f} are needed."
    return Unmeasurable(tr(words, eye_px=math.floor(eye_px), least=least), LARGER)
