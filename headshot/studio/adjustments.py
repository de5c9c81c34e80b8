"""One-click nudges on a picture: "the same, but warmer". What each sets, how far it goes, and who can do it.

A nudge lays one setting over the picture's own direction (`history.go_on`): the seed is held and the rest stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from headshot.direction.applicability import only_in_words, why_ignored
from headshot.direction.diff import as_settings
from headshot.direction.phrases import expression_of, frame_band, softness_band
from headshot.direction.settings import SETTINGS
from headshot.studio.history import Step
from headshot.types import EXPRESSIONS, Direction

_SMILES = EXPRESSIONS[1:]  # from none to most
_SMILE = "posing.expression"
# Where a setting is heard in words alone: which of the words it comes to.
_BANDS: Mapping[str, Callable[[float], int]] = {"crop.head_height": frame_band, "light.softness": softness_band}
_END = "That is as {0} as it goes."


@dataclass(frozen=True)
class Adjustment:
    """`name` for a program, `label` for people; `key` of SETTINGS and by how much it moves, 0 for one that turns over.

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
        value = as_settings(direction)[self.key]
        if self.key == _SMILE:
            now = value if value in _SMILES else expression_of(direction.look.expression)
            place = _SMILES.index(now) + round(self.by)
            return {_SMILE: _SMILES[place]} if 0 <= place < len(_SMILES) else {}
        if self.key == "light.key_side":
            return {self.key: "left" if value == "right" else "right"}
        to = self._moved(value)
        if only_in_words(self.key, direction.change, direction.keep):
            band = _BANDS[self.key]
            while band(to) == band(value) and to != self._moved(to):  # as far as the words need to say something else
                to = self._moved(to)
            if band(to) == band(value):
                return {}
        return {self.key: to} if (to - value) * self.by > 1e-9 else {}

    def _moved(self, value: float) -> float:
        """One step on, no further than the end."""
        bound = SETTINGS[self.key]
        low = bound.low if self.low is None else self.low
        high = bound.high if self.high is None else self.high
        return round(min(max(value + self.by, low), high), 4)

    def reason(self, step: Step) -> str:
        """Why it does nothing on this picture, for people; "" where it does something."""
        direction = step.result.direction
        if self.key == _SMILE and step.engine == "retouch":
            return "Own pixels keep the smile of your photo; a generator can paint another one."
        if said := why_ignored(self.key, step.engine, direction.change, direction.keep):
            return said
        dark = direction.light.strength <= 0 or (direction.light.key_side == "none" and self.key != "light.key_side")
        if self.key in ("light.softness", "light.key_side") and dark:
            return "There is no main light in this picture. Turn it on under “Light” first."
        return "" if self.settings(direction) else self.end


ADJUSTMENTS: Mapping[str, Adjustment] = MappingProxyType(
    {
        n.name: n
        for n in (
            Adjustment("warmer", "Warmer", "light.warmth", 0.2, _END.format("warm")),
            Adjustment("cooler", "Cooler", "light.warmth", -0.2, _END.format("cool")),
            Adjustment("brighter", "Brighter", "light.exposure", 0.2, _END.format("bright"), high=1.0),
            Adjustment("darker", "Darker", "light.exposure", -0.2, _END.format("dark"), low=-1.0),
            Adjustment("closer", "Closer", "crop.head_height", 0.04, _END.format("close")),
            Adjustment("wider", "Wider", "crop.head_height", -0.04, _END.format("wide")),
            Adjustment("softer", "Softer light", "light.softness", 0.15, "The light is as soft as it gets."),
            Adjustment("other-side", "Light from the other side", "light.key_side", 0.0, ""),
            Adjustment("less-smile", "Less smile", _SMILE, -1.0, "There is no smile left."),
            Adjustment("more-smile", "More smile", _SMILE, 1.0, "That is the broadest smile there is."),
        )
    }
)
