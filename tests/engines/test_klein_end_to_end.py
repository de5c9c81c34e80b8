"""klein at every door from a local hub folder of tiny weights: command line, studio, and what it says of itself."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from headshot import engines
from headshot import files as provenance
from headshot.cli.main import main
from headshot.direction.applicability import why_ignored
from headshot.direction.direct import direct
from headshot.direction.engine_table import engine_info
from headshot.engines import get_engine
from headshot.engines.klein import generator as klein
from headshot.studio.session import shoot
from headshot.types import Headshot
from headshot.weights import registry
from headshot.weights import store as weights
from tests.fixtures import tiny_machine
from tests.fixtures.app_server import App
from tests.fixtures.browser import Visits, give, open_controls, save
from tests.fixtures.shared_photos import photo_path, sitting

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return tiny_machine.build(tmp_path_factory.mktemp("machine"), ("klein",))


@pytest.fixture
def machine(built: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    for name, value in built.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", built["HF_HUB_CACHE"])
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(engines, "_made", {})
    # Small pictures: the real sizes would keep a processor busy with nothing learnt.
    monkeypatch.setattr(klein, "KLEIN", klein.KLEIN.__class__(native=128, draft=64, text_tokens=1024, reference=64))
    registry._read.cache_clear()


@pytest.mark.data
@pytest.mark.usefixtures("machine")
def test_the_command_line_paints_and_the_report_is_not_of_a_model_that_judges_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--engine", "klein", "--set", "change=0.75", "--set", "generate.mode=draft", "--seed", "7"]
    assert main(["make", str(photo_path("coleman_1.jpg")), "--out", str(tmp_path), *words]) == 0, capsys.readouterr()
    made = Image.open(tmp_path / "headshot-1.jpg")
    assert made.height == get_engine("klein").most_height
    recipe = provenance.read((tmp_path / "headshot-1.jpg").read_bytes()).recipe
    assert recipe["engine"] == "klein" and recipe["settings"]["generate.steps"] == 4
    assert "klein-base/transformer/diffusion_pytorch_model.safetensors" in recipe["weights"]
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["verdict"] != "green", "random weights paint no face"
    assert "steered" not in {f["id"] for f in report["findings"]} and engine_info("klein").steered_by == ""


@pytest.mark.data
@pytest.mark.usefixtures("machine")
def test_further_photos_are_further_references(monkeypatch: pytest.MonkeyPatch) -> None:
    one = sitting("coleman_1.jpg")
    monkeypatch.setattr(
        type(one), "own_faces", property(lambda self: ((self.photo.pixels, self.subject.landmarks),)), raising=False
    )
    seen: list[int] = []
    from headshot.engines.klein import encode

    inner = encode.Encoder.steering
    monkeypatch.setattr(
        encode.Encoder, "steering", lambda self, g, t, who: (seen.append(len(who.pictures)), inner(self, g, t, who))[1]
    )
    wanted = direct("linkedin", engine="klein", change=1.0, overrides={"generate.mode": "draft"})
    pictures = [x for x in shoot(one, wanted, engine="klein", height=160) if isinstance(x, Headshot)]
    assert seen == [2] and len(pictures) == 1 and pictures[0].engine == "klein"
    assert not np.array_equal(pictures[0].picture, pictures[0].canvas.picture)


def test_its_terms_are_data_and_commercial_use_is_allowed() -> None:
    info = engine_info("klein")
    assert info.commercial and "Apache-2.0" in info.licence and not info.own
    assert all(weights.weight(role).commercial == "yes" for role in ("klein-base",))
    assert weights.total_bytes(["klein-base"]) == pytest.approx(16e9, rel=0.02)
    wanted = direct("linkedin", engine="klein")
    assert (wanted.generate.steps, wanted.generate.identity, wanted.generate.guidance) == (4, 1.0, 1.0)


def test_what_does_not_reach_it_is_said() -> None:
    for key in ("generate.guidance", "generate.lora", "generate.scheduler", "generate.structure"):
        assert "FLUX.2 klein" in why_ignored(key, "klein", 1.0) and why_ignored(key, "faceid-sd15", 1.0) == ""
    assert why_ignored("generate.identity", "klein", 1.0) == ""


def test_without_a_gpu_it_is_refused_in_one_line_before_anything_is_fetched(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(klein, "gpu_likely", lambda: False)
    monkeypatch.setattr(engines, "_made", {})
    assert main(["make", str(photo_path("coleman_1.jpg")), "--out", str(tmp_path / "o"), "--engine", "klein"]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1 and "needs a GPU" in lines[0] and "hour" in lines[0]
    monkeypatch.setattr(klein, "gpu_likely", lambda: True)
    status = get_engine("klein").status()
    assert not status.available and "weights are not on this machine" in status.reason, "with a GPU: what to fetch"


@pytest.mark.data
@pytest.mark.sweep
@pytest.mark.browser
def test_the_page_paints_with_it_from_a_local_hub_folder(built: dict[str, str], tmp_path: Path, visit: Visits) -> None:
    """At its real sizes: a draft of 512 px, and the final of 1,024."""
    app = App(tmp_path, {**built, "HEADSHOT_DRAFT_SECONDS": "0"})
    try:
        page = visit(app.url)
        give(page, "coleman_1.jpg")
        page.wait_for_selector("#badge .hs-engine", state="attached")
        page.locator("#ladder [role=radio]").last.click()
        page.wait_for_selector("#make", state="visible")
        open_controls(page)
        for mode, said in (("Draft", "Draft by klein"), ("Full", "Painted by klein")):
            page.locator("#set-generate-mode").get_by_text(mode, exact=True).click()
            page.click("#make")
            page.wait_for_function("said => document.querySelector('#badge')?.innerText.includes(said)", arg=said)
            page.wait_for_selector("#verdict .hs-grey, #verdict .hs-red")
        recipe = provenance.read(save(page)[1]).recipe
        assert recipe["engine"] == "klein" and recipe["settings"]["generate.mode"] == "full"
        assert "Apache-2.0" in page.inner_text("#engines")
    finally:
        app.end()
