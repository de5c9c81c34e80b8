"""Locked things in the picture: where they are, and whether they are still there.

The check takes a measure of the report where there
is one. Where there is none it says so, unless the region was kept by construction: own pixels that no step may change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from headshot.authenticity.thresholds import measures_of_lock
from headshot.canvas.locked_regions import locked_region
from headshot.direction.engine_table import is_own
from headshot.direction.locks import Lock, parse_locks
from headshot.language import tr
from headshot.types import AuthenticityReport, Headshot, Kept, KeptState, State

_KEPT = 0.98  # of the region must be own pixels for "kept by construction"


def checked(result: Headshot, report: AuthenticityReport) -> AuthenticityReport:
    """The report with a line for each thing that the result's lock list asked to keep."""
    found, rest = parse_locks(result.direction.keep)
    lines = [*check(found, result, report), *(_unknown(message, result) for message in rest.split(", ") if message)]
    return replace(report, kept=tuple(lines))


def check(kept: Sequence[Lock], result: Headshot, report: AuthenticityReport) -> tuple[Kept, ...]:
    """Each lock in the finished picture: by the report's measures, by construction, or honestly not measured."""
    return tuple(_check(lock, result, report) for lock in kept)


def _check(lock: Lock, result: Headshot, report: AuthenticityReport) -> Kept:
    measures = measures_of_lock(lock.name)
    findings = [f for f in (report.get(m) for m in measures) if f is not None and f.state != State.GREY]
    worst = max(findings, key=lambda f: f.state, default=None)
    if worst is not None and worst.state >= State.AMBER:
        became = KeptState.LOST if worst.state == State.RED else KeptState.LOOK_HERE
        return Kept(lock.name, lock.said, became, worst.sentence)
    if _untouched(lock, result):
        own = tr("These are your photo’s own pixels.")
        return Kept(lock.name, lock.said, KeptState.KEPT, f"{findings[0].sentence} {own}" if findings else own)
    if findings:
        return Kept(lock.name, lock.said, KeptState.KEPT, findings[0].sentence)
    why = (
        tr("The report could not measure it here.") if measures else tr("Nothing here measures it: look for yourself.")
    )
    return Kept(lock.name, lock.said, KeptState.NOT_MEASURED, why)


def _unknown(said: str, result: Headshot) -> Kept:
    if is_own(result.engine):
        return Kept(
            "", said, KeptState.KEPT, tr("Your photo’s own pixels: nothing here repaints what the frame shows.")
        )
    return Kept(
        "", said, KeptState.NOT_MEASURED, tr("Said to the generator, and checked by nothing: look for yourself.")
    )


def _untouched(lock: Lock, result: Headshot) -> bool:
    """Whether no step of the engine could change the lock's region, each pixel only as far as it is something else."""
    if is_own(result.engine):
        return True
    if not lock.place or not result.canvas.regions:
        return False
    from headshot.canvas.change_map import allowance_map

    where = locked_region(result.canvas, lock)
    if where.sum() < 1:
        return False
    free = allowance_map(result.canvas.regions, result.direction.change, result.canvas.locked)
    return float((where * (free <= 1 - where + 1e-4)).sum() / where.sum()) >= _KEPT
