"""The report: whether it is still you, one finding a measure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from headshot.types.state import KeptState, State


@dataclass(frozen=True)
class Finding:
    """One measure of the report. `value` is None where it could not be measured, and `reason` is why.

    `step`: what the person can do so that it can be measured, "" where nothing is known to help.
    `method` says how it was measured, `threshold` the cuts, `source` where these come from. `places`: what of a person
    it looked at, where one measure looks at several places.
    """

    id: str
    value: float | None
    unit: str
    state: State
    sentence: str
    method: str
    threshold: str = ""
    source: str = ""
    title: str = ""
    reason: str = ""
    places: tuple[str, ...] = ()
    step: str = ""


@dataclass(frozen=True)
class Kept:
    """What became of one thing that the user asked to keep. `name` of the lock, "" for words that none covers; `said`:
    the user's own words; `sentence` for people.
    """

    name: str
    said: str
    state: KeptState
    sentence: str


@dataclass(frozen=True)
class AuthenticityReport:
    """Evidence, not a grade: the verdict is that of the worst finding, never an average.

    `deciding`: ids of the findings that decide; the others only inform. `kind` of pair: which thresholds were used.
    `kept`: what became of the things on the user's lock list; it decides nothing, its findings do.
    """

    findings: tuple[Finding, ...]
    kind: str
    deciding: frozenset[str] = frozenset()
    kept: tuple[Kept, ...] = ()

    SCHEMA = 1

    @property
    def deciding_findings(self) -> list[Finding]:
        return [f for f in self.findings if f.id in self.deciding]

    @property
    def verdict(self) -> State:
        decisive = [f.state for f in self.deciding_findings if f.state != State.GREY]
        worst = max(decisive, default=State.GREY)
        # Without any judge's figure nothing but a clear change is a verdict; green needs two thirds of what decides.
        few = worst == State.GREEN and 3 * len(decisive) < 2 * len(self.deciding_findings)
        return State.GREY if few or (worst != State.RED and not self.likeness_measured) else worst

    @property
    def likeness_measured(self) -> bool:
        """Whether a face recogniser gave a figure, or none was to decide."""
        judges = [f for f in self.deciding_findings if f.id.startswith("likeness")]
        return "likeness" not in self.deciding or any(f.state != State.GREY for f in judges)

    def get(self, finding: str) -> Finding | None:
        return next((f for f in self.findings if f.id == finding), None)

    def to_json(self) -> dict[str, Any]:
        """The published form, schema 1; `kept` is there where the user asked to keep something."""
        keys = ("id", "value", "unit", "state", "sentence", "method", "threshold", "source")
        kept = {"kept": [asdict(k) for k in self.kept]} if self.kept else {}
        return {
            "schema": self.SCHEMA,
            "verdict": self.verdict,
            "regime": self.kind,
            "findings": [{k: getattr(f, k) for k in keys} for f in self.findings],
            **kept,
        }
