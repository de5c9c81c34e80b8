"""WCAG by axe-core on both tabs, light and dark, and the way to the download by keyboard alone.

axe-core (MPL-2.0) is no part of the project: npm brings it when the test runs; without npm or a network it skips.
"""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, Visits, give

pytestmark = [pytest.mark.browser, pytest.mark.data, pytest.mark.sweep]
AXE = "axe-core@4.10.2"
RULES = "{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }"
MOST_STOPS = 12


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core."""
    npm, folder = shutil.which("npm"), tmp_path_factory.mktemp("axe")
    if npm is None:
        pytest.skip("npm is not installed")
    packed = subprocess.run([npm, "pack", AXE, "--silent"], cwd=folder, capture_output=True, text=True, check=False)
    if packed.returncode:
        pytest.skip("npm cannot fetch axe-core")
    with tarfile.open(folder / packed.stdout.strip().splitlines()[-1]) as archive:
        file = archive.extractfile("package/axe.min.js")
        assert file is not None
        return file.read().decode()


def violations(page: Any, axe: str) -> list[str]:
    """What axe finds: the rule and the beginning of each element."""
    page.evaluate(axe)
    found = page.evaluate(f"axe.run(document, {RULES})")
    return [f"{v['id']}: {node['html'][:140]}" for v in found["violations"] for node in v["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(app: App, visit: Visits, axe: str, scheme: str, width: int, output: Path) -> None:
    page = visit(app.url, width=width, height=900, color_scheme=scheme)
    page.wait_for_selector("#photo input[type=file]", state="attached")
    states = {"empty": violations(page, axe)}
    give(page, "whitson_1.jpg")
    page.wait_for_selector(READY)
    page.wait_for_selector("#verdict [data-state]:not([data-state=busy], [data-state=empty])")
    for part in ("looks", "check", "save"):
        page.click(f"#panels [data-panel={part}]")
        states[part] = violations(page, axe)
    page.get_by_role("tab", name="Check a picture").click()
    states["check a picture"] = violations(page, axe)
    page.screenshot(path=output / f"axe-{scheme}-{width}.png")
    assert {state: found for state, found in states.items() if found} == {}


def test_twelve_tab_stops_to_the_download(app: App, visit: Visits) -> None:
    page = visit(app.url)
    give(page, "whitson_1.jpg")
    page.wait_for_selector("#save:not([disabled])")
    page.wait_for_selector(READY)
    page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
    stops = []
    while not page.evaluate("document.activeElement?.closest('#save') !== null") and len(stops) < 40:
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement?.outerHTML.slice(0, 100)"))
        if page.evaluate("Boolean(document.activeElement?.closest('#save'))"):
            break
    assert len(stops) <= MOST_STOPS, stops
