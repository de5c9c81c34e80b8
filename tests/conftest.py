"""What all tests share: pictures kept for a look, and sittings that are worked out once."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests import ROOT

OUTPUT = ROOT / "test-output"


@pytest.fixture(scope="session")
def output() -> Path:
    """test-output/: pictures, screenshots and failures, kept for a look after the run."""
    OUTPUT.mkdir(exist_ok=True)
    return OUTPUT


@pytest.fixture
def keep(request: pytest.FixtureRequest, output: Path) -> Iterator[Callable[[str, np.ndarray], Path]]:
    """`keep(name, picture)` writes a picture to test-output/ when the test fails, and returns where it would lie."""
    held: list[tuple[Path, np.ndarray]] = []
    test = re.sub(r"[^\w.-]+", "_", request.node.name)

    def hold(name: str, picture: np.ndarray) -> Path:
        path = output / "failures" / f"{test}-{name}.png"
        held.append((path, picture))
        return path

    yield hold
    report = getattr(request.node, "call_report", None)
    if report is not None and report.failed:
        for path, picture in held:
            path.parent.mkdir(exist_ok=True)
            Image.fromarray(picture).save(path)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.call_report = report  # type: ignore[attr-defined]
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that drive a browser come first: they take longest, and at the end one process would wait for the other."""
    long = {item.path for item in items if item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session", autouse=True)
def _fresh_failures() -> None:
    shutil.rmtree(OUTPUT / "failures", ignore_errors=True)


@pytest.fixture
def short_tmp() -> Iterator[Path]:
    """A folder of its own under the system's temp folder, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="headshot-test-") as folder:
        yield Path(folder)
