"""Make backdrops: seamless colour, gradient, brand colour, bokeh, the own background blurred or kept.

Made in linear light and at a low size where they are smooth; the photo's own grain (headshot/canvas/joined.py) keeps
them from looking pasted in.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from PIL import ImageColor

from headshot.canvas.joined import shadow_of
from headshot.canvas.stage import Stage
from headshot.imaging.colour import planes_of, to_linear, to_planes
from headshot.imaging.landmarks import eyes_middle
from headshot.types import F32, Backdrop, Light

MOTTLED = ("seamless", "gradient", "brand")  # what can be a painted canvas or a muslin, and takes a shadow
_MOST_SHADOW = 0.7  # stops at shadow 1
_MOST_MOTTLE = 0.55  # stops each way at texture 1: two deviations


def make_backdrop(stage: Stage, backdrop: Backdrop, light: Light) -> F32:
    """Make what is behind the person, (3, h, w) float32 linear light."""
    if backdrop.kind == "own":
        return to_planes(stage.original)
    if backdrop.kind == "blur":
        return planes_of(_blurred(stage, backdrop.blur))
    height, width = stage.matte.shape
    colour = to_linear(np.array([[ImageColor.getrgb(backdrop.colour)[:3]]], np.uint8))[0, 0]
    size = (max(8, width // 4), max(8, height // 4))
    stops = _field(stage, backdrop, light, size)
    if backdrop.texture > 0 and backdrop.kind in MOTTLED:
        stops = stops + np.float32(_MOST_MOTTLE * backdrop.texture) * _mottle(size)
    if backdrop.shadow > 0 and backdrop.kind in MOTTLED:
        shade = shadow_of(stage.matte, stage.landmarks, light.key_side, size)
        stops = stops - np.float32(_MOST_SHADOW * backdrop.shadow) * shade
    shares = np.exp2(stops)
    if backdrop.kind == "bokeh":
        small = planes_of(_bokeh(colour, size, backdrop.blur)) * shares
        made = np.stack([cv2.resize(plane, (width, height), interpolation=cv2.INTER_CUBIC) for plane in small])
        return np.asarray(made.clip(0, 1, out=made), np.float32)
    shares = cv2.resize(shares, (width, height), interpolation=cv2.INTER_CUBIC)
    made = np.multiply.outer(colour, shares)
    if colour.max() * shares.max() > 1:
        made.clip(0, 1, out=made)
    return np.asarray(made, np.float32)


def _field(stage: Stage, backdrop: Backdrop, light: Light, size: tuple[int, int]) -> F32:
    """Light the backdrop, in stops: a pool of light behind the head for a gradient, a gentle falloff for the rest."""
    width, height = size
    scale = height / stage.matte.shape[0]
    eyes = eyes_middle(stage.landmarks) * scale
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


def _mottle(size: tuple[int, int]) -> F32:
    """Make a hand-painted canvas's cloudy tone, (height, width) float32, mean 0, about −1 to 1; alike at every size."""
    width, height = size
    tile = _mottled_tile()
    wide = min(_TILE, max(1, round(_TILE * width / height)))
    cut = np.ascontiguousarray(tile[:, (_TILE - wide) // 2 : (_TILE - wide) // 2 + wide])
    shrinks = height < _TILE
    return cv2.resize(cut, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)


_TILE = 512  # px: a picture's height in the tile; the final picture's field is made at this size too


@cache
def _mottled_tile() -> F32:
    """Value noise of five octaves, drawn along two slow waves of noise as a sponge or a brush draws paint (domain
    warping, Quilez), smoothed as a backdrop out of focus is.
    """
    rng = np.random.default_rng(23)  # the same canvas for everybody, every time

    def noise(cells: int) -> F32:
        lattice = rng.normal(0, 1, (cells + 3, cells + 3)).astype(np.float32)
        grid = (np.arange(_TILE, dtype=np.float32) + 0.5) * cells / _TILE + 1
        x, y = np.meshgrid(grid, grid)
        return cv2.remap(lattice, x - 0.5, y - 0.5, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)

    clouds = np.zeros((_TILE, _TILE), np.float32)
    for cells, weight in ((3, 0.8), (6, 1.0), (12, 0.8), (25, 0.45), (50, 0.22)):
        clouds += weight * noise(cells)
    y, x = np.mgrid[:_TILE, :_TILE].astype(np.float32)
    reach = 0.05 * _TILE
    drawn = cv2.remap(
        clouds, x + reach * noise(5), y + reach * noise(5), cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101
    )
    drawn = cv2.GaussianBlur(drawn, (0, 0), 0.004 * _TILE)
    drawn = (drawn - drawn.mean()) / (2 * drawn.std())
    return np.asarray(np.tanh(drawn), np.float32)


def _bokeh(colour: F32, size: tuple[int, int], blur: float) -> F32:
    """Make a far room or garden out of focus: broad patches of similar colours and a few soft discs of light."""
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
    """Blur the own background without the person, the more the higher up (floors are near, walls are far)."""
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
