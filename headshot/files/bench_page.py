"""A comparison of engines as one page and one table: what each made of the same photos, and how it was judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from headshot.authenticity.labels import STATES
from headshot.files.csv_table import csv_table
from headshot.files.printable_report import templates
from headshot.types import U8, State

# Of the report's findings, what people ask of a picture: is it me, is the shape mine, is the skin, was it pasted.
FIGURES = {
    "likeness": "Likeness (distance)",
    "likeness_second": "Second recogniser (cosine)",
    "face_shape": "Shape of the face (% of the eye distance)",
    "texture": "Texture of the skin (ratio)",
    "copy_paste": "Clings to one photo (share)",
    "kept_pixels": "Own pixels of the face (share)",
}
_HEAD = ("number", "photo", "direction", "column", "verdict", "measured", "asked", *FIGURES, "seconds", "refused")


@dataclass(frozen=True, eq=False)
class Trial:
    """One picture of one person, or why there is none (`fault`).

    `column`: the engine, or the name of the folder that it came from; `figures`: values of the report by finding id;
    `measured`: how many of how many deciding findings had a figure; `thumbnail` (h, w, 3) uint8.
    """

    photo: str
    direction: str
    column: str
    state: State = State.GREY
    figures: Mapping[str, float] = field(default_factory=dict)
    measured: tuple[int, int] = (0, 0)
    seconds: float | None = None
    fault: str = ""
    thumbnail: U8 | None = None


@dataclass(frozen=True)
class ColumnSummary:
    """What a column came to: pictures by state, medians of figures and seconds (None without any), refusals."""

    column: str
    states: Mapping[State, int]
    figures: Mapping[str, float | None]
    seconds: float | None
    refused: int


def summaries(trials: Sequence[Trial]) -> list[ColumnSummary]:
    """Sum the trials up by column, in the order in which columns first come."""
    found = []
    for column in dict.fromkeys(t.column for t in trials):
        made = [t for t in trials if t.column == column and not t.fault]
        found.append(
            ColumnSummary(
                column,
                {state: sum(t.state == state for t in made) for state in STATES},
                {name: _median([t.figures[name] for t in made if name in t.figures]) for name in FIGURES},
                _median([t.seconds for t in made if t.seconds is not None]),
                sum(bool(t.fault) for t in trials if t.column == column),
            )
        )
    return found


def bench_csv(trials: Sequence[Trial]) -> str:
    """Write one row a trial, with the number that its file begins with; a figure that was not measured is empty."""
    return csv_table(_HEAD, (_row(*numbered) for numbered in enumerate(trials, 1)))


def bench_page(trials: Sequence[Trial], titles: Mapping[str, str]) -> str:
    """Write the page as HTML that needs no network: a table of the columns, then each person's pictures.

    `titles`: of columns, for people.
    """
    columns = list(dict.fromkeys(t.column for t in trials))
    people: dict[str, dict[str, dict[str, Trial]]] = {}
    for trial in trials:
        people.setdefault(trial.photo, {}).setdefault(trial.direction, {})[trial.column] = trial
    return (
        templates()
        .get_template("bench_page.html")
        .render(
            columns=columns,
            people=people,
            summaries=summaries(trials),
            figures=FIGURES,
            titles=titles,
            trials=len(trials),
        )
    )


def _row(number: int, trial: Trial) -> dict[str, Any]:
    made = not trial.fault
    measured, asked = trial.measured
    return {
        "number": number,
        "photo": trial.photo,
        "direction": trial.direction,
        "column": trial.column,
        "verdict": trial.state if made else "",
        "measured": measured if made else "",
        "asked": asked if made else "",
        **{name: f"{trial.figures[name]:.4f}" if name in trial.figures else "" for name in FIGURES},
        "seconds": "" if trial.seconds is None else f"{trial.seconds:.2f}",
        "refused": trial.fault,
    }


def _median(values: Sequence[float]) -> float | None:
    return median(values) if values else None
