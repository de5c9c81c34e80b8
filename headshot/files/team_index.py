"""A team's index: one JSON line for each person, their state and figures, never a picture or an embedding."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from statistics import pstdev
from typing import Literal

TeamState = Literal["ready", "look", "another"]
STATES: tuple[TeamState, ...] = ("ready", "look", "another")
MOST_LINE = 100_000  # characters


@dataclass(frozen=True)
class TeamRow:
    """One person. `state`: the picture is ready, wants a look, or the person needs another photo, and why: `reasons`.

    `file`: their files' name without its ending; `photo`, `picture`, `report`: SHA-256 of the files, "" where there is
    none; `asked`: SHA-256 of the look and all else that decides what a photo becomes; `before`, `after`: figures of the
    photo and of the picture, see headshot.studio.team.figures.
    """

    name: str
    file: str
    photo: str
    asked: str
    state: TeamState
    reasons: tuple[str, ...] = ()
    picture: str = ""
    report: str = ""
    before: Mapping[str, float] = field(default_factory=dict)
    after: Mapping[str, float] = field(default_factory=dict)

    def line(self) -> str:
        """Write it as one line of JSON, the same for the same figures."""
        rounded = {key: {k: round(v, 5) for k, v in sorted(getattr(self, key).items())} for key in ("before", "after")}
        return json.dumps(asdict(self) | rounded, ensure_ascii=False) + "\n"


def read_rows(text: str) -> dict[str, TeamRow]:
    """Read an index by its people's `file`; a line that is cut off or of another form is left out, the last of one
    person counts.
    """
    rows: dict[str, TeamRow] = {}
    known = {f.name for f in fields(TeamRow)}
    for line in text.splitlines():
        try:
            found = json.loads(line) if len(line) <= MOST_LINE else None
            if not isinstance(found, dict) or found.keys() != known or found["state"] not in STATES:
                continue
            row = TeamRow(**found | {"reasons": tuple(found["reasons"])})
            texts = (row.name, row.file, row.photo, row.asked, row.picture, row.report, *row.reasons)
            figures = (*row.before.values(), *row.after.values())
        except (ValueError, TypeError, AttributeError):
            continue
        if all(isinstance(t, str) for t in texts) and all(isinstance(f, int | float) for f in figures):
            rows[row.file] = row
    return rows


@dataclass(frozen=True)
class Spread:
    """How far people lie from each other: one standard deviation, over the photos and over their pictures.

    `figure`: its key; `title`, `unit` for people; `people`: how many have the figure in both.
    """

    figure: str
    title: str
    unit: str
    before: float
    after: float
    people: int


_FIGURES = (  # key, title, unit, how many of the unit in one of the figure
    ("eye_line", "Eye line", "% of the height", 100.0),
    ("head_height", "Head height", "% of the height", 100.0),
    ("exposure", "Exposure", "stops", 1.0),
    ("warmth", "White balance", "stops of red over blue", 1.0),
)
_BACKDROP = ("backdrop_l", "backdrop_a", "backdrop_b")


def spreads(rows: Iterable[TeamRow]) -> list[Spread]:
    """Measure the spread over all who are in the look: not of those who need another photo. [] for fewer than two."""
    made = [row for row in rows if row.state != "another" and row.after]
    found = []
    for key, title, unit, scale in _FIGURES:
        both = [(row.before[key], row.after[key]) for row in made if key in row.before and key in row.after]
        if len(both) >= 2:
            before, after = (pstdev(values) * scale for values in zip(*both, strict=True))
            found.append(Spread(key, title, unit, before, after, len(both)))
    lab = [
        ([row.before[k] for k in _BACKDROP], [row.after[k] for k in _BACKDROP])
        for row in made
        if all(k in row.before and k in row.after for k in _BACKDROP)
    ]
    if len(lab) >= 2:
        before, after = (_distance(values) for values in zip(*lab, strict=True))
        found.append(Spread("backdrop", "Backdrop", "ΔE", before, after, len(lab)))
    return found


def _distance(colours: Sequence[Sequence[float]]) -> float:
    """The root mean square distance of colours from their mean."""
    deviations = (pstdev(values) for values in zip(*colours, strict=True))
    return sum(d * d for d in deviations) ** 0.5


def counted(rows: Iterable[TeamRow]) -> dict[TeamState, int]:
    """Count the people of each state."""
    states = [row.state for row in rows]
    return {state: states.count(state) for state in STATES}
