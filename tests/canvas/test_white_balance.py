"""White balance takes a cast of the light away, and stops where skin would stop being skin."""

from __future__ import annotations

import numpy as np
import pytest

from headshot.canvas.light import white_balance
from headshot.imaging.colour import to_codes, to_linear
from headshot.types import F32

WALL = (150, 150, 150)  # sRGB codes


def scene(wall: tuple[int, int, int], skin: tuple[int, int, int], light: tuple[float, float, float]) -> F32:
    """Linear light of a wall with a face in its middle, under a coloured light."""
    codes = np.full((128, 128, 3), wall, np.uint8)
    codes[40:88, 44:84] = skin
    return (to_linear(codes) * np.array(light)).astype(np.float32)


def face() -> F32:
    mask = np.zeros((128, 128), np.float32)
    mask[40:88, 44:84] = 1
    return mask


def lab(linear: F32) -> np.ndarray:
    colour = pytest.importorskip("skimage.color")
    return np.asarray(colour.rgb2lab(to_codes(linear.reshape(1, 1, 3)) / 255))[0, 0]


def turned(before: np.ndarray, after: np.ndarray) -> float:
    """Degrees between two colours' hues."""
    return float(np.degrees(np.arctan2(after[2], after[1]) - np.arctan2(before[2], before[1])))


def chroma(colour: np.ndarray) -> float:
    return float(np.hypot(*colour[1:]))


def test_a_cast_is_lessened_and_the_hue_of_skin_hardly_turns() -> None:
    linear = scene(WALL, (122, 90, 72), (1.2, 1.02, 0.82))
    gains = white_balance(linear, face())
    assert gains[0] < 0.97 and gains[2] > 1.1
    before, after = lab(linear[64, 64]), lab(linear[64, 64] * gains)
    assert abs(turned(before, after)) < 1.1  # codes are whole numbers
    assert chroma(after) < 0.9 * chroma(before)
    assert abs(after[0] - before[0]) < 0.5


def test_a_warm_wall_does_not_bleach_a_face() -> None:
    fair, pale = (scene((180, 150, 135), skin, (1.0, 1.0, 1.0)) for skin in ((222, 186, 166), (200, 184, 176)))
    left = lab(fair[64, 64] * white_balance(fair, face()))
    assert 17.6 < chroma(lab(fair[64, 64])) and chroma(left) > 16.9
    assert np.allclose(white_balance(pale, face()), 1, atol=1e-3)  # as it is, skin has hardly less colour
