"""The grid of two settings in a real browser: made, stopped half-way, picked from, downloaded, read back."""

from __future__ import annotations

import csv
import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from headshot import files as provenance
from headshot.errors import UserError
from headshot.studio import sheet_job
from headshot.studio.sheet.files import direction_of
from headshot.ui.compare.sheet_axes import axis_of, offered, values_for
from headshot.ui.compare.sheet_session import SheetSession
from headshot.ui.make import setup
from tests.fixtures.browser import Visits, give, open_controls, save
from tests.fixtures.served import serving


@pytest.mark.parametrize("there", [False, True])
def test_every_offered_setting_has_values_that_fit(there: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """`there`: on a machine with a generator, which has more settings, every one under a name of its own."""
    real = setup.statuses()
    monkeypatch.setattr(setup, "statuses", lambda: {n: replace(s, available=there) for n, s in real.items()})
    names, keys = zip(*offered(), strict=True)
    assert len(set(names)) == len(keys) == len(set(keys)) >= (40 if there else 20)
    assert ("engine" in keys) == ("generate.steps" in keys) == there
    assert values_for("change")[1] == (["0", "0.25", "0.5", "0.75", "1"] if there else ["0", "0.25"])
    assert {"preset", "light.key_side", "crop.aspect"} <= set(keys)
    for key in keys:
        choices, chosen = values_for(key)
        assert len(axis_of(key, chosen).values) == len(chosen) >= 2, key
        assert set(chosen) <= {value for _, value in choices}
    with pytest.raises(UserError, match="no values"):
        axis_of("preset", [])


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page in this process, so that a test can hold the making back."""
    with serving(tmp_path_factory.mktemp("served")) as app:
        yield app.url


@pytest.mark.sweep
@pytest.mark.browser
@pytest.mark.data
def test_sheet_stopped_half_way_picked_and_downloaded(url: str, visit: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped, stop, render = threading.Event(), SheetSession.stop, sheet_job.render

    def waiting_for_it(*given: Any, **more: Any) -> Iterator[Any]:
        with closing(render(*given, **more)) as work:
            for number, item in enumerate(work, 1):
                yield item
                if number == 5:  # else all would be done before the click
                    stopped.wait()

    monkeypatch.setattr(sheet_job, "render", waiting_for_it)
    monkeypatch.setattr(SheetSession, "stop", lambda sheet: (stop(sheet), stopped.set()))
    page = visit(url)
    give(page, "coleman_1.jpg")
    page.wait_for_selector("#compare .compare[data-state=ready]")
    page.locator("#vary button").first.click()
    field = page.locator("#sheet-columns-key input")
    field.click()
    page.get_by_role("option", name="Backdrop", exact=True).click()
    page.wait_for_function("document.querySelectorAll('#sheet-columns .token').length === 4")
    page.locator("#sheet-make").click()
    page.wait_for_function("document.querySelectorAll('#sheet .cell[data-done]').length >= 5")
    page.locator("#sheet-stop").click()
    page.wait_for_selector("#sheet .sheet[data-state=done]")
    done = page.locator("#sheet .cell[data-done]").count()
    assert done == 6 and page.locator("#sheet .cell").count() == 16
    assert f"{done} of 16" in page.locator("#sheet .note").inner_text()

    page.locator("#sheet-kind input").click()
    page.get_by_role("option", name="All cells").click()
    packed = zipfile.ZipFile(io.BytesIO(save(page, "#sheet-save")[1]))
    rows = list(csv.DictReader(io.StringIO(packed.read("sheet.csv").decode())))
    assert len(rows) == done
    for row in rows:
        recipe = provenance.read(packed.read(row["file"])).recipe
        assert recipe is not None and provenance.restore(recipe) == direction_of(row)[0]

    # The second row's second cell lies on the first diagonal: it is among those that are done.
    cell = page.locator("#sheet .cell").nth(5)
    name = cell.get_attribute("data-name")
    chosen = next(r for r in rows if f"{r['row']}, {r['column']}" == name)
    cell.click()
    title = page.locator("#looks .look[aria-checked=true] .title")
    page.wait_for_function(
        "t => document.querySelector('#looks .look[aria-checked=true] .title').textContent === t", arg=chosen["row"]
    )
    assert title.inner_text() == "Corporate" == chosen["row"]
    open_controls(page)
    kind = page.locator("#set-backdrop-kind input")
    kind.wait_for(state="visible")
    assert kind.input_value() == chosen["column"]
