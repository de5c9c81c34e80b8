"""The named endpoints, called as a program would call them."""

from __future__ import annotations

import base64
import csv
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from headshot import files as provenance
from headshot.direction.direct import direct
from headshot.direction.engine_table import ENGINES
from headshot.direction.places import MOST_PLACES, read_places
from headshot.direction.presets import load_presets
from headshot.direction.settings import SETTINGS
from headshot.studio.furthest_search import FurthestSearch
from headshot.studio.sheet.files import direction_of
from tests import ROOT, SHARED
from tests.fixtures.app_server import App
from tests.fixtures.shared_photos import photo_path

DOCS = ROOT / "docs" / "api.md"


@pytest.fixture(scope="module")
def app() -> Iterator[Any]:
    client = pytest.importorskip("gradio_client")
    import gradio as gr

    from headshot.ui.api.make import endpoints

    with gr.Blocks(analytics_enabled=False) as page:
        endpoints(ask_consent=True)
    _, url, _ = page.launch(prevent_thread_lock=True, quiet=True, ssr_mode=False)
    yield client.Client(url, verbose=False)
    page.close()


def photo() -> str:
    return base64.b64encode(photo_path("coleman_1.jpg").read_bytes()).decode()


def test_endpoints_are_named_typed_and_told(app: Any) -> None:
    named = app.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(named) == {
        "/headshot",
        "/contact_sheet",
        "/suggestions",
        "/pose_of",
        "/judge",
        "/best_of",
        "/furthest",
        "/choices",
        "/settings_of",
        "/save_look",
        "/load_look",
    }
    for name, endpoint in named.items():
        for part in (*endpoint["parameters"], *endpoint["returns"]):
            typed = part["python_type"]
            assert typed["type"] != "Any" and len(typed["description"]) > 5, (name, part)
        (answer,) = endpoint["returns"]
        assert answer["type"]["properties"] and set(answer["type"]["required"]) == set(answer["type"]["properties"])
    assert "sentence: str" in named["/furthest"]["returns"][0]["python_type"]["type"]
    floor = next(p for p in named["/furthest"]["parameters"] if p["parameter_name"] == "floor")
    assert floor["python_type"]["type"] == "Literal['green', 'amber']"
    parameters = {p["parameter_name"]: p for p in named["/contact_sheet"]["parameters"]}
    asked = {"photo", "rows", "columns", "preset", "settings", "engine", "consent", "words"}
    assert set(parameters) == asked | {"more", "face", "pose", "height"}
    assert parameters["preset"]["parameter_default"] == "linkedin"


@pytest.mark.sweep
@pytest.mark.data
def test_spots_are_suggested_where_asked_for_alone(app: Any) -> None:
    path = SHARED / "data" / "people" / "u1695.png"
    if not path.is_file():
        pytest.skip("the shared photos of people are not here (HEADSHOT_SHARED)")
    asked = {"photo": base64.b64encode(path.read_bytes()).decode(), "consent": True, "api_name": "/headshot"}
    made = app.predict(**asked, suggest_heal=True)
    places = read_places(made["suggested_heal"])
    assert 1 <= len(places) <= MOST_PLACES


@pytest.mark.sweep
@pytest.mark.data
def test_a_sheet_from_a_program(app: Any) -> None:
    made = app.predict(
        photo=photo(),
        rows="preset=linkedin,mono",
        columns="light.key_side=left,none",
        settings={"light.strength": 0.6, "generate.steps": 9},
        words="warmer",
        consent=True,
        api_name="/contact_sheet",
    )
    said = " ".join(made["notes"])
    assert "“Number of steps”" in said and "settings={'light.warmth': 0.4}" in said
    rows = list(csv.DictReader(io.StringIO(made["csv"])))
    assert len(rows) == 4 and {r["light.strength"] for r in rows} == {"0.6"}
    packed = zipfile.ZipFile(io.BytesIO(base64.b64decode(made["zip"])))
    assert packed.read("sheet.png")[:4] == b"\x89PNG" == base64.b64decode(made["sheet"])[:4]
    for data in (packed.read("sheet.png"), base64.b64decode(made["sheet"])):
        assert provenance.read(data).source_type == provenance.OWN_PIXELS
    recipe = provenance.read(packed.read(rows[3]["file"])).recipe
    assert recipe is not None and provenance.restore(recipe) == direction_of(rows[3])[0]


