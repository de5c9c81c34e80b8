"""Keeps the words of a look true when a control changes what they speak of.

Somebody who turns the light to the right, or picks a red backdrop, must not have a prompt that still says
"from the left" and "grey": the generator would obey the words and undo the control.
"""

from __future__ import annotations

import colorsys
import re

from headshot.types import Backdrop, Crop, Light, Posing


def light_words(words: str, side: str) -> str:
    """`words` with the side of the key light set to `side` (left, right or none)."""
    if side == "none":
        return re.sub(r"\s*\b(?:coming )?from the (?:left|right)\b", "", words)
    return re.sub(r"\b(?:left|right)\b", side, words)


def height_and_fill(words: str, light: Light, before: Light) -> str:
    """`words` with a phrase for the key light's height and for the fill, where these moved from `before`."""
    said = [words]
    if light.key_side != "none" and light.key_height != before.key_height:
        high, level = light.key_height >= 40, light.key_height < 15
        said.append("light from high above" if high else "light at eye level" if level else "")
    if light.fill != before.fill:
        much, none = light.fill >= 0.35, light.fill < 0.1
        said.append("bright fill light, low contrast" if much else "little fill light" if none else "")
    return ", ".join(s for s in said if s)


def camera_words(words: str, crop: Crop) -> str:
    """The lens's words with the focal length and the camera's height as the controls now have them."""
    said = words
    if abs(crop.lens) >= 0.3:
        phrase = "135mm lens" if crop.lens > 0 else "35mm lens"
        said = re.sub(r"\b\d+ ?mm lens\b", phrase, words)
        said = said if phrase in said else f"{phrase}, {said}".strip(" ,")
    if abs(crop.camera_height) >= 0.3:
        said += f", camera slightly {'above' if crop.camera_height > 0 else 'below'} eye level"
    return said.strip(" ,")


_ATTIRE = {
    "casual": "casual everyday clothes", "smart-casual": "smart casual clothes, no tie",
    "business": "business jacket over a collared shirt", "formal": "formal dark suit, crisp shirt",
}  # fmt: skip
_EXPRESSION = {
    "neutral": "neutral relaxed expression, mouth closed", "slight-smile": "slight closed-mouth smile",
    "smile": "friendly smile",
}  # fmt: skip
_GAZE = {
    "lens": "looking into the camera", "left": "looking past the camera to the left",
    "right": "looking past the camera to the right",
}  # fmt: skip
_TURN = {
    "straight": "head straight to the camera", "slight-left": "head turned slightly to the left",
    "slight-right": "head turned slightly to the right", "three-quarter": "three-quarter view of the face",
}  # fmt: skip


def attire_words(words: str, posing: Posing) -> str:
    """What is worn: the control's phrase in place of the look's `words`."""
    return _ATTIRE.get(posing.attire, words)


def expression_words(words: str, posing: Posing) -> str:
    """Expression, gaze and turn of the head: each control's phrase in place of what `words` say of it."""
    phrases = [p for p in (q.strip() for q in words.split(",")) if p]
    gaze = [p for p in phrases if p.startswith("looking")]
    face = [p for p in phrases if p not in gaze]
    said = [_EXPRESSION.get(posing.expression, ", ".join(face)), _GAZE.get(posing.gaze, ", ".join(gaze)),
            _TURN.get(posing.turn, "")]  # fmt: skip
    return ", ".join(s for s in said if s)


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
        case _ if backdrop.texture >= MOTTLED_FROM:
            return f"mottled {colour} canvas backdrop"
        case "gradient":
            return f"{colour} studio backdrop with a soft gradient"
        case _:
            return f"seamless {colour} backdrop"


MOTTLED_FROM = 0.2  # of the backdrop's texture: below it nobody would call it mottled


# Upper ends of the hue ranges in degrees on the HSL circle, by the usual names.
_HUES = (
    (15, "red"), (42, "orange"), (68, "yellow"), (160, "green"), (195, "teal"),
    (255, "blue"), (290, "violet"), (345, "pink"), (361, "red"),
)  # fmt: skip


def colour_name(colour: str) -> str:
    """A plain English name for #rrggbb, such as "dark blue" or "light grey"."""
    r, g, b = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(r, g, b)
    if lightness > 0.93:
        return "white"
    if lightness < 0.08:
        return "black"
    tone = "light " if lightness > 0.68 else "dark " if lightness < 0.34 else ""
    # Chroma rather than HSL saturation, which is large for near-whites and near-blacks without any colour.
    if max(r, g, b) - min(r, g, b) < 0.09 or saturation < 0.1:
        return f"{tone}grey"
    name = next(name for end, name in _HUES if hue * 360 < end)
    if name == "orange" and lightness < 0.45:
        return f"{tone}brown"
    return f"{tone}{name}"
