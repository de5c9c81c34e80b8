"""Words for people that several views show: of states, of kinds of pairs, of figures and titles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from headshot.authenticity.thresholds import measures
from headshot.language import Said, figure, tr
from headshot.types import Check, Finding, KeptState, State


@dataclass(frozen=True)
class StateLabel:
    """A state in words. A colour is never the only sign: `symbol` and a word go with it.

    `title`: the report's verdict and findings; `short`: where there is less room (the printed table; in small letters
    under a picture); `mark`: one word for a terminal's column; `check`: of the photo check; `colour`: its ink, as
    "#rrggbb" on white; `verdict`: of the whole picture, in one glance.
    """

    symbol: str
    title: str
    short: str
    mark: str
    check: str
    colour: str
    verdict: str


class _States(Mapping[State, StateLabel]):
    """The labels, each in the current language when it is read."""

    def __init__(self, english: Mapping[State, StateLabel]) -> None:
        self.english = english

    def __getitem__(self, state: State) -> StateLabel:
        label = self.english[state]
        words = {name: tr(getattr(label, name)) for name in ("title", "short", "mark", "check", "verdict")}
        return replace(label, **words)

    def __iter__(self) -> Iterator[State]:
        return iter(self.english)

    def __len__(self) -> int:
        return len(self.english)


STATES: Mapping[State, StateLabel] = _States(
    {
        State.GREEN: StateLabel("✓", "Within ordinary variation", "Ordinary", "ok", "Good", "#1d6b3c", "Still you"),
        State.AMBER: StateLabel("!", "Look here", "Look here", "look", "Could be better", "#855000", "Look here"),
        State.RED: StateLabel("✕", "Changed", "Changed", "changed", "Weak point", "#a3221a", "Changed"),
        State.GREY: StateLabel(
            "○", "Not measured", "Not measured", "grey", "Not measured", "#5c5751", "Too little to tell"
        ),
    }
)
KEPT_TITLE = "What you asked to keep"
KEPT_STATES: Mapping[KeptState, State] = {
    KeptState.KEPT: State.GREEN,
    KeptState.LOOK_HERE: State.AMBER,
    KeptState.LOST: State.RED,
    KeptState.NOT_MEASURED: State.GREY,
}

# Which thresholds the report used: the closer two pictures are, the sharper it can judge.
KINDS: Mapping[str, str] = Said(
    {
        "own pixels": "Measured against the same photo, with the strictest limits that the face’s size allows: nothing "
        "here was painted by an AI.",
        "generator": "Measured against the same photo, with the wider limits for pictures that an AI may have "
        "repainted.",
        "same frame": "Measured as your photo's frame painted anew: sizes are not judged, colours with wide limits.",
        "another photo": "Measured as another photo of you: pose and light differ, so fewer things can be judged.",
        "unsure": "Whether this is the same photo could not be told, so fewer things can be judged.",
        "no face": "No face was found in the picture, so nothing could be compared.",
    }
)


def note_state(check: Check) -> State:
    """Give the state that a photo's check is shown in: amber at most, a note on a photo that was taken all the same."""
    return min(check.state, State.AMBER)


def number(value: float, unit: str = "") -> str:
    """Write a figure with its unit, three significant digits but no more than two decimals, and a true minus sign."""
    text = f"{value:.3g}" if 1 <= abs(value) < 1000 else f"{round(value, 2):g}" if abs(value) < 1 else f"{value:.0f}"
    text = "0" if text == "-0" else text
    unit = "mark" if unit == "marks" and text == "1" else unit
    text = figure(text.replace("-", "−"))
    if unit.startswith("%"):
        return tr("{text}%", text=text) + tr(unit).removeprefix("%")
    return text + tr(unit) if unit.startswith("°") or not unit else f"{text} {tr(unit)}"


def capitalised(text: str) -> str:
    """Begin with a capital letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def finding_title(finding: Finding) -> str:
    """Give the finding's title, or its id in words."""
    return tr(finding.title) or finding.id.replace("_", " ").capitalize()


def chip_title(finding: Finding) -> str:
    """Give the few words for what does not strike: the good state where it is one, else the title."""
    row = measures().get(finding.id)
    good = row.good if row is not None and finding.state == State.GREEN else ""
    return tr(good) or finding_title(finding)


def grouped_by_reason(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Group the findings without a figure by why they have none: those of one reason share a row everywhere."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.value is None:
            groups.setdefault(finding.sentence, []).append(finding)
    return list(groups.values())
