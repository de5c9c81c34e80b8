"""What all tests share: the running apps, the browser, and pictures kept for a look."""

from __future__ import annotations

import gc
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests import ROOT
from tests.fixtures.app_server import App
from tests.fixtures.browser import Visits, launched

# What loads a library is imported where it is used: the process that only hands out the tests needs none.

# A tiny model is slower in bfloat16, whose kernels want wide layers; and a batch is compared with single runs.
os.environ.setdefault("HEADSHOT_CPU_PRECISION", "float32")
os.environ["LC_ALL"] = "C.UTF-8"  # what a command says is compared in English

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


def pytest_itemcollected(item: pytest.Item) -> None:
    """Group the tests for `--dist loadgroup`: the page's on one worker, the generators' on one, the others by file.

    So one worker alone starts the app and Chromium, one alone loads diffusers (ten seconds), and what a file has made
    is made once. Not in `pytest_collection_modifyitems`: xdist's own reads the groups before this file's is called.
    """
    item.add_marker(pytest.mark.xdist_group(_group(item)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These groups come first: they take longest, and at the end one worker would wait for the other."""
    items.sort(key=_place)


def _group(item: pytest.Item) -> str:
    asked = getattr(item, "fixturenames", ())
    if item.get_closest_marker("browser") or any(name in asked for name in ("generator_app", "app", "served")):
        return "page"
    generators = (ROOT / "tests" / "engines") in item.path.parents or "tiny_engine" in asked
    return "generators" if generators else str(item.path.relative_to(ROOT))


def pytest_runtest_setup() -> None:
    """Keep what imports made out of later collections, before each test that follows some.

    Each would walk over millions of objects of libraries, and the generators collect after every picture: a quarter
    of the whole run's time.
    """
    if len(sys.modules) > _modules[0] + 20:
        gc.collect()
        gc.freeze()
        _modules[0] = len(sys.modules)


_modules = [0]  # how many were loaded when objects were last set aside


def _place(item: pytest.Item) -> int:
    """Sort key: tests of the page, of the generators, the others; in its group the test that ends the app is last."""
    group = _group(item)
    if group == "page":
        return 1 if item.name.startswith("test_the_app_ends") else 0
    return 2 if group == "generators" else 3


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app as `make run` starts it, without a generator: one for all tests of a worker."""
    app = App(tmp_path_factory.mktemp("app"))
    yield app
    app.end()


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What to lay over the environment for a machine with tiny weights of SD1.5 in its hub cache, and no network."""
    from tests.fixtures import tiny_machine

    return tiny_machine.build(tmp_path_factory.mktemp("machine"))


@pytest.fixture
def tiny_engine(machine: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """FaceID on those weights, in this process."""
    from headshot import engines

    for name, value in machine.items():
        monkeypatch.setenv(name, value)
        if name == "HF_HUB_CACHE":  # read once, when the hub's library is loaded
            monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", value)
    monkeypatch.setattr(engines, "_made", {})


@pytest.fixture(scope="session")
def generator_app(machine: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app on that machine: one for all tests of a worker. No draft comes by itself, in the middle of a walk."""
    app = App(tmp_path_factory.mktemp("generator-app"), {**machine, "HEADSHOT_DRAFT_SECONDS": "0"})
    yield app
    app.end()


@pytest.fixture(scope="session", autouse=True)
def _small_sides() -> None:
    """Let FaceID paint small: attention over 768 × 960 px costs a tiny model as much as a real one.

    Sizes themselves are tested on the families' own records (families.SD15, SDXL).
    """
    from headshot.engines.diffusion.families import FAMILIES

    for name, family in FAMILIES.items():
        FAMILIES[name] = replace(family, native=256, over_canvas=256, draft_side=192)


@pytest.fixture(scope="session", autouse=True)
def _what_was_said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The networks and the cut-out answer the same question once in a run (fixtures/remembered.py)."""
    from tests.fixtures import remembered

    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "remembered"
    folder.mkdir(exist_ok=True)
    with remembered.remembering(folder):
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for all tests of a worker."""
    with launched() as browser:
        yield browser


@pytest.fixture
def visit(chromium: Any, output: Path, request: pytest.FixtureRequest) -> Iterator[Visits]:
    """`visit(url)` opens a page as a fresh visitor. Fails on any fault of a page; keeps a failure's pictures."""
    visits = Visits(chromium)
    yield visits
    report = getattr(request.node, "call_report", None)
    failed = report is not None and report.failed
    visits.close(output / "failures" if failed else None, re.sub(r"[^\w.-]+", "_", request.node.name))
    assert visits.faults == []


@pytest.fixture(scope="session", autouse=True)
def _fresh_failures() -> None:
    shutil.rmtree(OUTPUT / "failures", ignore_errors=True)


@pytest.fixture
def short_tmp() -> Iterator[Path]:
    """A folder of its own under the system's temp folder, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="headshot-test-") as folder:
        yield Path(folder)
