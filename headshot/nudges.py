"""One-click nudges on a picture: "the same, but warmer". What each sets, how far it goes, and who can do it.

A nudge lays one setting over the picture's own direction (`history.go_on`): the seed is held and the rest stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from headshot.bounds import BOUNDS
from headshot.changes import flat
from headshot.effect import without_effect
from headshot.history import Step
from headshot.types import Direction

# From none to most. The words are the prompt's; the first whose mark is found in a look's own words is where it stands.
SMILES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("serious expression, mouth closed, looking at the camera", ("serious", "stern", "composed")),
    ("neutral relaxed expression, mouth closed, looking at the camera", ()),
    ("slight closed-mouth smile, looking at the camera", ("slight", "subtle", "gentle", "small")),
    ("natural friendly smile, looking at the camera", ("smile", "friendly", "warm")),
    ("broad open smile, teeth showing, looking at the camera", ("broad", "big", "open smile", "laugh")),
)
_SMILE = "look.expression"
_OF_THE_CANVAS = frozenset({"light.warmth", "light.exposure", "light.softness", "crop.head_height"})
_END = "That is as {0} as it goes."


@dataclass(frozen=True)
class Nudge:
    """`name` for a program, `label` for people; `key` of BOUNDS and by how much it moves, 0 for one that turns over.

    `end`: what is said where it goes no further; `low`, `high`: the ends, where they are closer than the bound's.
    """

    name: str
    label: str
    key: str
    by: float
    end: str
    low: float | None = None
    high: float | None = None

    def settings(self, direction: Direction) -> dict[str, Any]:
        """What it sets on this direction; {} where it has reached its end."""
        value = flat(direction)[self.key]
        if self.key == _SMILE:
            to = smile(value) + round(self.by)
            return {_SMILE: SMILES[to][0]} if 0 <= to < len(SMILES) else {}
        if self.key == "light.key_side":
            return {self.key: "left" if value == "right" else "right"}
        bound = BOUNDS[self.key]
        low = bound.low if self.low is None else self.low
        high = bound.high if self.high is None else self.high
        to = round(min(max(value + self.by, low), high), 4)
        return {self.key: to} if (to - value) * self.by > 1e-9 else {}

    def reason(self, step: Step) -> str:
        """Why it does nothing on this picture, for people; "" where it does something."""
        direction, own = step.result.direction, step.engine == "retouch"
        if self.key == _SMILE and own:
            return "Own pixels keep the smile of your photo; a generator can paint another one."
        if not own and direction.change >= 1 and self.key in _OF_THE_CANVAS:
            return "A fully generated picture takes no light and no crop from your photo. One rung lower it does."
        if said := without_effect(self.key, step.engine):
            return said
        dark = direction.light.strength <= 0 or (direction.light.key_side == "none" and self.key != "light.key_side")
        if self.key in ("light.softness", "light.key_side") and dark:
            return "There is no main light in this picture. Turn it on under “Light” first."
        return "" if self.settings(direction) else self.end


def smile(words: str) -> int:
    """Where an expression in words stands in SMILES; neutral where nothing tells."""
    said = words.lower()
    for place in (4, 2, 0, 3):  # "broad smile" and "slight smile" are smiles too: the telling word comes first
        if any(mark in said for mark in SMILES[place][1]):
            return place
    return 1


NUDGES: Mapping[str, Nudge] = MappingProxyType({
    n.name: n
    for n in (
        Nudge("warmer", "Warmer", "light.warmth", 0.2, _END.format("warm")),
        Nudge("cooler", "Cooler", "light.warmth", -0.2, _END.format("cool")),
        Nudge("brighter", "Brighter", "light.exposure", 0.2, _END.format("bright"), high=1.0),
        Nudge("darker", "Darker", "light.exposure", -0.2, _END.format("dark"), low=-1.0),
        Nudge("closer", "Closer", "crop.head_height", 0.04, _END.format("close")),
        Nudge("wider", "Wider", "crop.head_height", -0.04, _END.format("wide")),
        Nudge("softer", "Softer light", "light.softness", 0.15, "The light is as soft as it gets."),
        Nudge("other-side", "Light from the other side", "light.key_side", 0.0, ""),
        Nudge("less-smile", "Less smile", _SMILE, -1.0, "There is no smile left in the words."),
        Nudge("more-smile", "More smile", _SMILE, 1.0, "That is the broadest smile there is in words."),
    )
})  # fmt: skip
