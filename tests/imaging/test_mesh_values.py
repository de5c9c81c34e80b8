"""Values between the points of a mesh, against SciPy's interpolator."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.interpolate import LinearNDInterpolator

from headshot.imaging.mesh_values import between_points


def scattered(count: int, side: float) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(6)
    x, y = np.meshgrid(np.arange(side * 1.2), np.arange(side * 1.1))
    return rng.uniform(0, side, (count, 2)), np.column_stack([x.ravel(), y.ravel()]) - 0.05 * side


@pytest.mark.parametrize("side", [40.0, 300.0])
def test_values_are_the_interpolators(side: float) -> None:
    points, places = scattered(468, side)
    values = 20 * np.sin(points[:, 0] / side * 4) + points[:, 1] / side
    found, wanted = between_points(points, values, places), LinearNDInterpolator(points, values)(places)
    both = np.isfinite(found) & np.isfinite(wanted)
    assert both.sum() > 0.98 * np.isfinite(wanted).sum()
    assert np.isfinite(found).sum() < 1.01 * np.isfinite(wanted).sum()
    off = np.abs(found - wanted)[both]
    assert off.mean() < 0.002 and np.percentile(off, 99) < 0.05


def test_a_plane_is_met_inside_but_at_thin_triangles_and_nothing_is_said_beyond() -> None:
    points, places = scattered(200, 100.0)
    found = between_points(points, points @ [0.3, -2.0] + 7, places)
    inside = np.isfinite(found)
    deep = np.abs(places - 50).max(axis=1) < 35
    off = np.abs(found - (places @ [0.3, -2.0] + 7))[deep]
    assert inside[deep].all() and np.percentile(off, 97) < 1e-6 and off.max() < 0.6  # of 2 for each px
    assert not inside[(places < -1).any(axis=1) | (places > 101).any(axis=1)].any()


def test_points_in_one_place_and_in_one_line_do_no_harm() -> None:
    points = np.array([[0, 0], [0, 0], [10, 0], [20, 0], [0, 10], [10, 10], [20, 10]], np.float64)
    found = between_points(points, points[:, 0], np.array([[5.0, 5.0], [15.0, 2.0], [30.0, 5.0]]))
    assert np.allclose(found[:2], [5, 15], atol=0.1) and np.isnan(found[2])
