"""Plain English names for colours."""

from __future__ import annotations

import colorsys

# Upper ends of the hue ranges in degrees on the HSL circle, by the usual names.
_HUES = (
    (15, "red"),
    (42, "orange"),
    (68, "yellow"),
    (160, "green"),
    (195, "teal"),
    (255, "blue"),
    (290, "violet"),
    (345, "pink"),
    (361, "red"),
)


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
