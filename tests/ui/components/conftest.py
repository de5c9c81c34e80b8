"""The demo page of the building blocks, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fixtures import ui_demo
from tests.fixtures.browser import Visits


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The demo page, in this process."""
    demo, url = ui_demo.serve(ui_demo.synthetic())
    yield url
    demo.close()


@pytest.fixture
def fresh(url: str, visit: Visits) -> Any:
    """A page of its own at 1440 px."""
    page = visit(url)
    page.wait_for_selector("#view .compare[data-state=ready]")
    return page


@pytest.fixture(scope="module")
def shared(url: str, chromium: Any) -> Iterator[Any]:
    visits = Visits(chromium)
    page = visits(url)
    page.wait_for_selector("#view .compare[data-state=ready]")
    yield page
    visits.close(None, "components")
    assert visits.faults == []


@pytest.fixture
def page(shared: Any) -> Any:
    """One page for the tests that leave nothing behind, as it was at first."""
    shared.click("#view button[data-mode=slider]")
    shared.click("#view [data-act=fit]")
    shared.get_by_role("searchbox", name="Find a look").fill("")
    shared.click("#looks .chip >> nth=0")
    shared.evaluate("document.activeElement.blur()")
    return shared
