"""The matting Laplacian against its definition, and the nearest seeds against all of them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from headshot.canvas.cutout.colour_seeds import nearest
from headshot.canvas.cutout.matting_laplacian import matting_laplacian


def by_definition(picture: np.ndarray, windows: np.ndarray) -> np.ndarray:
    """Levin et al. 2008, equation 12, one window and pair of pixels after the other: (h·w, h·w)."""
    height, width = windows.shape
    whole = np.zeros((height * width, height * width))
    for top, left in itertools.product(range(height - 2), range(width - 2)):
        if not windows[top + 1, left + 1]:
            continue
        pixels = [(top + down, left + right) for down in range(3) for right in range(3)]
        colours = np.array([picture[at] / 255.0 for at in pixels])
        mean, spread = colours.mean(0), np.cov(colours.T, bias=True)
        inverse = np.linalg.inv(spread + 1e-6 / 9 * np.eye(3))
        for (i, one), (j, other) in itertools.product(enumerate(pixels), enumerate(pixels)):
            same = 1.0 if i == j else 0.0
            share = (1 + (colours[i] - mean) @ inverse @ (colours[j] - mean)) / 9
            whole[one[0] * width + one[1], other[0] * width + other[1]] += same - share
    return whole


def test_rows_are_those_of_the_definition() -> None:
    rng = np.random.default_rng(2)
    picture = rng.integers(0, 256, (8, 11, 3)).astype(np.uint8)
    asked = np.zeros((8, 11), bool)
    asked[2:6, 0:5] = asked[0, 9] = asked[7, 10] = True  # at the edges too
    found = matting_laplacian(picture, asked)
    windows = np.zeros_like(asked)
    for y, x in np.argwhere(asked):
        windows[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2] = True
    wanted = by_definition(picture, windows)[asked.ravel()]
    rows = np.zeros_like(wanted)
    np.add.at(rows, (np.arange(len(rows))[:, None], found.places), found.beside)
    rows[np.arange(len(rows)), np.flatnonzero(asked)] += found.diagonal
    assert np.allclose(rows, wanted, atol=1e-6)


@pytest.mark.parametrize("count", [1, 8])
def test_the_nearest_seeds_are_the_nearest_of_all(count: int) -> None:
    rng = np.random.default_rng(5)
    seeds, wanted = (rng.normal(size=(n, 5)).astype(np.float32) for n in (300, 200))
    away = np.linalg.norm(wanted[:, None].astype(np.float64) - seeds, axis=2)
    distances, places = nearest(seeds, wanted, count)
    assert np.allclose(distances, np.sort(away, axis=1)[:, :count], atol=1e-5)
    assert np.allclose(np.take_along_axis(away, places.astype(np.intp), 1), distances, atol=1e-5)


def test_nothing_wanted_has_no_nearest_seed() -> None:
    distances, places = nearest(np.zeros((60, 5), np.float32), np.zeros((0, 5), np.float32), 8)
    assert distances.shape == places.shape == (0, 8)