@pytest.mark.sweep
@pytest.mark.data
def test_a_headshot_from_a_program(app: Any) -> None:
    made = app.predict(
        photo=photo(),
        preset="academic",
        words="an owl",
        settings={"light.warmth": 0.2, "seed": 4},
        consent=True,
        api_name="/headshot",
    )
    assert made["suggested_heal"] == ""  # not asked for
    assert base64.b64decode(made["picture"])[:2] == b"\xff\xd8"
    said = " ".join(made["notes"])
    assert "“Variation number” makes no difference" in said and "“owl”: " in said
    # Its settings come back, as /headshot takes them.
    saved = app.predict(picture=made["picture"], api_name="/settings_of")
    assert (saved["engine"], saved["preset"], saved["settings"]["light.warmth"]) == ("retouch", "academic", 0.2)
    wanted = direct("academic", words="an owl", overrides={"light.warmth": 0.2, "seed": 4})
    assert direct(saved["preset"], overrides=saved["settings"]) == wanted
    assert any("settings can be restored" in line for line in saved["marks"])
    with pytest.raises(Exception, match="carries no settings"):
        app.predict(picture=photo(), api_name="/settings_of")
    assert made["report"]["verdict"] in ("green", "amber", "red") and made["report"]["findings"]


def test_words_from_a_program(app: Any) -> None:
    made = app.predict(words="warmer, an owl", api_name="/suggestions")
    assert made["suggestions"] == [{"said": "warmer", "settings": {"light.warmth": 0.4}, "reason": ""}]
    assert made["prompt"] == "owl" and made["unheard"][0][0] == "owl"


@pytest.mark.sweep
@pytest.mark.data
def test_a_pose_for_a_program(app: Any) -> None:
    made = app.predict(photo=photo(), consent=True, api_name="/pose_of")
    assert set(made) == {"settings", "read", "untold"} and len(made["read"] + made["untold"]) == 5
    assert made["settings"]["posing.expression"] == "smile" and any("Camera" in line for line in made["untold"])
    with pytest.raises(Exception, match="not agreed"):
        app.predict(photo=photo(), api_name="/pose_of")
    profile = base64.b64encode(photo_path("linteris_profile.jpg").read_bytes()).decode()
    with pytest.raises(Exception, match="turned too far"):
        app.predict(photo=profile, consent=True, api_name="/pose_of")


def test_what_there_is_to_choose(app: Any) -> None:
    found = app.predict(api_name="/choices")
    assert [look["name"] for look in found["looks"]] == list(load_presets()) and found["looks"][0]["summary"]
    engines = {e["name"]: e for e in found["engines"]}
    assert engines["retouch"]["available"] and set(engines) == set(ENGINES)
    assert all(e["available"] or e["reason"] for e in engines.values())
    settings = {s["key"]: s for s in found["settings"]}
    assert set(settings) == set(SETTINGS) and settings["light.warmth"]["low"] == -1
    assert settings["crop.aspect"]["choices"] == ["1:1", "4:5", "3:4"] and settings["crop.aspect"]["high"] is None


def test_a_look_goes_out_as_a_file_and_comes_back(app: Any) -> None:
    out = app.predict(title="Café owl", preset="mono", settings={"light.warmth": 0.3}, api_name="/save_look")
    assert out["name"] == "cafe-owl.toml"
    back = app.predict(toml=out["toml"], api_name="/load_look")
    assert (back["title"], back["preset"], back["settings"]["light.warmth"]) == ("Café owl", "mono", 0.3)
    with pytest.raises(Exception, match="not valid TOML"):
        app.predict(toml="a = [", api_name="/load_look")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"photo": "AAAA", "consent": False}, "not agreed"),
        ({"photo": "!!", "consent": True}, "not base64"),
        ({"photo": "AAAA", "consent": True}, "photo"),
        ({"photo": "AAAA", "consent": True, "preset": "x"}, "preset"),
    ],
)
def test_faults_are_one_sentence(app: Any, more: dict[str, Any], said: str) -> None:
    with pytest.raises(Exception, match=said) as fault:
        app.predict(**more, api_name="/headshot")
    assert "Traceback" not in str(fault.value) and len(str(fault.value)) < 500


