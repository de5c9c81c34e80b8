"""The record of one setting: all that the page, the command line and the contact sheet need to know of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from headshot.direction.locks import Place
from headshot.direction.places import MOST_PLACES
from headshot.language import tr
from headshot.types import Look


class HeededBy(Enum):
    """Who takes notice of a setting."""

    ALL = auto()  # own pixels, and a generator on every rung
    GENERATOR = auto()  # a generator alone
    PHOTO = auto()  # what works on the photo's pixels: all but a fully generated picture, which has none
    ALL_IN_WORDS = auto()  # as ALL, but where all is generated in a few words: a small move may change none of them


@dataclass(frozen=True)
class Adjustment:
    """A one-click step of a setting, under the picture: "the same, but warmer".

    `name` for a program, `label` for people; `by`: how far it moves, places for a choice with an order, 0 for one that
    turns over. `end`: what is said where it goes no further; `low`, `high`: its ends, where they are closer than the
    setting's. `own_pixels`: why own pixels cannot do it, where that says more than the setting's own reason.
    Small `order` comes first in the row. `to`: the choice that it sets, in place of a step.
    """

    name: str
    label: str
    by: float
    end: str
    order: int
    low: float | None = None
    high: float | None = None
    own_pixels: str = ""
    to: str = ""


@dataclass(frozen=True)
class Setting:
    """One setting. `kind`: number, integer, choice, colour, text or places (of the photo).

    `low`, `high` (both inclusive) and `step` for numbers, in `unit`; `choices` for a choice, `length` (characters) for
    text. `label` is the plain word for people, `technical` the field's standard name, or "".
    """

    label: str
    technical: str = ""
    kind: str = "number"
    low: float = 0.0
    high: float = 1.0
    step: float = 0.05
    choices: tuple[str, ...] = ()
    length: int = 0
    unit: str = ""
    group: str = ""  # the heading on the page under which its control stands; "" for a field of its own, or none
    heeded_by: HeededBy = HeededBy.ALL
    own_pixels: str = ""  # why own pixels ignore it, for people; `{}` is the label
    repaints: tuple[Place, ...] = ()  # what a generator must be free to repaint for it
    band: Callable[[float], int] | None = None  # number of the phrase that a value comes to, where it is said in words
    from_look: Callable[[Look], str] | None = None  # of a choice with an order: what the look's own words come to
    main_light: bool = False  # it shapes the main light: where that is off, it does nothing
    finish: bool = False  # it works on the person: part of the finish that may go too far
    moves: bool = False  # it moves features of the face, so that how far one stays oneself is shown beside it
    ways: tuple[str, str] | None = None  # in a photographer's words: up, down
    spread: tuple[float | str, ...] = ()  # values that a contact sheet starts with; () for an even spread
    adjustments: tuple[Adjustment, ...] = ()
    slider: str = ""  # what it is called among the page's few sliders in front of all controls; "" elsewhere

    @property
    def numeric(self) -> bool:
        return self.kind in ("number", "integer")

    @property
    def order(self) -> tuple[str, ...]:
        """The choices from least to most, of a choice that has an order; without "as the look says"."""
        return self.choices[1:] if self.from_look else ()

    @property
    def info(self) -> str:
        """The field's standard name, with the unit."""
        return ", ".join(part for part in (self.technical, self.unit) if part)

    @property
    def spread_values(self) -> tuple[str, ...]:
        """The values that a contact sheet starts with, as text: `spread`, else four even steps of a number."""
        if self.spread or self.kind != "number":
            return tuple(v if isinstance(v, str) else f"{v:g}" for v in self.spread)
        return tuple(f"{self.low + (self.high - self.low) * share:.2g}" for share in (0, 1 / 3, 2 / 3, 1))

    @property
    def allowed(self) -> str:
        """What is allowed, as words that end a sentence."""
        match self.kind:
            case "choice":
                return "one of " + ", ".join(self.choices)
            case "colour":
                return "a colour such as #8d9196"
            case "text":
                return tr("text of at most {length} characters", length=self.length)
            case "places":
                return tr(
                    "at most {most_places} places such as 0.42,0.31, as shares of the photo's width and height",
                    most_places=MOST_PLACES,
                )
            case "integer":
                return tr("a whole number from {low:.0f} to {high:.0f}", low=self.low, high=self.high)
            case _:
                return tr("a number from {low:g} to {high:g}", low=self.low, high=self.high)
