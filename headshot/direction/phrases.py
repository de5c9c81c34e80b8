"""Keeps the words of a look true when a control changes what they speak of.

Somebody who turns the light to the right, or picks a red backdrop, must not have a prompt that still says
"from the left" and "grey": the generator would obey the words and undo the control.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import fields, replace

from headshot.direction.colour_names import colour_name
from headshot.types import Backdrop, Crop, Direction, Light, Look, Posing


def true_words(look: Look, before: Direction, after: Direction) -> dict[str, str]:
    """The parts of `look` that must change, by name: said of `before`'s controls, which are now `after`'s."""
    words: dict[str, str] = {}
    if after.light != before.light:
        words["light"] = light_words(look.light, after.light, before.light)
    old, new = before.backdrop, after.backdrop
    if (new.kind, new.colour) != (old.kind, old.colour) or _mottled(new) != _mottled(old):
        words["backdrop"] = backdrop_words(new)
    if (after.crop.lens, after.crop.camera_height) != (before.crop.lens, before.crop.camera_height):
        words["lens"] = camera_words(look.lens, after.crop)
    shot = shot_words(look.shot, after.crop, before.crop)
    words["shot"] = re.sub(r"\bblack and white ", "", shot) if after.retouch.mono < 0.5 <= before.retouch.mono else shot
    moved = moved_posing(after.posing, before.posing)
    words["wardrobe"] = attire_words(look.wardrobe, moved)
    words["expression"] = expression_words(look.expression, moved)
    return {part: phrase_text for part, phrase_text in words.items() if phrase_text != getattr(look, part)}


def moved_posing(after: Posing, before: Posing) -> Posing:
    """`after` where it differs from `before`, elsewhere "look"."""
    still = [f.name for f in fields(after) if getattr(after, f.name) == getattr(before, f.name)]
    return replace(after, **dict.fromkeys(still, "look"))


# ------------------------------------------------------------------ light

_SOFTNESS = ("hard", "", "soft", "very soft")
_HARDNESS = re.compile(r"\b(?:very |large )?(?:soft|hard|crisp|raking|flat|even)\b(?! shadows| fill| rim)\s*")


def softness_band(softness: float) -> int:
    """How many of the words for hard and soft light a softness 0..1 lies above: 0 is hard, 3 very soft."""
    return bisect_right((0.4, 0.8, 0.95), softness)


def light_words(words: str, light: Light, before: Light) -> str:
    """`words` with the light's side, softness, height, fill, strength and colour, where these moved from `before`."""
    if light.key_side != before.key_side:
        words = _side(words, light.key_side)
    if light.warmth < 0 < before.warmth or light.warmth > 0 > before.warmth:
        words = re.sub(r"\b(?:warm|cool) ", "", words)  # the colour itself is laid over the picture
    parts = [_softness(words, light.softness, before.softness) if light.key_side != "none" else words]
    if light.key_side != "none" and light.key_height != before.key_height:
        high, level = light.key_height >= 40, light.key_height < 15
        parts.append("light from high above" if high else "light at eye level" if level else "")
    if light.key_side != "none" and light.strength != before.strength:
        strong, faint = light.strength >= 0.65, light.strength <= 0.12
        parts.append("dramatic strong light" if strong else "flat light" if faint else "")
    if light.fill != before.fill:
        much, none = light.fill >= 0.35, light.fill < 0.1
        parts.append("bright fill light, low contrast" if much else "little fill light" if none else "")
    return ", ".join(s for s in parts if s)


def _side(words: str, side: str) -> str:
    if side == "none":
        return re.sub(r"\s*\b(?:coming )?from the (?:left|right)\b", "", words)
    turned, sides = re.subn(r"\b(?:left|right)\b", side, words)
    return turned if sides else f"{turned}, light from the {side}".strip(" ,")


def _softness(words: str, now: float, before: float) -> str:
    if softness_band(now) == softness_band(before):
        return words
    bare = _HARDNESS.sub("", words).strip(" ,")
    phrase_text = _SOFTNESS[softness_band(now)]
    return ", ".join(s for s in (f"{phrase_text} light" if phrase_text else "", bare) if s)


# ------------------------------------------------------------------ frame and camera

_FRAMES = (
    "upper body portrait",
    "head and shoulders with room around",
    "head and shoulders",
    "close-up",
    "tight close-up",
)


def frame_band(head_height: float) -> int:
    """How many of the words for a frame a head of this height lies above: 0 is the upper body, 4 a tight close-up."""
    return bisect_right((0.4, 0.46, 0.57, 0.63), head_height)


def shot_words(words: str, crop: Crop, before: Crop) -> str:
    """The shot's words with how close it is, where that moved."""
    now = frame_band(crop.head_height)
    if now == frame_band(before.head_height):
        return words
    bare = re.sub(rf", (?:{'|'.join(sorted(_FRAMES, key=len, reverse=True))})(?=,|$)", "", words)
    return f"{bare}, {_FRAMES[now]}".strip(" ,")


