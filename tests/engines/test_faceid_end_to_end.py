"""The generators end to end on real photos, from tiny random weights in a local hub cache: command line and page."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from headshot import files as provenance
from headshot.cli.main import main
from tests import ROOT, SHARED
from tests.fixtures.app_server import App
from tests.fixtures.browser import Visits, give, open_controls

PORTRAIT = SHARED / "data" / "photos" / "coleman_1.jpg"

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not PORTRAIT.is_file(), reason="the shared photos are not here"),
]


def make(machine: dict[str, str], out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "headshot", "make", str(PORTRAIT), "--out", str(out), *options]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **machine}, capture_output=True, text=True)


@pytest.mark.usefixtures("tiny_engine")
def test_full_generation_writes_candidates_and_an_honest_report(
    machine: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = ("--set", "change=1", "--set", "generate.mode=draft", "--set", "generate.candidates=2", "--seed", "7")
    assert main(["make", str(PORTRAIT), "--out", str(tmp_path), "--engine", "faceid-sd15", *settings]) == 0
    first, second = (Image.open(tmp_path / f"headshot-{n}.jpg").convert("RGB") for n in (1, 2))
    assert first.size == second.size
    assert first.tobytes() != second.tobytes(), "two candidates, two seeds, two pictures"
    # The file says by hash what made it: all that the engine cannot do without, and the LoRA that saved steps.
    recipe = provenance.read((tmp_path / "headshot-1.jpg").read_bytes()).recipe
    hub = {hashlib.sha256(p.read_bytes()).hexdigest() for p in Path(machine["HF_HUB_CACHE"]).rglob("*") if p.is_file()}
    assert set(recipe["weights"].values()) <= hub
    made_of = {name.split("/")[0] for name in recipe["weights"]}
    assert made_of >= {"sd15-base", "sd15-vae", "faceid-plusv2-sd15", "clip-vit-h", "buffalo_l"}
    assert any(name.startswith("hyper-sd15") for name in made_of)
    assert "sd15-base/unet/diffusion_pytorch_model.safetensors" in recipe["weights"]
    report = json.loads((tmp_path / "report.json").read_text())
    # Random weights paint no face: the report must not say that this is the person.
    assert report["verdict"] != "green"
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.sweep
def test_on_the_clothes_rung_the_face_keeps_its_own_pixels(machine: dict[str, str], tmp_path: Path) -> None:
    run = make(machine, tmp_path, "--engine", "faceid-sd15", "--set", "change=0.5", "--set", "generate.steps=2")
    assert run.returncode == 0, run.stderr
    findings = {f["id"]: f for f in json.loads((tmp_path / "report.json").read_text())["findings"]}
    assert findings["kept_pixels"]["value"] > 0.9
    assert findings["likeness"]["state"] == "green"


@pytest.mark.sweep
def test_missing_weights_are_one_line_with_size_and_command(tmp_path: Path) -> None:
    bare = {
        "HEADSHOT_WEIGHTS": str(tmp_path / "w"),
        "HF_HUB_CACHE": str(tmp_path / "h"),
        "HF_HUB_OFFLINE": "1",
    }
    run = make(bare, tmp_path / "out", "--engine", "faceid-sdxl")
    assert run.returncode == 2
    lines = run.stderr.strip().splitlines()
    assert len(lines) == 1, run.stderr
    assert re.search(r"\d+(\.\d+)? GB", lines[0])
    assert "(sdxl-base, sdxl-vae, faceid-plusv2-sdxl, clip-vit-h, buffalo_l)" in lines[0], "what is missing is named"
    assert "python -m headshot weights --download faceid-sdxl" in lines[0]
    assert not (tmp_path / "out" / "headshot-1.jpg").exists()


@pytest.mark.sweep
@pytest.mark.browser
def test_the_page_paints_with_a_generator(generator_app: App, visit: Visits, output: Path) -> None:
    page = visit(generator_app.url)
    give(page, PORTRAIT.name)
    page.wait_for_selector("#badge .hs-engine", state="attached")
    open_controls(page)
    page.locator("#set-generate-mode").get_by_text("Draft", exact=True).click()
    page.locator("#ladder [role=radio]").last.click()
    page.wait_for_selector("#make", state="visible")
    page.click("#make")
    page.wait_for_function("document.querySelector('#badge')?.innerText.includes('Draft by faceid-sd15')")
    page.wait_for_selector("#verdict .hs-grey, #verdict .hs-red")

    # What each engine needs stands beside the choice; one that is not here is no dead button.
    page.click("#engines-measure")
    page.wait_for_function(
        "document.querySelector('#engines').innerText.match(/a draft on this machine/g)?.length === 2",
    )
    said = page.inner_text("#engines")
    assert "not installed" in said and "non-commercial" in said and "Own pixels" in said
    page.screenshot(path=str(output / "engine-choice.png"), full_page=True)
    page.locator("#engine input").click()
    page.get_by_role("option", name="FaceID on Stable Diffusion XL: not set up").click()
    page.wait_for_function("document.querySelector('#compare').innerText.includes('weights are not on this machine')")
    assert not page.is_visible("#make")
    page.click("#engines-setup")
    page.wait_for_selector("#setup", state="visible")
    assert page.locator("#setup-engine input:checked").get_attribute("value") == "faceid-sdxl", "what is missing"
    assert "more with the extras" in page.inner_text("#setup") and page.is_visible("#setup-go")
    page.screenshot(path=str(output / "engine-setup.png"), full_page=True)
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=str(output / "engine-choice-390.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_several_photos_of_a_person_steer_together(
    machine: dict[str, str], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sitting's embedding is the mean of all its photos; what looks like somebody else is left out and named."""
    import insightface  # noqa: F401 - the real recogniser code, on a pack of random weights
    import numpy as np

    from headshot.engines.identity import Embedder
    from headshot.photo.decode import read_photo
    from headshot.studio import session as studio
    from headshot.weights import store as weights
    from tests.fixtures import insightface_pack

    pack = insightface_pack.build(tmp_path_factory.mktemp("pack"))
    monkeypatch.setattr(weights, "locate", lambda role, **_: pack)
    sitting = studio.Sitting.open(PORTRAIT)
    alone = sitting.merged[0].embedding
    further = read_photo(PORTRAIT.parent / "coleman_2.jpg")
    sitting.add([further])
    merged, strangers = sitting.merged
    both = merged.embedding
    other = Embedder(pack).embed(further.pixels).embedding
    if strangers:  # random weights may take the two for strangers: then the first photo alone steers
        assert strangers == ("Photo 2 looks like somebody else and was left out.",)
        assert np.allclose(both, alone)
    else:
        mean = alone + other
        assert np.allclose(both, mean / np.linalg.norm(mean), atol=1e-5)
    sitting.close()
    assert sitting.further == ()


@pytest.mark.sweep
def test_a_lock_holds_at_the_top_of_the_ladder(machine: dict[str, str], tmp_path: Path) -> None:
    """Fully generated, the face on the lock list: its own pixels, so that even random weights leave the likeness."""
    run = make(
        machine,
        tmp_path,
        "--engine",
        "faceid-sd15",
        "--set",
        "change=1",
        "--set",
        "generate.steps=2",
        "--set",
        "keep=freckles and a lucky charm",
    )
    assert run.returncode == 0, run.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    findings = {f["id"]: f for f in report["findings"]}
    assert findings["kept_pixels"]["value"] > 0.8 and findings["likeness"]["state"] == "green"
    assert [(k["said"], k["state"]) for k in report["kept"]] == [("freckles", "kept"), ("lucky charm", "not measured")]
    assert "What you asked to keep:" in run.stdout
