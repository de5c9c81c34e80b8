"""Measures of what is covered in the photo are grey: lens or cloth would be compared with lens or cloth."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from headshot.authenticity import sentences
from headshot.authenticity.measures.unmeasurable import UNCOVERED
from headshot.authenticity.thresholds import measures
from headshot.language import tr
from headshot.photo.covered import Region
from headshot.types import Finding, State


def without_hidden(findings: Sequence[Finding], hidden: Set[Region]) -> tuple[Finding, ...]:
    """Make grey the findings that look at a hidden region of the photo, with the reason."""
    return tuple(_grey(finding, hidden) for finding in findings)


def _grey(finding: Finding, hidden: Set[Region]) -> Finding:
    region = next((name for name in sorted(hidden) if name in measures()[finding.id].hidden_with), None)
    if region is None or finding.value is None:
        return finding
    eyes = region == "eyes"
    reason = tr("the eyes are covered in the photo.") if eyes else tr("the mouth is covered in the photo.")
    sentence = sentences.not_measured(reason)
    step = tr(UNCOVERED)
    return replace(finding, value=None, state=State.GREY, sentence=sentence, reason=reason, places=(), step=step)
