"""The report that leaves the app: its JSON against the published schema, its page self-contained and escaped."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import numpy as np
import pytest

from headshot.authenticity.report import summary
from headshot.pair import judge_pair
from headshot.photo import read_photo
from headshot.types import AuthenticityReport, Finding, Photo
from headshot.ui.findings import REGIMES
from headshot.ui.report_page import report_page
from tests.shared_photos import ROOT, photo_path

SCHEMA = ROOT / "docs" / "report.schema.json"
EVIL = "<img src=x onerror=\"alert('1')\"> & `${1+1}`"


def real() -> list[AuthenticityReport]:
    """Of each kind: own photo again, another photo, a stranger, too small."""
    photos = {n: read_photo(photo_path(n)) for n in ("whitson_1.jpg", "whitson_2.jpg", "wilson_1.jpg", "walheim_2.jpg")}
    first = photos["whitson_1.jpg"]
    darker = Photo((first.pixels * 0.9).astype(np.uint8), "PNG")
    return [judge_pair(first, other) for other in (darker, *list(photos.values())[1:])]


@pytest.mark.data
def test_real_reports_fit_the_published_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert schema["properties"]["schema"]["const"] == AuthenticityReport.SCHEMA
    assert set(schema["properties"]["regime"]["enum"]) == set(REGIMES)  # each has its words on the page
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
        Finding("a", 1.0, EVIL, "red", EVIL, EVIL, EVIL, EVIL, EVIL),
        Finding("b", None, "", "grey", "Could not be measured: why.", "m", title="Bee"),
        Finding("c", None, "", "grey", "Could not be measured: why.", "m", title="Cee"),
        Finding("d", 2.0, "%", "grey", "Only so.", "m", "information only", title="Dee"),
    )
    report = AuthenticityReport(findings, EVIL, frozenset({"a", "b", "c"}))
    page = report_page(report, EVIL, ((EVIL, np.zeros((8, 6, 3), np.uint8)),), notes=[EVIL])
    assert page.startswith("<!doctype html>") and page.count("<img ") == 1 and "onerror=\"" not in page
    assert re.findall(r"(?:src|href)=\"(?!data:image/jpeg;base64,)", page) == []
    assert "<script" not in page and "@import" not in page and "url(" not in page
    assert "Bee, Cee" in page  # missing for one reason, said once
    assert "Information" in page and "information only" not in page
    assert page.count("Could not be measured: why.") == 1


@pytest.mark.data
@pytest.mark.browser
def test_the_page_prints_on_one_sheet(tmp_path: Path) -> None:
    from tests.app_server import CHROMIUM, FLAGS

    sync_api = pytest.importorskip("playwright.sync_api")
    picture = np.full((900, 720, 3), 128, np.uint8)
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for report in real()[:2]:
            text = report_page(report, summary(report), (("Your photo", picture), ("The picture", picture)))
            (tmp_path / "page.html").write_text(text, encoding="utf-8")
            page = browser.new_page()
            page.goto((tmp_path / "page.html").as_uri())
            pdf = page.pdf(prefer_css_page_size=True)
            assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == 1
        browser.close()
