"""Moved here from headshot/ui/findings.py."""

from __future__ import annotations

from collections.abc import Mapping

from headshot.types import Finding, State

# A colour is never the only sign: a symbol and a word go with it.
SYMBOLS: Mapping[State, str] = {"green": "✓", "amber": "!", "red": "✕", "grey": "○"}


FINDING_WORDS: Mapping[State, str] = {
    "green": "Within ordinary variation",
    "amber": "Look here",
    "red": "Changed",
    "grey": "Not measured",
}


# Which cuts the report used (recipes 8): the closer two pictures are, the sharper it can judge.
REGIMES: Mapping[str, str] = {
    "own pixels": "Measured against the same photo, with the strictest limits that the face’s size allows: nothing "
    "here was painted by an AI.",
    "generator": "Measured against the same photo, with the wider limits for pictures that an AI may have repainted.",
    "another photo": "Measured as another photo of you: pose and light differ, so fewer things can be judged.",
    "unsure": "Whether this is the same photo could not be told, so fewer things can be judged.",
    "no face": "No face was found in the picture, so nothing could be compared.",
}


def number(value: float, unit: str = "") -> str:
    """A figure with its unit, three significant digits but no more than two decimals, and a true minus sign."""
    text = f"{value:.3g}" if 1 <= abs(value) < 1000 else f"{round(value, 2):g}" if abs(value) < 1 else f"{value:.0f}"
    text = "0" if text == "-0" else text
    unit = "mark" if unit == "marks" and text == "1" else unit
    space = "" if unit.startswith(("%", "°")) or not unit else " "
    return text.replace("-", "−") + space + unit


def finding_title(finding: Finding) -> str:
    """The finding's title, or its id in words."""
    return finding.title or finding.id.replace("_", " ").capitalize()
