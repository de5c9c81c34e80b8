"""What adding a measure to the report touches, counted in the code."""

from __future__ import annotations

import re

import pytest

from headshot.authenticity.thresholds import deciding, measures, measures_of_lock
from headshot.direction.locks import _TABLE
from tests import ROOT

HOUSE = ROOT / "headshot"
FILES = {p: p.read_text(encoding="utf-8") for p in HOUSE.rglob("*") if p.suffix in (".py", ".toml", ".js", ".html")}


@pytest.mark.parametrize("name", ["hair_outline", "asymmetry", "nose_width", "mouth_width", "skin_hue", "iris"])
def test_a_measure_is_named_in_its_row_and_where_it_is_added(name: str) -> None:
    """Besides these only its own module and its sentence: four files for a new measure."""
    own = rf"\[{name}\]|[\"']{name}[\"']"
    places = {p.relative_to(HOUSE).as_posix() for p, text in FILES.items() if re.search(own, text)}
    assert "authenticity/thresholds.toml" in places
    # The quick report of a sheet's cells measures a few of them in its own way; a lock may have a measure's name;
    # a feature that moves has a band by its measure.
    places -= {"studio/quick_report.py", "direction/locks.py", "authenticity/thresholds.toml"}
    places -= {"studio/feature_bands.py", "canvas/reshape/features.py"}
    assert len(places - {"authenticity/sentences.py", "authenticity/shape_sentences.py"}) == 1, places


def test_titles_units_and_what_decides_stand_in_the_table_alone() -> None:
    shown = [m for m in measures().values() if m.title]
    assert len(shown) > 25 and len({m.title for m in shown}) == len(shown)
    for measure in shown:
        title = re.compile(rf"title[^\n]*[\"']{re.escape(measure.title)}[\"']")
        assert [p.name for p, text in FILES.items() if title.search(text)] == ["thresholds.toml"], measure.id
    assert all(m.unit for m in measures().values())
    for kind in ("own pixels", "generator", "another photo"):
        assert all(measures()[name].threshold(kind) for name in deciding(kind))
    assert "copy_paste" not in deciding("own pixels") and not {"iris", "texture", "lips"} & deciding("another photo")


def test_every_lock_of_the_table_is_a_lock() -> None:
    names = {row[0] for row in _TABLE}
    assert {lock for m in measures().values() for lock in m.locks} <= names
    assert measures_of_lock("eye colour") == ("iris", "eye_size", "eye_opening") and measures_of_lock("beard") == (
        "beard",
    )