@pytest.mark.sweep
@pytest.mark.data
def test_a_pair_is_judged_for_a_program(app: Any) -> None:
    other = base64.b64encode(photo_path("coleman_2.jpg").read_bytes()).decode()
    made = app.predict(original=photo(), other=other, consent=True, api_name="/judge")
    assert made["report"]["regime"] == "another photo"
    stranger = base64.b64encode(photo_path("curbeam_1.jpg").read_bytes()).decode()
    made = app.predict(original=photo(), other=stranger, consent=True, api_name="/judge")
    assert made["report"]["verdict"] == "red"


@pytest.mark.sweep
@pytest.mark.data
def test_as_far_as_you_stay_you_for_a_program(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FurthestSearch, "renders", 3)
    made = app.predict(photo=photo(), floor="green", consent=True, api_name="/furthest")
    good = [t["at"] for t in made["tried"] if t["verdict"] == "green"]
    assert "ladder has two rungs" in made["notes"][0]
    assert 2 <= len(made["tried"]) <= 3 and made["at"] == max(good) and made["sentence"]
    recipe = provenance.read(base64.b64decode(made["picture"])).recipe
    assert recipe is not None and provenance.restore(recipe).light.strength > 0
    with pytest.raises(Exception, match="green or amber"):
        app.predict(photo=photo(), floor="grey", consent=True, api_name="/furthest")


@pytest.mark.parametrize(("engine", "said"), [("retouch", "no difference"), ("faceid-sd15", "weights|needs")])
@pytest.mark.data
def test_best_of_without_a_generator_says_why(
    app: Any, engine: str, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("HEADSHOT_WEIGHTS", "HF_HUB_CACHE"):
        monkeypatch.setenv(name, str(tmp_path))
    with pytest.raises(Exception, match=said):
        app.predict(photo=photo(), count=2, engine=engine, consent=True, api_name="/best_of")


@pytest.mark.data
def test_the_example_in_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """README's "From Python" as it stands."""
    part = (ROOT / "README.md").read_text(encoding="utf-8").partition("### From Python")[2].partition("\n## ")[0]
    (code,) = re.findall(r"```python\n(.*?)```", part, re.DOTALL)
    assert len(code.splitlines()) <= 15
    shutil.copyfile(photo_path("coleman_1.jpg"), tmp_path / "me.jpg")
    monkeypatch.chdir(tmp_path)
    exec(code, {"__name__": "__main__"})
    with Image.open(tmp_path / "sheet.png") as picture:
        assert picture.format == "PNG" and min(picture.size) > 400
    rows = list(csv.DictReader(io.StringIO((tmp_path / "sheet.csv").read_text(encoding="utf-8"))))
    assert len(rows) == 8 and all(row["verdict"] and row["likeness"] for row in rows)


@pytest.mark.sweep
@pytest.mark.data
def test_the_documented_examples_run(generator_app: App, tmp_path: Path) -> None:
    """docs/api.md as it stands, against the real app on a machine with a generator of tiny random weights."""
    pytest.importorskip("gradio_client")
    blocks = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 10
    work = tmp_path / "work"
    work.mkdir()
    shutil.copyfile(photo_path("coleman_1.jpg"), work / "me.jpg")
    alone = subprocess.run(
        [sys.executable, "-c", blocks[-1]],
        cwd=work,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert alone.returncode == 0 and (work / "sheet.zip").stat().st_size > 10_000, alone.stderr  # it needs no app
    blocks.pop()
    code = "\n".join(blocks).replace("http://127.0.0.1:7860", generator_app.url)
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=work,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert run.returncode == 0, run.stderr
    made = {"sheet.png", "headshot.jpg", "best.jpg", "sheet.zip", "my-look.toml"}
    assert {p.name for p in work.iterdir()} == {"me.jpg", *made}
