"""Backdrops: seamless colour, gradient, brand colour, bokeh, the own background blurred or kept.

Made in linear light and at a low size where they are smooth; a little noise of the photo's own strength keeps
them from banding and from looking pasted in.
"""

from __future__ import annotations

import cv2
import numpy as np
from PIL import ImageColor

from headshot.canvas.colour import to_linear
from headshot.canvas.stage import Stage
from headshot.types import F32, Backdrop, Light


def make_backdrop(stage: Stage, backdrop: Backdrop, light: Light) -> F32:
    """(h, w, 3) float32 linear light behind the person."""
    if backdrop.kind == "own":
        return to_linear(stage.original)
    if backdrop.kind == "blur":
        return _blurred(stage, backdrop.blur)
    height, width = stage.matte.shape
    colour = to_linear(np.array([[ImageColor.getrgb(backdrop.colour)[:3]]], np.uint8))[0, 0]
    size = (max(8, width // 4), max(8, height // 4))
    if backdrop.kind == "bokeh":
        small = _bokeh(colour, size, backdrop.blur)
    else:
        small = np.broadcast_to(colour, (size[1], size[0], 3)).astype(np.float32)
    small = small * np.exp2(_field(stage, backdrop, light, size))[..., None]
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 1)


def _field(stage: Stage, backdrop: Backdrop, light: Light, size: tuple[int, int]) -> F32:
    """How the backdrop is lit, in stops: a pool of light behind the head for a gradient, a gentle fall for the rest."""
    width, height = size
    scale = height / stage.matte.shape[0]
    eyes = (stage.landmarks[468, :2] + stage.landmarks[473, :2]) / 2 * scale
    side = {"left": -1.0, "right": 1.0, "none": 0.0}[light.key_side]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    if backdrop.kind == "gradient":
        cx, cy = eyes[0] + 0.10 * width * side, eyes[1] + 0.12 * height
        radius = np.hypot((x - cx) / (0.62 * height), (y - cy) / (0.72 * height))
        pool = np.exp(-(radius**2) * 1.1)
        return (backdrop.falloff * (1.5 * pool - 1.0)).astype(np.float32)
    across = side * (x / width - 0.5)
    down = y / height - 0.5
    corner = np.hypot((x / width - 0.5) * 1.2, down) ** 2
    strength = backdrop.falloff * (1.0 if backdrop.kind == "brand" else 0.8)
    return (strength * (0.35 * across - 0.35 * down - 1.1 * corner + 0.2)).astype(np.float32)


def _bokeh(colour: F32, size: tuple[int, int], blur: float) -> F32:
    """A far room or garden out of focus: broad patches of the colour's neighbours and a few soft discs of light."""
    width, height = size
    rng = np.random.default_rng(7)  # the same backdrop for the same setting
    long = max(size)
    patches = rng.normal(0, 1, (6, 5, 3)).astype(np.float32) * np.array([0.34, 0.30, 0.36], np.float32)
    shade = rng.normal(0, 0.55, (6, 5, 1)).astype(np.float32)
    room = cv2.resize(colour * np.exp2(patches * 0.5 + shade), size, interpolation=cv2.INTER_CUBIC)
    sheet = np.maximum(room, 0.0)
    radius = (0.025 + 0.05 * blur) * long
    for _ in range(26):
        cx, cy = rng.uniform(0, width), rng.uniform(0, 0.8 * height)
        r = radius * rng.uniform(0.6, 1.25)
        tint = colour ** rng.uniform(0.55, 0.9) * np.exp2(rng.normal(0, 0.12, 3)).astype(np.float32)
        disc = np.zeros((height, width), np.float32)
        cv2.circle(disc, (int(cx * 16), int(cy * 16)), int(r * 16), 1.0, -1, cv2.LINE_AA, 4)
        disc = cv2.GaussianBlur(disc, (0, 0), max(0.8, 0.10 * r))
        sheet = sheet + disc[..., None] * tint * float(rng.uniform(0.05, 0.22))
    return cv2.GaussianBlur(sheet, (0, 0), max(1.0, (0.006 + 0.016 * blur) * long))


def _blurred(stage: Stage, blur: float) -> F32:
    """The own background out of focus, more so the farther up (floors are near, walls are far), person taken out."""
    scenery = to_linear(stage.scenery)
    height = scenery.shape[0]
    near = _wide_blur(scenery, (0.004 + 0.014 * blur) * height)
    far = _wide_blur(scenery, (0.010 + 0.040 * blur) * height)
    depth = np.clip(1.15 - np.linspace(0, 1, height, dtype=np.float32), 0, 1)[:, None, None]
    return (depth * far + (1 - depth) * near).astype(np.float32)


def _wide_blur(picture: F32, sigma: float) -> F32:
    factor = max(1, int(sigma / 3))
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (max(4, width // factor), max(4, height // factor)), interpolation=cv2.INTER_AREA)
    # Two boxes of a disc's shape would be truer; a Gaussian of the same width hides the seams better.
    small = cv2.GaussianBlur(small, (0, 0), max(0.5, sigma / factor), borderType=cv2.BORDER_REFLECT)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
