"""The report that leaves the app: its JSON against the published schema, its page self-contained and escaped."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from headshot.authenticity.labels import KINDS
from headshot.authenticity.report import summary
from headshot.files.printable_report import report_page
from headshot.photo.decode import read_photo
from headshot.studio.match import match_pair
from headshot.types import AuthenticityReport, Finding, Kept, KeptState, Photo, State
from tests import ROOT
from tests.fixtures import edits
from tests.fixtures.shared_photos import photo_path

SCHEMA = ROOT / "docs" / "report.schema.json"
EVIL = "<img src=x onerror=\"alert('1')\"> & `${1+1}`"


def real() -> list[AuthenticityReport]:
    """Of each kind: own photo again, another photo, a stranger, too small."""
    photos = {n: read_photo(photo_path(n)) for n in ("whitson_1.jpg", "whitson_2.jpg", "wilson_1.jpg", "walheim_2.jpg")}
    first = photos["whitson_1.jpg"]
    darker = Photo((first.pixels * 0.9).astype(np.uint8), "PNG")
    return [match_pair(first, other).report() for other in (darker, *list(photos.values())[1:])]


@pytest.mark.sweep
@pytest.mark.data
def test_real_reports_fit_the_published_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert schema["properties"]["schema"]["const"] == AuthenticityReport.SCHEMA
    assert set(schema["properties"]["regime"]["enum"]) == set(KINDS)  # each has its words on the page
    reports = [json.loads(json.dumps(r.to_json(), allow_nan=False)) for r in real()]
    assert {r["verdict"] for r in reports} >= {"green", "red", "grey"}
    for plain in reports:
        validator.validate(plain)
    # A schema that lets everything through proves nothing.
    for spoil in (
        lambda r: r.pop("verdict"),
        lambda r: r.update(schema=2),
        lambda r: r["findings"][0].update(state="blue"),
        lambda r: r["findings"][0].update(value="0.1"),
        lambda r: r["findings"][0].update(value=None, state="green"),
        lambda r: r["findings"][0].update(embedding=[0.1]),
        lambda r: r.update(findings=[]),
    ):
        spoilt = copy.deepcopy(reports[0])
        spoil(spoilt)
        with pytest.raises(jsonschema.ValidationError):
            validator.validate(spoilt)


def test_the_page_is_self_contained_and_escaped() -> None:
    findings = (
        Finding("a", 1.0, EVIL, State.RED, EVIL, EVIL, EVIL, EVIL, EVIL),
        Finding("b", None, "", State.GREY, "Could not be measured: why.", "m", title="Bee"),
        Finding("c", None, "", State.GREY, "Could not be measured: why.", "m", title="Cee"),
        Finding("d", 2.0, "%", State.GREY, "Only so.", "m", "information only", title="Dee"),
    )
    report = AuthenticityReport(findings, EVIL, frozenset({"a", "b", "c"}))
    page = report_page(report, EVIL, ((EVIL, np.zeros((8, 6, 3), np.uint8)),), notes=[EVIL])
    assert page.startswith("<!doctype html>") and page.count("<img ") == 1 and 'onerror="' not in page
    assert re.findall(r"(?:src|href)=\"(?!data:image/jpeg;base64,)", page) == []
    assert "<script" not in page and "@import" not in page and "url(" not in page
    assert "Bee, Cee" in page  # missing for one reason, said once
    assert "Information" in page and "information only" not in page
    assert page.count("Could not be measured: why.") == 1


def test_what_is_ordinary_stands_in_one_row_where_something_strikes() -> None:
    ordinary = (
        Finding("a", 1.0, "%", State.GREEN, "Fine.", "m", "green up to 2", title="Ay"),
        Finding("b", 2.0, "% of it", State.GREEN, "Fine too.", "m", title="Bee"),
    )
    calm = report_page(AuthenticityReport(ordinary, "", frozenset("abc")), "s")
    assert "Fine." in calm and "Fine too." in calm and "2% of it" in calm
    struck = (*ordinary, Finding("c", 9.0, "%", State.RED, "Changed.", "m", title="Cee"))
    page = report_page(AuthenticityReport(struck, "", frozenset("abc")), "s")
    assert page.index("Changed.") < page.index("<b>Ay</b> 1%") < page.index("<b>Bee</b> 2% of it")
    assert "green up to 2" in page and "Fine." not in page


def heavy() -> AuthenticityReport:
    """A photo with much planted in it: larger eyes, a narrower jaw, lighter and smoother skin."""
    photo = read_photo(photo_path("garan_1.jpg"))
    marks = match_pair(photo, photo).original[1]
    pixels = edits.scale_jaw(edits.scale_eyes(photo.pixels, marks, 10), marks, -10)
    pixels = edits.smooth_skin(edits.lighten_skin(pixels, marks, 12), marks)
    return match_pair(photo, Photo(pixels, "PNG")).report()


KEPT = tuple(
    Kept(said, said, KeptState(state), sentence)
    for said, state, sentence in (
        ("glasses", "kept", "No frame of glasses came or went."),
        ("grey hair", "look here", "Your hair changed its colour: compare it by eye in the closer look, at its edges."),
        ("freckles", "lost", "2 moles or marks of your photo are gone from this picture, and one is new."),
        ("wrinkles", "not measured", "The report could not measure it here."),
    )
)
NOTES = (
    "By eye, before any figure: you would use A, which is the headshot; you took A for the camera's, and that is "
    "wrong: it is the headshot.",
    "Friends: 5 of 8 found the picture, which is 31% to 86% with 95% certainty; guessing alone would find 33%.",
)
DRAWING = '<svg width="100%" height="132"><rect width="100%" height="132"/></svg>'  # as high as strip_plot_svg's


@pytest.mark.sweep
@pytest.mark.data
@pytest.mark.browser
def test_the_page_prints_on_one_sheet(tmp_path: Path, chromium: Any) -> None:
    picture = np.full((900, 720, 3), 128, np.uint8)
    much = heavy()
    assert sum(f.state in ("red", "amber") for f in much.findings) >= 6
    worst = replace(
        much,
        findings=tuple(
            replace(f, state=State.RED) if f.id in much.deciding and f.value is not None else f for f in much.findings
        ),
    )
    cases: list[tuple[AuthenticityReport, tuple[str, ...], str]] = [(r, (), "") for r in real()[:2]]
    cases += [(much, (), DRAWING), (replace(much, kept=KEPT), (), ""), (replace(worst, kept=KEPT), NOTES, DRAWING)]
    page = chromium.new_page()
    for number, (report, notes, drawing) in enumerate(cases):
        pictures = (("Your photo", picture), ("The picture", picture))
        text = report_page(report, summary(report), pictures, notes=notes, drawing=drawing)
        (tmp_path / "page.html").write_text(text, encoding="utf-8")
        page.goto((tmp_path / "page.html").as_uri())
        pdf = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == 1, number
    page.close()
