"""The phrases that controls understand, and the settings that each stands for.

A value is set as it is; `AtLeast` and `AtMost` leave alone what goes further already; `By` goes on from where it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class By:
    """So much more than now, or less; of a choice with an order, so many places."""

    step: float


@dataclass(frozen=True)
class AtLeast:
    """This, or more where there is more."""

    value: float


@dataclass(frozen=True)
class AtMost:
    """This, or less where there is less."""

    value: float


_BIT = r"(?:a (?:bit|little) |slightly )?"
_MORE = r"(?:a (?:bit|little) )?more"
_LESS = r"(?:a (?:bit|little) )?less"
_LIGHT = r"light(?:ing)?"
_WALL = r"(?:background|backdrop|wall)"
_UNRETOUCHED = dict.fromkeys(
    (
        f"retouch.{name}"
        for name in (
            *("shine", "redness", "under_eyes", "red_eyes", "glare", "stray_hairs", "teeth"),
            *("skin", "eyes", "sharpness", "contrast"),
        )
    ),
    0.0,
)

# Phrase (a regular expression of whole words) → settings. Longer phrases stand before those that they contain.
_RULES: tuple[tuple[str, dict[str, Any]], ...] = (
    # ---- looks
    (r"black and white|black-and-white|b ?& ?w|monochrome|greyscale|grayscale", {"retouch.mono": 1.0}),
    (r"in colou?r", {"retouch.mono": 0.0}),
    # ---- light
    (rf"window {_LIGHT}|light (?:from|of|through) a window", {"light.strength": 0.4, "light.softness": AtLeast(0.9)}),
    (rf"no (?:extra |studio )?{_LIGHT}|natural {_LIGHT}", {"light.key_side": "none"}),
    (rf"{_BIT}softer {_LIGHT}|{_MORE} (?:soft|diffused?) {_LIGHT}", {"light.softness": By(0.25)}),
    (rf"{_BIT}harder {_LIGHT}|{_LESS} soft {_LIGHT}", {"light.softness": By(-0.25)}),
    (rf"soft {_LIGHT}|diffused? {_LIGHT}", {"light.softness": AtLeast(0.95)}),
    (rf"hard {_LIGHT}", {"light.softness": AtMost(0.15)}),
    (rf"{_BIT}higher {_LIGHT}", {"light.key_height": By(15.0)}),
    (rf"{_BIT}lower {_LIGHT}", {"light.key_height": By(-15.0)}),
    (
        rf"(?:light )?(?:coming )?from (?:high |right )?above|high {_LIGHT}|overhead {_LIGHT}",
        {"light.key_height": AtLeast(50.0)},
    ),
    (rf"low {_LIGHT}|light (?:at|from) eye level", {"light.key_height": AtMost(5.0)}),
    (
        rf"{_MORE} fill(?: light)?|{_BIT}brighter fill(?: light)?|{_BIT}softer shadows|(?:open|lift)(?: the)? shadows",
        {"light.fill": By(0.4)},
    ),
    (rf"{_LESS} fill(?: light)?|{_BIT}(?:deeper|harder) shadows", {"light.fill": By(-0.4)}),
    (r"soft shadows", {"light.fill": AtLeast(0.5)}),
    (r"no fill(?: light)?|(?:deep|hard) shadows", {"light.fill": 0.0}),
    (rf"dramatic(?: {_LIGHT})?|moody(?: {_LIGHT})?", {"light.strength": AtLeast(0.85), "light.softness": AtMost(0.4)}),
    (r"(?:light )?(?:coming )?from (?:the |my )?left|left light", {"light.key_side": "left"}),
    (r"(?:light )?(?:coming )?from (?:the |my )?right|right light", {"light.key_side": "right"}),
    (rf"even {_LIGHT}|flat {_LIGHT}", {"light.key_side": "none", "light.balance": AtLeast(0.8)}),
    (rf"{_BIT}warmer(?: (?:light|tones?|colou?rs?))?|{_MORE} warm(?:th)?", {"light.warmth": By(0.4)}),
    (rf"{_BIT}cooler(?: (?:light|tones?|colou?rs?))?", {"light.warmth": By(-0.4)}),
    (r"warm (?:light|tones?|colou?rs?)", {"light.warmth": AtLeast(0.4)}),
    (r"cool (?:light|tones?|colou?rs?)", {"light.warmth": AtMost(-0.4)}),
    (rf"{_BIT}brighter", {"light.exposure": By(0.4)}),
    (rf"{_BIT}darker", {"light.exposure": By(-0.4)}),
    # ---- backdrop
    (rf"(?:plain |pure )?white {_WALL}", {"backdrop.kind": "seamless", "backdrop.colour": "#f2f3f3"}),
    (rf"(?:plain )?light gr[ea]y {_WALL}", {"backdrop.kind": "gradient", "backdrop.colour": "#bcbdbd"}),
    (rf"(?:plain )?(?:dark gr[ea]y|charcoal) {_WALL}", {"backdrop.kind": "gradient", "backdrop.colour": "#4a4d51"}),
    (rf"(?:plain |neutral )?gr[ea]y {_WALL}", {"backdrop.kind": "gradient", "backdrop.colour": "#8d9196"}),
    (rf"(?:plain )?black {_WALL}", {"backdrop.kind": "seamless", "backdrop.colour": "#141414"}),
    (rf"(?:plain |dark |navy )?blue {_WALL}", {"backdrop.kind": "brand", "backdrop.colour": "#1f3a5f"}),
    (rf"(?:plain |dark )?green {_WALL}", {"backdrop.kind": "seamless", "backdrop.colour": "#41584a"}),
    (rf"(?:plain )?(?:brown|warm) {_WALL}", {"backdrop.kind": "gradient", "backdrop.colour": "#5b4a3e"}),
    (rf"(?:blurred|blurry|soft) (?:own )?{_WALL}|blur (?:my|the) background", {"backdrop.kind": "blur"}),
    (rf"(?:keep )?(?:my|the) own {_WALL}|keep (?:my|the) background", {"backdrop.kind": "own"}),
    (r"bokeh(?: lights?)?", {"backdrop.kind": "bokeh"}),
    (
        rf"(?:muslin|canvas|mottled|hand-?painted|painted|textured) {_WALL}",
        {"backdrop.kind": "gradient", "backdrop.texture": AtLeast(0.6)},
    ),
    (rf"(?:plain|untextured|smooth) {_WALL}", {"backdrop.texture": 0.0}),
    # ---- crop and camera
    (rf"{_BIT}longer lens|flatter (?:face|perspective)|farther camera", {"crop.lens": By(0.6)}),
    (rf"{_BIT}shorter lens|nearer camera", {"crop.lens": By(-0.6)}),
    (r"long lens|tele(?:photo)?(?: lens)?", {"crop.lens": AtLeast(0.8)}),
    (r"wide(?:r)?[- ]angle(?: lens)?|short lens", {"crop.lens": AtMost(-0.8)}),
    (rf"{_BIT}higher camera", {"crop.camera_height": By(0.5)}),
    (rf"{_BIT}lower camera", {"crop.camera_height": By(-0.5)}),
    (rf"(?:camera )?{_BIT}(?:from )?above (?:my )?eye level|high camera", {"crop.camera_height": AtLeast(0.7)}),
    (rf"(?:camera )?{_BIT}(?:from )?below (?:my )?eye level|low camera", {"crop.camera_height": AtMost(-0.7)}),
    (r"square(?: (?:crop|picture|format))?|for linkedin", {"crop.aspect": "1:1"}),
    (r"portrait (?:format|crop|shape)", {"crop.aspect": "4:5"}),
    (r"tight crop|close[- ]up", {"crop.head_height": AtLeast(0.6)}),
    (rf"{_BIT}(?:tighter crop|tighter|closer)", {"crop.head_height": By(0.06)}),
    (
        rf"{_BIT}wider(?: crop)?|loos(?:e|er) crop|{_MORE} (?:room|space)(?: round me| around me)?",
        {"crop.head_height": By(-0.06)},
    ),
    (r"head and shoulders", {"crop.head_height": 0.5}),
    (r"straight(?:en)?(?: head| my head)?", {"crop.level": 1.0}),
    # ---- finish
    (rf"{_MORE} contrast", {"retouch.contrast": By(0.3)}),
    (rf"{_LESS} contrast", {"retouch.contrast": By(-0.3)}),
    (r"contrasty|punchy|high contrast", {"retouch.contrast": AtLeast(0.5)}),
    (r"low contrast", {"retouch.contrast": 0.0}),
    (rf"{_BIT}sharper", {"retouch.sharpness": By(0.3)}),
    (r"crisp", {"retouch.sharpness": AtLeast(0.5)}),
    (rf"{_MORE} (?:film )?grain|{_BIT}grainier", {"retouch.grain": By(0.3)}),
    (rf"{_LESS} (?:film )?grain", {"retouch.grain": By(-0.3)}),
    (r"film grain|grainy|like film", {"retouch.grain": AtLeast(0.4)}),
    (r"no retouch(?:ing)?|unretouched", _UNRETOUCHED),
    (rf"{_BIT}less (?:shine|shiny(?: skin| face)?)|no shin[ey](?: skin)?|matte skin", {"retouch.shine": AtLeast(0.6)}),
    (rf"{_BIT}less red(?:ness|dish)?(?: skin| face)?|no redness", {"retouch.redness": AtLeast(0.6)}),
    (
        r"(?:no|less|lighter) (?:dark )?(?:circles|shadows|bags|rings) under (?:the|my) eyes|less tired(?: eyes)?",
        {"retouch.under_eyes": AtLeast(0.6)},
    ),
    (r"(?:no|without|remove|fix) (?:the )?red eyes?", {"retouch.red_eyes": 1.0}),
    (r"(?:less|no|without) (?:glare|reflections?)(?: (?:on|in) (?:my|the) glasses)?", {"retouch.glare": AtLeast(0.7)}),
    (r"(?:fewer|less|no|without) (?:stray hairs?|fly-?aways?)", {"retouch.stray_hairs": AtLeast(0.7)}),
    (rf"{_BIT}(?:whiter|brighter) teeth", {"retouch.teeth": AtLeast(0.6)}),
    (rf"{_BIT}(?:evener|smoother) skin", {"retouch.skin": By(0.3)}),
    (r"(?:lightly )?even skin|smooth skin", {"retouch.skin": AtLeast(0.4)}),
    # ---- what a generator paints
    (rf"{_LESS} (?:of a )?smil(?:e|ing)", {"posing.expression": By(-1)}),
    (rf"{_MORE} (?:of a )?smil(?:e|ing)|(?:bigger|broader) smile", {"posing.expression": By(1)}),
    (r"(?:no|without(?: a)?) smile|neutral expression", {"posing.expression": "neutral"}),
    (r"serious(?: expression)?", {"posing.expression": "serious"}),
    (
        r"(?:slight|small|gentle|subtle|little) smile|smil(?:e|ing) (?:slightly|a (?:bit|little))",
        {"posing.expression": "slight-smile"},
    ),
    (r"(?:a )?(?:big|broad) smile|laughing", {"posing.expression": "broad-smile"}),
    (r"(?:(?:a |friendly )*smile|smiling)", {"posing.expression": "smile"}),
    (r"looking (?:to the |to my )?left", {"posing.gaze": "left"}),
    (r"looking (?:to the |to my )?right|looking (?:away|aside|to the side|past the camera)", {"posing.gaze": "right"}),
    (r"(?:looking )?(?:straight )?(?:at|into) the (?:camera|lens)|eye contact", {"posing.gaze": "lens"}),
    (r"(?:head |face )?turned (?:slightly )?(?:to the |to my )?left", {"posing.turn": "slight-left"}),
    (r"(?:head |face )?turned (?:slightly )?(?:to the |to my )?right", {"posing.turn": "slight-right"}),
    (r"three[- ]quarters?(?: view)?", {"posing.turn": "three-quarter"}),
    (r"facing (?:the camera|forward|front)|frontal", {"posing.turn": "straight"}),
    (
        r"no (?:neck)?tie|without (?:a )?(?:neck)?tie|open collar|smart casual(?: clothes)?",
        {"posing.attire": "smart-casual"},
    ),
    (rf"{_LESS} formal|informal", {"posing.attire": By(-1)}),
    (rf"{_MORE} formal", {"posing.attire": By(1)}),
    (r"casual(?: clothes)?|t-?shirt|no jacket|without (?:a )?jacket", {"posing.attire": "casual"}),
    (r"(?:dark |navy |grey )?suit and tie|with (?:a )?tie|(?:a |dark |navy )*suit", {"posing.attire": "formal"}),
    (r"business(?: (?:clothes|attire|casual))|blazer", {"posing.attire": "business"}),
    (r"(?:very )?formal(?:ly dressed)?(?: (?:clothes|attire))?|dressed up", {"posing.attire": "formal"}),
)
VOCABULARY: tuple[tuple[re.Pattern[str], Mapping[str, Any]], ...] = tuple(
    (re.compile(rf"(?<!\w)(?:{phrase})(?!\w)", re.IGNORECASE), MappingProxyType(settings))
    for phrase, settings in _RULES
)

# What "no" makes of a setting, where that is one thing and honest: "not from the left" may be from anywhere.
OPPOSITES: Mapping[tuple[str, Any], Any] = MappingProxyType(
    {
        ("retouch.mono", 1.0): 0.0,
        ("retouch.mono", 0.0): 1.0,
        ("retouch.grain", AtLeast(0.4)): 0.0,
        ("retouch.skin", AtLeast(0.4)): 0.0,
        ("light.softness", AtMost(0.15)): AtLeast(0.7),
        ("crop.head_height", AtLeast(0.6)): AtMost(0.5),
        ("posing.expression", "smile"): "neutral",
        ("posing.expression", "slight-smile"): "neutral",
        ("posing.expression", "broad-smile"): "slight-smile",
        ("posing.expression", "serious"): "slight-smile",
        ("posing.gaze", "left"): "lens",
        ("posing.gaze", "right"): "lens",
        ("posing.turn", "slight-left"): "straight",
        ("posing.turn", "slight-right"): "straight",
        ("posing.turn", "three-quarter"): "straight",
        ("posing.attire", "formal"): "smart-casual",
        ("posing.attire", "business"): "smart-casual",
        ("posing.attire", "casual"): "business",
    }
)
