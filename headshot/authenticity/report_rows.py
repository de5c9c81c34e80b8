"""The report as the rows of one table, for the page and for print."""

from __future__ import annotations

from dataclasses import dataclass

from headshot.authenticity.labels import grouped_by_reason
from headshot.types import AuthenticityReport, Finding, KeptState, State


@dataclass(frozen=True)
class ReportRows:
    """The rows in the order that they are read: `striking` and `ordinary` decide and have a figure, a row each;
    `missing` decide and have none, those of one reason share a row; `informing` decide nothing, by their sentence;
    `uninformed` would only inform and have no figure; `kept`: what the user asked to keep, by its state and sentence.
    """

    striking: tuple[Finding, ...]
    ordinary: tuple[Finding, ...]
    missing: tuple[tuple[Finding, ...], ...]
    informing: dict[str, list[Finding]]
    uninformed: tuple[Finding, ...]
    kept: dict[tuple[KeptState, str], list[str]]


def report_rows(report: AuthenticityReport) -> ReportRows:
    """Sort the findings of a report into rows; the gravest comes first."""
    measured = [f for f in report.deciding_findings if f.value is not None]
    others = [f for f in report.findings if f.id not in report.deciding]
    informing: dict[str, list[Finding]] = {}
    for finding in others:
        if finding.value is not None:
            informing.setdefault(finding.sentence, []).append(finding)
    kept: dict[tuple[KeptState, str], list[str]] = {}
    for thing in report.kept:
        kept.setdefault((thing.state, thing.sentence), []).append(thing.said)
    return ReportRows(
        tuple(sorted((f for f in measured if f.state >= State.AMBER), key=lambda f: f.state, reverse=True)),
        tuple(f for f in measured if f.state < State.AMBER),
        tuple(tuple(group) for group in grouped_by_reason(report.deciding_findings)),
        informing,
        tuple(f for f in others if f.value is None),
        kept,
    )
