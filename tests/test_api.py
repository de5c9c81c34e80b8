"""The named endpoints, called as a program would call them."""

from __future__ import annotations

import base64
import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from headshot import provenance
from headshot.sheet_file import direction_of
from tests.shared_photos import photo_path


@pytest.fixture(scope="module")
def app() -> Iterator[Any]:
    client = pytest.importorskip("gradio_client")
    import gradio as gr

    from headshot.ui.api import endpoints

    with gr.Blocks(analytics_enabled=False) as page:
        endpoints(ask_consent=True)
    _, url, _ = page.launch(prevent_thread_lock=True, quiet=True, ssr_mode=False)
    yield client.Client(url, verbose=False)
    page.close()


def photo() -> str:
    return base64.b64encode(photo_path("coleman_1.jpg").read_bytes()).decode()


def test_endpoints_are_named_typed_and_told(app: Any) -> None:
    named = app.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(named) == {"/headshot", "/contact_sheet", "/suggestions"}
    parameters = {p["parameter_name"]: p for p in named["/contact_sheet"]["parameters"]}
    assert set(parameters) == {"photo", "rows", "columns", "preset", "settings", "engine", "consent"}
    assert parameters["preset"]["parameter_default"] == "linkedin"


@pytest.mark.data
def test_a_sheet_from_a_program(app: Any) -> None:
    made = app.predict(photo=photo(), rows="preset=linkedin,mono", columns="light.key_side=left,none",
                       settings={"light.strength": 0.6}, consent=True, api_name="/contact_sheet")  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(made["csv"])))
    assert len(rows) == 4 and {r["light.strength"] for r in rows} == {"0.6"}
    packed = zipfile.ZipFile(io.BytesIO(base64.b64decode(made["zip"])))
    assert packed.read("sheet.png")[:4] == b"\x89PNG" == base64.b64decode(made["sheet"])[:4]
    recipe = provenance.read(packed.read(rows[3]["file"])).recipe
    assert recipe is not None and provenance.restore(recipe) == direction_of(rows[3])[0]


@pytest.mark.data
def test_a_headshot_from_a_program(app: Any) -> None:
    made = app.predict(photo=photo(), preset="academic", consent=True, api_name="/headshot")
    assert base64.b64decode(made["picture"])[:2] == b"\xff\xd8"
    assert made["report"]["verdict"] in ("green", "amber", "red") and made["report"]["findings"]


def test_words_from_a_program(app: Any) -> None:
    made = app.predict(words="warmer, an owl", api_name="/suggestions")
    assert made["suggestions"] == [{"said": "warmer", "settings": {"light.warmth": 0.4}, "reason": ""}]
    assert made["prompt"] == "owl" and made["unheard"][0][0] == "owl"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"photo": "AAAA", "consent": False}, "not agreed"), ({"photo": "!!", "consent": True}, "not base64"),
        ({"photo": "AAAA", "consent": True}, "photo"), ({"photo": "AAAA", "consent": True, "preset": "x"}, "preset"),
    ],
)  # fmt: skip
def test_faults_are_one_sentence(app: Any, more: dict[str, Any], said: str) -> None:
    with pytest.raises(Exception, match=said) as fault:
        app.predict(**more, api_name="/headshot")
    assert "Traceback" not in str(fault.value) and len(str(fault.value)) < 500
