"""The report's line on what was moved by the wish of whoever made the picture: information, with the figures."""

from __future__ import annotations

from headshot.direction.feature_table import moved_words
from headshot.language import tr
from headshot.types import Finding, Headshot, State


def moved_finding(result: Headshot) -> tuple[Finding, ...]:
    """Say which features moved and how far; nothing where none did."""
    moved = result.canvas.moved
    if not moved:
        return ()
    return (
        Finding(
            "moved",
            float(len(moved)),
            "features",
            State.GREY,
            tr("Moved as you asked: {what}.", what=moved_words(moved)),
            tr(
                "As it was asked for and carried out; what the report measures of it stands in the rows of shape and "
                "likeness."
            ),
            "information only",
            tr("The picture's own settings."),
            tr("Features that were moved"),
        ),
    )
