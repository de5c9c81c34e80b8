"""Who paints is decided once: on a rung where nothing is painted, own pixels are made, reported and marked as such."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from headshot import files
from headshot.direction.direct import direct
from headshot.direction.engine_table import ENGINES, GENERATORS, OWN_PIXELS, engine_at, engine_info, who_paints
from headshot.direction.ladder import OWN_TOP, RUNGS
from headshot.direction.notes import notes_on
from headshot.engines import get_engine
from headshot.errors import DirectionError
from headshot.files.encode import headshot_file
from headshot.files.source_type import OWN_PIXELS as ENHANCED
from headshot.studio.result_report import judge
from headshot.studio.session import headshot
from tests.fixtures import stand_in
from tests.fixtures.shared_photos import sitting


def test_own_pixels_below_and_the_engine_above() -> None:
    for engine in ENGINES:
        for change, _ in RUNGS:
            wanted = direct("linkedin", engine=engine, change=change)
            expected = engine if change > OWN_TOP and engine in GENERATORS else OWN_PIXELS
            assert who_paints(wanted, engine) == engine_at(change, engine) == expected, (engine, change)
    with pytest.raises(DirectionError, match="no engine"):
        engine_at(0.1, "magic")


def test_every_row_of_the_table_is_an_engine_with_a_title_and_a_licence() -> None:
    for name, info in ENGINES.items():
        engine = get_engine(name)
        assert engine.name == name and engine.status().title == info.title and engine.status().licence == info.licence
        assert (
            info.licence
            and info.own == (name == OWN_PIXELS)
            and info.own != (engine.needs_identity or info.takes_photos)
        )
        assert info.commercial or "non-commercial" in info.licence


@pytest.mark.data
def test_a_generator_asked_on_an_own_rung_makes_the_same_picture_report_and_mark(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A generator whose weights are missing is asked: nothing is painted on this rung, so nothing is missed."""
    one = sitting("coleman_1.jpg")
    wanted = direct("linkedin", engine="faceid-sd15", change=0.25)
    own = headshot(one, wanted, height=400)
    asked = headshot(one, wanted, engine="faceid-sd15", height=400)
    assert asked.engine == OWN_PIXELS and np.array_equal(asked.picture, own.picture)
    assert judge(asked).to_json() == judge(own).to_json()
    assert files.read(headshot_file(asked)).source_type == ENHANCED
    assert any("nothing is painted" in note for note in notes_on(wanted, "faceid-sd15"))


@pytest.mark.data
def test_only_an_engine_that_a_recogniser_steers_is_reported_as_steered(monkeypatch: pytest.MonkeyPatch) -> None:
    one = sitting("coleman_1.jpg")
    said: list[Any] = []
    monkeypatch.setattr("headshot.studio.result_report.judge_pair", lambda *_, **more: said.append(more) or _empty())
    for steered_by in ("", "buffalo_l"):
        stand_in.register(monkeypatch, "other", stand_in.PlainEngine("other"), steered_by=steered_by)
        assert engine_info("other").steered_by == steered_by
        judge(headshot(one, direct("linkedin", change=1.0), engine="other", height=300))
    assert [more["painted"] for more in said] == [False, True]
    assert [more["own_pixels"] for more in said] == [False, False]


def _empty() -> Any:
    from headshot.types import AuthenticityReport

    return AuthenticityReport((), "generator")
