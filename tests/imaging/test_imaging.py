"""Colour, warps and sizes against the formulas and against plain arithmetic."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from headshot.imaging.colour import (
    REC709,
    in_channels,
    linear_to_srgb,
    luminance,
    picture_luminance,
    planes_of,
    srgb_to_linear,
    to_codes,
    to_linear,
    to_planes,
)
from headshot.imaging.landmarks import EYE_CORNERS, eye_centre_distance, eye_centres, eyes_box
from headshot.imaging.masks import disc, grown, hull_mask, polygon_mask, shrunk
from headshot.imaging.resize import resized, scaled, scaled_to_height
from headshot.imaging.warp import level_eyes, transform_points, warp_low_passed


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(4).integers(0, 256, (height, width, 3)).astype(np.uint8)


def test_the_tables_follow_the_formulas_of_srgb() -> None:
    every = np.arange(256, dtype=np.uint8).reshape(16, 16)
    exact = srgb_to_linear(every / 255)
    assert np.allclose(to_linear(every), exact, rtol=1e-6, atol=0)
    assert np.allclose(linear_to_srgb(exact) * 255, every, atol=1e-4)
    assert np.array_equal(to_codes(to_linear(every)), every)
    light = np.linspace(0, 1, 100_001, dtype=np.float32)
    assert np.abs(to_codes(light) - linear_to_srgb(light.astype(np.float64)) * 255).max() < 0.1
    assert srgb_to_linear(np.float64(0.5)) == pytest.approx(0.21404, abs=1e-5)


def test_gains_of_the_channels_go_into_the_table() -> None:
    codes = np.random.default_rng(2).integers(0, 256, (7, 5, 3), np.uint8)
    gains = np.array([1.1, 1.0, 0.8], np.float32)
    assert np.dstack([*to_planes(codes, gains)]) == pytest.approx(to_linear(codes) * gains, rel=1e-6)
    assert np.array_equal(to_planes(codes), planes_of(to_linear(codes)))
    values = to_linear(codes)[..., 0]
    assert np.array_equal(in_channels(values), np.repeat(values[..., None], 3, axis=2))


def test_luminance_is_one_weighted_sum() -> None:
    picture = noise(20, 30)
    wanted = srgb_to_linear(picture / 255) @ np.array(REC709)
    assert np.allclose(luminance(to_linear(picture)), wanted, atol=1e-6)
    assert np.allclose(picture_luminance(picture), wanted * 255, atol=1e-4)


def tilted_eyes(degrees: float, apart: float) -> np.ndarray:
    """Landmarks whose eyes' corners lie on a line tilted by `degrees`, their middles `apart` px."""
    marks = np.zeros((478, 3), np.float32)
    along = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    for (outer, inner), side in zip(EYE_CORNERS, (-0.5, 0.5), strict=True):
        for corner, out in ((outer, -0.1), (inner, 0.1)):
            marks[corner, :2] = (120, 90) + (side + out) * apart * along
    return marks


def test_eyes_are_levelled_at_the_distance_and_place_asked_for() -> None:
    marks = tilted_eyes(23, 60)
    assert eye_centre_distance(marks) == pytest.approx(60, abs=1e-4)
    matrix, scale = level_eyes(marks, 30, (50, 40))
    assert scale == pytest.approx(0.5, abs=1e-5)
    there = eye_centres(transform_points(marks, matrix))
    assert np.abs(there - [[35, 40], [65, 40]]).max() < 1e-3
    assert np.allclose(eyes_box(there, 30), (35 - 22.5, 40 - 13.5, 65 + 22.5, 40 + 13.5), atol=1e-3)
    with pytest.raises(ValueError, match="coincide"):
        level_eyes(np.zeros((478, 3), np.float32), 30, (50, 40))


def test_a_reduction_does_not_alias_and_a_margin_changes_nothing_inside() -> None:
    picture = noise(240, 320)
    matrix, scale = level_eyes(tilted_eyes(0, 60), 20, (40, 30))
    small = warp_low_passed(picture, matrix, (80, 60), scale)
    assert small.std() < 0.55 * picture.std()  # white noise: a third of the pixels holds a third of the deviation
    assert np.array_equal(small, warp_low_passed(picture, matrix, (80, 60), scale, margin=400))
    inner = warp_low_passed(picture, matrix, (80, 60), scale, margin=12)
    assert np.abs(small[4:-4, 4:-4].astype(int) - inner[4:-4, 4:-4]).max() <= 1


def test_sizes_are_as_asked_and_the_right_size_is_left_alone() -> None:
    picture = noise(40, 60)
    assert resized(picture, (60, 40)) is picture
    assert resized(picture, (30, 20)).shape == (20, 30, 3)
    assert np.abs(resized(picture, (30, 20)) - picture.reshape(20, 2, 30, 2, 3).mean((1, 3))).max() <= 0.5
    assert scaled(picture, 0.5).shape == (20, 30, 3) and scaled_to_height(picture, 80).shape == (80, 120, 3)


def test_masks_are_filled_to_their_points() -> None:
    square = np.array([[2, 3], [7, 3], [7, 9], [2, 9]], np.float32)
    wanted = np.zeros((12, 12), np.uint8)
    wanted[3:10, 2:8] = 1
    assert np.array_equal(polygon_mask(square, wanted.shape), wanted)
    assert np.array_equal(hull_mask(square[[0, 2, 1, 3]], wanted.shape), wanted)
    assert disc(0.2).shape == (3, 3) and disc(3.4).shape == (7, 7) and disc(3)[0, 0] == 0


def test_masks_grow_and_shrink_as_opencv_does_on_the_whole_picture() -> None:
    random = np.random.default_rng(3)
    for _ in range(60):
        mask = np.zeros((60, 50), bool)
        y, x, height, width = random.integers(0, (55, 45, 50, 40))
        mask[y : y + height, x : x + width] = random.random() > 0.1
        mask &= random.random(mask.shape) > 0.05
        radius = 9 * random.random()
        assert (grown(mask, radius) == (cv2.dilate(mask.view(np.uint8), disc(radius)) > 0)).all()
        assert (shrunk(mask, radius) == (cv2.erode(mask.view(np.uint8), disc(radius)) > 0)).all()
