"""The page served in this process, once for the tests of this folder: building it takes a second."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fixtures.served import Served, serving


@pytest.fixture(scope="session", params=["on one's own machine"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page as on one's own machine; "for strangers", as a module may ask, wants consent first."""
    with serving(tmp_path_factory.mktemp("served"), local=request.param != "for strangers") as app:
        yield app
