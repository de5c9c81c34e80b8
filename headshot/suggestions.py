"""Words → controls: what of a direction in plain words a control can do, offered as one click.

The vocabulary below is small and documented; each entry is a phrase, the settings that it stands for, and nothing
else. What no entry covers goes to the prompt, where only a generator hears it. Nothing is dropped in silence: every
word of the user comes back either in a suggestion, in the words for the prompt, or with the reason why not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from headshot.bounds import clean, parse
from headshot.effect import without_effect
from headshot.plain import name_of, value_of

_ONLY_PAINTED = "Only a generator can do this: own pixels keep you as you were photographed."
_STOP = frozenset("a an the and or with of in on at to as like my i me please some very is are be for it".split())


@dataclass(frozen=True)
class Suggestion:
    """`said`: the user's words that it answers; `settings`: keys of BOUNDS (and "preset") → values; `reason`: why the
    engine cannot do it ("": it can); `offer`: the line on the button.
    """

    said: str
    settings: Mapping[str, Any]
    reason: str = ""

    @property
    def offer(self) -> str:
        parts = [f"{name_of(k)}: {value_of(k, v)}" for k, v in self.settings.items()]
        return f"“{self.said}” → {', '.join(parts)}"


@dataclass(frozen=True)
class Reading:
    """`suggestions` in the order of the words; `prompt`: what no control does; `unheard`: (words, reason) of what the
    engine cannot do at all.
    """

    suggestions: tuple[Suggestion, ...]
    prompt: str
    unheard: tuple[tuple[str, str], ...] = ()


# Phrase (a regular expression of whole words) → settings. Longer phrases stand before those that they contain.
_WINDOW = {"light.strength": 0.4, "light.softness": 0.9}
_RULES: tuple[tuple[str, dict[str, Any]], ...] = (
    # ---- looks
    (r"black and white|b ?& ?w|monochrome|greyscale|grayscale", {"retouch.mono": 1.0}),
    (r"in colou?r", {"retouch.mono": 0.0}),
    # ---- light
    (r"window light|light (?:from|of) a window", _WINDOW),
    (r"no (?:extra |studio )?light|natural light(?:ing)?", {"light.key_side": "none"}),
    (r"soft(?:er)? light(?:ing)?|diffused? light(?:ing)?", {"light.softness": 0.95}),
    (r"hard(?:er)? light(?:ing)?", {"light.softness": 0.15}),
    (r"(?:light )?(?:coming )?from (?:high |right )?above|high(?:er)? light|overhead light",
     {"light.key_height": 50.0}),
    (r"low(?:er)? light|light (?:at|from) eye level", {"light.key_height": 5.0}),
    (r"(?:a (?:bit|little) )?(?:more|brighter) fill(?: light)?|soft(?:er)? shadows|(?:open|lift)(?: the)? shadows",
     {"light.fill": 0.6}),
    (r"(?:no|less) fill(?: light)?|deep(?:er)? shadows|hard(?:er)? shadows", {"light.fill": 0.0}),
    (r"dramatic(?: light(?:ing)?)?|moody(?: light(?:ing)?)?", {"light.strength": 0.85, "light.softness": 0.4}),
    (r"(?:light )?(?:coming )?from (?:the |my )?left|left light", {"light.key_side": "left"}),
    (r"(?:light )?(?:coming )?from (?:the |my )?right|right light", {"light.key_side": "right"}),
    (r"even light(?:ing)?|flat light(?:ing)?", {"light.key_side": "none", "light.balance": 0.8}),
    (r"(?:a (?:bit|little) |slightly )?warmer|warm(?:er)? (?:light|tones?|colou?rs?)", {"light.warmth": 0.4}),
    (r"(?:a (?:bit|little) |slightly )?cooler|cool(?:er)? (?:light|tones?|colou?rs?)", {"light.warmth": -0.4}),
    (r"(?:a (?:bit|little) |slightly )?brighter", {"light.exposure": 0.4}),
    (r"(?:a (?:bit|little) |slightly )?darker", {"light.exposure": -0.4}),
    # ---- backdrop
    (r"(?:plain |pure )?white (?:background|backdrop|wall)",
     {"backdrop.kind": "seamless", "backdrop.colour": "#f2f3f3"}),
    (r"(?:plain )?(?:light gr[ea]y) (?:background|backdrop|wall)",
     {"backdrop.kind": "gradient", "backdrop.colour": "#bcbdbd"}),
    (r"(?:plain )?(?:dark gr[ea]y|charcoal) (?:background|backdrop|wall)",
     {"backdrop.kind": "gradient", "backdrop.colour": "#4a4d51"}),
    (r"(?:plain |neutral )?gr[ea]y (?:background|backdrop|wall)",
     {"backdrop.kind": "gradient", "backdrop.colour": "#8d9196"}),
    (r"(?:plain )?black (?:background|backdrop|wall)",
     {"backdrop.kind": "seamless", "backdrop.colour": "#141414"}),
    (r"(?:plain |dark |navy )?blue (?:background|backdrop|wall)",
     {"backdrop.kind": "brand", "backdrop.colour": "#1f3a5f"}),
    (r"(?:plain |dark )?green (?:background|backdrop|wall)",
     {"backdrop.kind": "seamless", "backdrop.colour": "#41584a"}),
    (r"(?:plain )?(?:brown|warm) (?:background|backdrop|wall)",
     {"backdrop.kind": "gradient", "backdrop.colour": "#5b4a3e"}),
    (r"(?:blurred|blurry|soft) (?:own )?(?:background|backdrop)|blur (?:my|the) background", {"backdrop.kind": "blur"}),
    (r"(?:keep )?(?:my|the) own (?:background|backdrop)|keep (?:my|the) background", {"backdrop.kind": "own"}),
    (r"bokeh(?: lights?)?", {"backdrop.kind": "bokeh"}),
    (r"(?:muslin|canvas|mottled|hand-?painted|painted|textured) (?:background|backdrop|wall)",
     {"backdrop.kind": "gradient", "backdrop.texture": 0.6}),
    (r"(?:plain|untextured|smooth) (?:background|backdrop|wall)", {"backdrop.texture": 0.0}),
    # ---- crop and camera
    (r"long(?:er)? lens|tele(?:photo)?(?: lens)?|flatter (?:face|perspective)|farther camera", {"crop.lens": 0.8}),
    (r"wide(?:r)?[- ]angle(?: lens)?|short(?:er)? lens|nearer camera", {"crop.lens": -0.8}),
    (r"(?:camera )?(?:slightly |a (?:bit|little) )?(?:from )?above (?:my )?eye level|high(?:er)? camera",
     {"crop.camera_height": 0.7}),
    (r"(?:camera )?(?:slightly |a (?:bit|little) )?(?:from )?below (?:my )?eye level|low(?:er)? camera",
     {"crop.camera_height": -0.7}),
    (r"square(?: (?:crop|picture|format))?|for linkedin", {"crop.aspect": "1:1"}),
    (r"portrait (?:format|crop|shape)", {"crop.aspect": "4:5"}),
    (r"tight(?:er)? crop|closer|close[- ]up", {"crop.head_height": 0.6}),
    (r"wider|loos(?:e|er) crop|more (?:room|space)(?: round me| around me)?", {"crop.head_height": 0.42}),
    (r"straight(?:en)?(?: head| my head)?", {"crop.level": 1.0}),
    # ---- finish
    (r"more contrast|contrasty|punchy", {"retouch.contrast": 0.5}),
    (r"less contrast|low contrast", {"retouch.contrast": 0.0}),
    (r"sharper|crisp", {"retouch.sharpness": 0.5}),
    (r"film grain|grainy|like film", {"retouch.grain": 0.4}),
    (r"no retouch(?:ing)?|unretouched",
     {"retouch.skin": 0.0, "retouch.eyes": 0.0, "retouch.sharpness": 0.0, "retouch.contrast": 0.0}),
    (r"(?:lightly )?even(?:er)? skin|smooth(?:er)? skin", {"retouch.skin": 0.4}),
    # ---- what a generator paints
    (r"(?:no|without(?: a)?) smile|neutral expression|serious|not smiling", {"posing.expression": "neutral"}),
    (r"(?:slight|small|gentle|subtle|less|little) smile", {"posing.expression": "slight-smile"}),
    (r"(?:(?:a |big |broad |friendly )*smile|smiling)", {"posing.expression": "smile"}),
    (r"looking (?:to the |to my )?left", {"posing.gaze": "left"}),
    (r"looking (?:to the |to my )?right|looking (?:away|aside|to the side|past the camera)", {"posing.gaze": "right"}),
    (r"(?:looking )?(?:straight )?(?:at|into) the (?:camera|lens)|eye contact", {"posing.gaze": "lens"}),
    (r"(?:head |face )?turned (?:slightly )?(?:to the |to my )?left", {"posing.turn": "slight-left"}),
    (r"(?:head |face )?turned (?:slightly )?(?:to the |to my )?right", {"posing.turn": "slight-right"}),
    (r"three[- ]quarters?(?: view)?", {"posing.turn": "three-quarter"}),
    (r"facing (?:the camera|forward|front)|frontal", {"posing.turn": "straight"}),
    (r"no tie|without (?:a )?tie|open collar", {"look.wardrobe": "jacket over an open collar, no tie"}),
    (r"(?:dark |navy |grey )?suit and tie|with (?:a )?tie", {"look.wardrobe": "tailored dark suit, white shirt, tie"}),
    (r"(?:a |dark |navy )*suit", {"look.wardrobe": "tailored dark suit, white shirt"}),
    (r"smart casual(?: clothes)?", {"posing.attire": "smart-casual"}),
    (r"less formal|informal|casual(?: clothes)?|t-?shirt|no jacket", {"posing.attire": "casual"}),
    (r"business(?: (?:clothes|attire|casual))|more formal|blazer", {"posing.attire": "business"}),
    (r"(?:very )?formal(?:ly dressed)?(?: (?:clothes|attire))?|dressed up", {"posing.attire": "formal"}),
)  # fmt: skip
VOCABULARY: tuple[tuple[re.Pattern[str], Mapping[str, Any]], ...] = tuple(
    (re.compile(rf"(?<!\w)(?:{phrase})(?!\w)", re.IGNORECASE), MappingProxyType(settings))
    for phrase, settings in _RULES
)


def read(words: str, engine: str = "retouch") -> Reading:
    """What of `words` the controls can do with `engine`, and what is left for the prompt. Raises DirectionError.

    A phrase that stands for several controls comes back as one suggestion; where two phrases set the same control the
    later one in the text wins and the earlier one is told in `unheard`.
    """
    text = str(parse("words", words))
    taken = [False] * len(text)
    found: list[tuple[int, str, Mapping[str, Any]]] = []
    for pattern, settings in VOCABULARY:
        free = "".join("\0" if gone else c for c, gone in zip(text, taken, strict=True))
        for match in pattern.finditer(free):
            start, end = match.span()
            taken[start:end] = [True] * (end - start)
            found.append((start, match.group(), settings))
    found.sort(key=lambda f: f[0])
    suggestions, unheard = [], []
    last = {key: place for place, _, settings in found for key in settings}
    for place, said, settings in found:
        mine = {k: v for k, v in settings.items() if last[k] == place}
        if not mine:
            unheard.append((said, "Your later words ask for something else."))
            continue
        reasons = [_ONLY_PAINTED for k in mine if without_effect(k, engine)]
        suggestions.append(Suggestion(said, MappingProxyType(mine), reasons[0] if reasons else ""))
    rest = _rest(text, taken)
    if rest and without_effect("words", engine):
        unheard.append((rest, "No control stands for these words, and only a generator paints from words."))
    return Reading(tuple(suggestions), rest, tuple(unheard))


def _rest(text: str, taken: list[bool]) -> str:
    """The words that no phrase took, without commas and little words that are left hanging."""
    left = "".join(" " if gone and c != "," else c for c, gone in zip(text, taken, strict=True))
    parts = []
    for part in left.split(","):
        words = clean(part).split()
        while words and words[-1].lower() in _STOP:
            words.pop()
        while words and words[0].lower() in _STOP and words[0].lower() not in ("like", "as"):
            words.pop(0)
        if words:
            parts.append(" ".join(words))
    return ", ".join(parts)
