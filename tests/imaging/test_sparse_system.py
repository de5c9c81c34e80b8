"""Systems of equations over pixels, against SciPy's direct solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.linalg import spsolve

from headshot.imaging.sparse_system import System, solve


def chain(count: int, weight: float, rng: np.random.Generator) -> tuple[System, csr_array]:
    """Pixels in a row, each bound to its neighbours by another strength, and a little to a value of its own."""
    bound = rng.uniform(0.05, 2, count - 1)
    left, right = np.append(0, bound), np.append(bound, 0)
    columns = np.stack([np.arange(count) - 1, np.arange(count) + 1], 1)
    columns[0, 0] = count
    system = System(left + right + weight, -np.stack([left, right], 1), columns)
    whole = csr_array(np.diag(system.diagonal) - np.diag(bound, 1) - np.diag(bound, -1))
    return system, whole


@pytest.mark.parametrize("weight", [1.0, 0.01])
def test_solutions_are_the_direct_solvers(weight: float) -> None:
    rng = np.random.default_rng(3)
    system, whole = chain(400, weight, rng)
    right = rng.normal(size=400)
    start = rng.normal(size=400)
    found = solve(system, right, start.copy(), accuracy=1e-9)
    assert np.abs(found - spsolve(whole.tocsc(), right)).max() < 1e-5


def test_the_solution_as_the_start_stays() -> None:
    rng = np.random.default_rng(4)
    system, whole = chain(60, 0.5, rng)
    exact = rng.normal(size=60)
    start = exact.copy()
    assert np.array_equal(solve(system, whole @ exact, start, accuracy=1e-6), exact)
    assert np.array_equal(start, exact)


def test_no_pixels_at_all() -> None:
    nothing = System(np.zeros(0), np.zeros((0, 2)), np.zeros((0, 2), np.intp))
    assert solve(nothing, np.zeros(0), np.zeros(0)).shape == (0,)