def camera_words(words: str, crop: Crop) -> str:
    """The lens's words with the focal length and the camera's height as the controls now have them."""
    phrase_text = re.sub(r",? ?\bcamera slightly (?:above|below) eye level\b", "", words)
    if abs(crop.lens) >= 0.3:
        phrase = "135mm lens" if crop.lens > 0 else "35mm lens"
        phrase_text = re.sub(r"\b\d+ ?mm lens\b", phrase, phrase_text)
        phrase_text = phrase_text if phrase in phrase_text else f"{phrase}, {phrase_text}".strip(" ,")
    if abs(crop.camera_height) >= 0.3:
        phrase_text += f", camera slightly {'above' if crop.camera_height > 0 else 'below'} eye level"
    return phrase_text.strip(" ,")


# ------------------------------------------------------------------ posing

_ATTIRE = {
    "casual": "casual everyday clothes",
    "smart-casual": "smart casual clothes, open collar",
    "business": "business jacket over a collared shirt",
    "formal": "formal dark suit, crisp shirt",
}
_EXPRESSION = {
    "serious": "serious expression, mouth closed",
    "neutral": "neutral relaxed expression, mouth closed",
    "slight-smile": "slight closed-mouth smile",
    "smile": "friendly smile",
    "broad-smile": "broad open smile, teeth showing",
}
_GAZE = {
    "lens": "looking into the camera",
    "left": "looking past the camera to the left",
    "right": "looking past the camera to the right",
}
_TURN = {
    "straight": "head straight to the camera",
    "slight-left": "head turned slightly to the left",
    "slight-right": "head turned slightly to the right",
    "three-quarter": "three-quarter view of the face",
}
# The first whose mark is found in a look's own words is what these say.
_EXPRESSION_MARKS = (
    ("broad-smile", ("broad", "big", "open smile", "laugh")),
    ("slight-smile", ("slight", "subtle", "gentle", "small")),
    ("serious", ("serious", "stern", "composed")),
    ("smile", ("smile", "friendly", "warm")),
)
_ATTIRE_MARKS = (
    ("smart-casual", ("smart casual",)),
    ("casual", ("casual", "everyday", "daily", "t-shirt", "hoodie", "overshirt")),
    ("formal", ("suit", "tie", "formal")),
    ("business", ("blazer", "jacket", "collared", "coat")),
)


def expression_of(words: str) -> str:
    """The value of EXPRESSIONS that a look's words come nearest to; neutral where nothing tells."""
    return _nearest(words, _EXPRESSION_MARKS, "neutral")


def attire_of(words: str) -> str:
    """The value of ATTIRES that a look's words come nearest to; smart casual where nothing tells."""
    return _nearest(words, _ATTIRE_MARKS, "smart-casual")


def _nearest(words: str, marks: tuple[tuple[str, tuple[str, ...]], ...], otherwise: str) -> str:
    phrase_text = words.lower()
    return next((name for name, known in marks if any(re.search(rf"\b{m}", phrase_text) for m in known)), otherwise)


def attire_words(words: str, posing: Posing) -> str:
    """What is worn: the control's phrase in place of the look's `words`."""
    return _ATTIRE.get(posing.attire, words)


def expression_words(words: str, posing: Posing) -> str:
    """Expression, gaze and turn of the head: each control's phrase in place of what `words` say of it."""
    phrases = [p for p in (q.strip() for q in words.split(",")) if p]
    gaze = [p for p in phrases if p.startswith("looking")]
    turn = [p for p in phrases if p in _TURN.values()]
    face = [p for p in phrases if p not in (*gaze, *turn)]
    parts = [
        _EXPRESSION.get(posing.expression, ", ".join(face)),
        _GAZE.get(posing.gaze, ", ".join(gaze)),
        _TURN.get(posing.turn, ", ".join(turn)),
    ]
    return ", ".join(s for s in parts if s)


# ------------------------------------------------------------------ backdrop

MOTTLED_FROM = 0.2  # of the backdrop's texture: below it nobody would call it mottled


def _mottled(backdrop: Backdrop) -> bool:
    return backdrop.texture >= MOTTLED_FROM


def backdrop_words(backdrop: Backdrop) -> str:
    """A phrase for the backdrop as the controls now have it; "" where one's own background stays."""
    colour = colour_name(backdrop.colour)
    match backdrop.kind:
        case "own":
            return ""
        case "blur":
            return "softly blurred background"
        case "bokeh":
            return f"strongly blurred {colour} background, bokeh"
        case _ if _mottled(backdrop):
            return f"mottled {colour} canvas backdrop"
        case "gradient":
            return f"{colour} studio backdrop with a soft gradient"
        case _:
            return f"seamless {colour} backdrop"
