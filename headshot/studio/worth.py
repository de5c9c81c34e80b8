"""Is it worth it? Ranges in, ranges out: this picture against the present photo and against a photographer.

    this picture  = benefit − P(noticed) · P(put off) · loss − price − own time
    photographer  = benefit − the photographer's price − own time there

Money is in US dollars, as the sources have it. Each answer is the range between the worst and the best case of
all assumptions together: both formulas are monotonic in each of them, so the corners are exact. Pure functions.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from headshot.errors import UserError
from headshot.language import inside, tr
from headshot.text import asset
from headshot.types import AuthenticityReport, State

Range = tuple[float, float]


@dataclass(frozen=True)
class Assumption:
    """One thing to assume: bounds and `default` in `unit`, and where the default comes from."""

    key: str
    title: str
    unit: str
    low: float
    high: float
    step: float
    default: Range
    source: str


def _read() -> tuple[str, tuple[Assumption, ...]]:
    table = tomllib.loads(asset(__file__, "assumptions.toml"))
    source = table["ringover"]
    rows = ({**row, "default": tuple(row["default"])} for row in table["assumption"])
    return source, tuple(Assumption(**row | {"source": row["source"].format(ringover=source)}) for row in rows)


RINGOVER, ASSUMPTIONS = _read()


@dataclass(frozen=True)
class Worth:
    """`over_present`, `over_photographer`: how much better this picture is, USD, worst to best case.

    `not_as_it_is`: the likeness is red, so no sum is offered. `headline` and `lines` are plain
    sentences; `changes` says what to do when it is not worth it as it is.
    """

    over_present: Range
    over_photographer: Range
    not_as_it_is: bool
    headline: str
    lines: tuple[str, ...]
    changes: tuple[str, ...] = ()


def defaults() -> dict[str, Range]:
    """The default of each assumption by key."""
    return {a.key: a.default for a in ASSUMPTIONS}


def worth(ranges: Mapping[str, Range], report: AuthenticityReport | None = None) -> Worth:
    """Weigh this picture. `ranges`: (low, high) for each key of ASSUMPTIONS; `report`: on the picture, if there is one.

    Raises UserError for a missing, reversed or impossible range.
    """
    given = {a.key: _checked(a, ranges.get(a.key)) for a in ASSUMPTIONS}
    present = _corners(given, against_photographer=False)
    photographer = _corners(given, against_photographer=True)
    if report is not None and (message := _red_likeness(report)):
        lost = tr("No price makes up for a picture that is not you.")
        return Worth(present, photographer, True, tr("Not worth it as it is."), (message, lost), _changes(report))
    lines = [
        _line(tr("Against your present photo"), present),
        _line(tr("Against a photographer, if both pictures are equally good"), photographer),
        _hinge(given),
    ]
    if even := _break_even(given):
        lines.append(even)
    if report is not None and report.kind == "own pixels":
        lines.append(
            tr(
                "This picture is made of your own pixels and nothing in it was painted: there is no AI in "
                "it to be noticed."
            )
        )
    return Worth(present, photographer, False, _headline(present, photographer), tuple(lines))


def _checked(assumption: Assumption, given: Range | None) -> Range:
    if given is None or len(given) != 2:
        raise UserError(tr("“{title}” is missing.", title=tr(assumption.title)), "Give it a lower and an upper end.")
    low, high = float(given[0]), float(given[1])
    if not assumption.low <= low <= high <= assumption.high:
        raise UserError(
            tr(
                "“{title}” must lie between {low:g} and {high:g} {unit}.",
                title=tr(assumption.title),
                low=assumption.low,
                high=assumption.high,
                unit=tr(assumption.unit),
            ),
            "The lower end comes first.",
        )
    return low, high


def _net(v: Mapping[str, float], against_photographer: bool) -> float:
    hidden = v["noticed"] / 100 * v["put_off"] / 100 * v["loss"]
    cost = v["price"] + v["minutes"] / 60 * v["hour"] + hidden
    if against_photographer:
        return v["photographer"] + v["hours"] * v["hour"] - cost
    return v["benefit"] - cost


_GAINS = frozenset({"benefit", "photographer", "hours"})  # the more of these, the better this picture stands


def _corners(given: Mapping[str, Range], *, against_photographer: bool) -> Range:
    worst = {k: r[0] if k in _GAINS else r[1] for k, r in given.items()}
    best = {k: r[1] if k in _GAINS else r[0] for k, r in given.items()}
    ends = []
    for case, pick in ((worst, min), (best, max)):
        # An hour's worth counts on both sides of the photographer's sum, so its sign depends on the other values.
        ends.append(pick(_net({**case, "hour": hour}, against_photographer) for hour in given["hour"]))
    return ends[0], ends[1]


def _middle(given: Mapping[str, Range]) -> dict[str, float]:
    return {k: (low + high) / 2 for k, (low, high) in given.items()}


def _hinge(given: Mapping[str, Range]) -> str:
    """The assumption whose own range moves the sums most, the others at their middles."""
    middle = _middle(given)

    def swing(key: str) -> float:
        ends = [[_net({**middle, key: end}, way) for end in given[key]] for way in (False, True)]
        return max(abs(b - a) for a, b in ends)

    key = max(given, key=swing)
    title = next(a.title for a in ASSUMPTIONS if a.key == key)
    if swing(key) == 0:
        return tr("You left nothing open, so this is a single sum.")
    return tr("It depends mostly on one thing: {title}. Narrow that one first.", title=inside(tr(title)))


def _break_even(given: Mapping[str, Range]) -> str:
    """Up to which loss this picture beats a photographer, with all else at its middle; "" where none matters."""
    middle = _middle(given)
    odds = middle["noticed"] / 100 * middle["put_off"] / 100
    spare = _net({**middle, "loss": 0.0}, True)
    if odds <= 0 or spare <= 0:
        return ""
    return tr(
        "With everything else at its middle, it beats a photographer as long as one person who is put off costs you "
        "less than about {money:,.0f} USD.",
        money=_round(spare / odds),
    )


def _round(value: float) -> float:
    """To two significant digits: more would pretend to know."""
    return float(f"{value:.2g}")


def _money(value: float) -> str:
    rounded = _round(value)
    if rounded == 0:
        return "0 USD"
    words = "{money:,.0f} USD better off" if rounded > 0 else "{money:,.0f} USD worse off"
    return tr(words, money=abs(rounded))


def _line(where: str, span: Range) -> str:
    low, high = span
    if _round(low) == _round(high):
        return f"{tr(where)}: {_money(low)}."
    return tr("{where}: from {low} to {high}.", where=tr(where), low=_money(low), high=_money(high))


def _headline(present: Range, photographer: Range) -> str:
    def place(span: Range) -> int:
        return 1 if span[0] > 0 else -1 if span[1] < 0 else 0

    a, b = place(present), place(photographer)
    if a == 1 and b == 1:
        return tr("Worth it, in every case that you allow.")
    if a == -1:
        return tr("Not worth it: your present photo is the better deal in every case that you allow.")
    if b == -1:
        return tr("A photographer is the better deal in every case that you allow.")
    if a == 1:
        return tr("Better than your present photo in every case that you allow; against a photographer it is open.")
    if b == 1:
        return tr("Cheaper than a photographer in every case that you allow; whether you need a new picture is open.")
    return tr("It can go either way with what you assume.")


def _red_likeness(report: AuthenticityReport) -> str:
    """What the report says of a likeness that is red; "" where none is."""
    judges = ("likeness", "likeness_second", "likeness_third")
    red = (f.sentence for f in report.findings if f.id in judges and f.id in report.deciding and f.state == State.RED)
    return next(red, "")


def _changes(report: AuthenticityReport) -> tuple[str, ...]:
    """What would bring the person back, by how the picture came to be."""
    steps = []
    if report.kind in ("own pixels", "generator"):
        steps.append(tr("On “Make”, let the app change less: “own pixels” and “new backdrop” leave your face alone."))
    else:
        steps.append(tr("Have it made again from a sharper photo that looks into the lens, or from several photos."))
        steps.append(tr("Or make one here from your own pixels, on “Make”: your face stays as it was photographed."))
    found = [f for f in report.deciding_findings if f.state == State.RED and f.id != "likeness"]
    if found:
        steps.append(tr("What else changed: {sentences}", sentences=" ".join(f.sentence for f in found[:3])))
    steps.append(tr("Then judge it again; this page takes the new report."))
    return tuple(steps)
