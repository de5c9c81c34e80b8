"""The slider that makes the backdrop darker or lighter: it moves the lightness of its colour, the hue stays."""

from __future__ import annotations

from typing import Any

import cv2
import gradio as gr
import numpy as np

from headshot.ui.components.events import NEWEST
from headshot.ui.make.controls import KEYS
from headshot.ui.make.parts import MakePage, Parts

_OWN = ("own", "blur")


def lightness(colour: str) -> int:
    """L* of a "#rrggbb", 0..100."""
    return round(float(_lab(colour)[0]))


def relit(colour: str, light: float) -> str:
    """The colour "#rrggbb" at another L*, 0..100; its hue stays, and as much of its chroma as there is room for."""
    _, a, b = _lab(colour)
    rgb = cv2.cvtColor(np.array([[[light, a, b]]], np.float32), cv2.COLOR_LAB2RGB)[0, 0]
    return "#" + "".join(f"{round(255 * float(np.clip(v, 0, 1))):02x}" for v in rgb)


def shade_slider(colour: str, label: str) -> gr.Slider:
    """Lay the slider out in the open container; `connect` wires it."""
    return gr.Slider(0, 100, lightness(colour), step=1, label=label, elem_id="shade", buttons=[])


def connect(parts: Parts, page: MakePage) -> None:
    """Wire the slider to the backdrop's colour; where the photo's own background stays, it rests."""
    colour, kind = (parts.controls[KEYS.index(key)] for key in ("backdrop.colour", "backdrop.kind"))

    def follow(value: str | None, what: str) -> Any:
        own = what in _OWN
        return gr.update(value=lightness(value) if value else 50, interactive=not own)

    def move(light: float, value: str | None) -> str:
        return relit(value or "#808080", light)

    gr.on([colour.change, kind.change], follow, [colour, kind], parts.shade, **NEWEST)
    page.redraw(parts.shade.input(move, [parts.shade, colour], colour, **NEWEST))


def _lab(colour: str) -> Any:
    rgb = np.array([[[int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]]], np.float32)
    return cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)[0, 0]
